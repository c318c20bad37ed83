/*
 * Fields: what metadata say of an article, by words.
 *
 *	title: The bridge
 *	series: Small Wonders
 *	part: 2
 *	authors: [ Ada Finch, Bo Li ]
 *
 * Front matter, sidecars and the defaults of a directory are the same YAML and
 * share one table of words; HTML's metadata come one by one (fields_set).
 *
 * 1. Words that are not in the table are passed over: front matter was often
 *    written for other programs.  A known word with a value that cannot be
 *    right is an error, with its line and column.
 * 2. A word's type comes from the table: "no" is a text where a text is meant.
 */
#ifndef READ_FIELDS_H
#define READ_FIELDS_H

#include "read/read.h"

enum {
	FIELDS_BYTES_MAX = 64 * 1024,	/* of one YAML text */
	FIELD_TEXT_MAX = 2000,		/* bytes of a value */
	FIELD_TAG_MAX = 100,		/* bytes of a tag */
	FIELD_PART_MAX = 9999,
};

enum fields_how {
	FIELDS_FILL,	/* only what nothing nearer has said */
	FIELDS_SAY,	/* what is said here counts */
};

/*
 * Read a YAML map into *ret.  `name` is for messages ("front matter"), and
 * first_line is the line of its file where the YAML begins.
 */
int fields_read(const struct read_env *env, struct slice yaml,
	const char *name, unsigned first_line, enum fields_how how,
	struct arena *a, struct article *ret, struct err *e) MUST_USE;

/*
 * Set one field by its word from a text, as HTML's metadata give it.  False:
 * no such word, or the value cannot be one; nothing is changed then.
 */
bool fields_set(const struct read_env *env, struct slice word,
	struct slice value, enum fields_how how, struct arena *a,
	struct article *ret);

/* The value of `charset` in a YAML map; empty: it is not there. */
struct slice fields_charset(struct slice yaml, struct arena *a);

#endif
