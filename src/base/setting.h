/*
 * Settings: a module lists its words, and everything else comes from the list.
 *
 *	static const struct setting words[] = {
 *		{ "name", SETTING_TEXT, SETTING_FIELD(struct site, name),
 *			.help = "Who publishes." },
 *		{ "poll", SETTING_TIME, SETTING_FIELD(struct root, poll_ms),
 *			.preset = "10s", .min = 1000, .help = "..." },
 *		{ 0 },
 *	};
 *
 * setting_read() fills a struct from a YAML map by such a table, and tells
 * every fault: unknown words (with the nearest known one), words twice, wrong
 * types, numbers out of range, what is missing.
 */
#ifndef BASE_SETTING_H
#define BASE_SETTING_H

#include "base/yaml_node.h"

enum {
	SETTING_WORDS_MAX = 64,	/* of one table */
	SETTING_TEXT_MAX = 2000,	/* bytes, where .max does not say */
	SETTING_LIST_MAX = 10000,	/* items, where .max does not say */
};

/* The type of a value, and of the field that it is written to. */
enum setting_type {
	SETTING_TEXT,	/* struct slice, never empty */
	SETTING_TEXTS,	/* struct slice *, .count; one text is a list of one */
	SETTING_PATH,	/* const char *, absolute; seen from the file */
	SETTING_BOOL,	/* bool: yes, no, true, false, on, off */
	SETTING_INT,	/* int64_t */
	SETTING_SIZE,	/* size_t: "4M", in bytes */
	SETTING_TIME,	/* int64_t: "10s", in milliseconds */
	SETTING_CHOICE,	/* an enum: the index of the word in .choices */
	SETTING_MAP,	/* the fields of .words, at .offset */
	SETTING_MAPS,	/* pointer to items of .size bytes, .count; an item
			 * begins with a const struct node *: where it stands */
	SETTING_NODE,	/* const struct node *: somebody else reads it */
	SETTING_LATER,	/* none: known, but not in this version; .help says */
};

struct setting {
	const char *name;
	enum setting_type type;
	size_t offset;
	size_t count;		/* offset of a size_t: TEXTS, MAPS */
	const char *preset;	/* as it would be written; NULL: zero */
	bool required;
	int64_t min, max;	/* value, bytes of a text, items of a list */
	const struct setting *words;
	const char *const *choices;
	size_t size;
	/* Is the text (each text of a list) what it should be? */
	int (*check)(struct slice text, struct err *e);
	const char *help;
};

#define SETTING_FIELD(type, field) .offset = offsetof(type, field)
#define SETTING_FIELDS(type, field, n) \
	.offset = offsetof(type, field), .count = offsetof(type, n)

struct setting_reader {
	struct arena *a;	/* of what the fields point to */
	struct faults *faults;
};

/*
 * Fill *ret from the map by the table: what is there is checked and converted,
 * what is not gets its preset.  map NULL: presets only.  `where` names the map
 * in messages ("serve"; NULL: the file).  A field with a fault keeps what it
 * had.
 */
void setting_read(struct setting_reader *r, const struct setting *words,
	const struct node *map, const char *where, void *ret);

/*
 * Tell that the value is of the wrong kind: "a list of texts was expected, not
 * a map".  Values that were refused before are passed over.
 */
void setting_wrong_kind(struct setting_reader *r, const struct node *n,
	const char *wanted);

/* A setting.check: an absolute http or https address. */
int setting_check_url(struct slice text, struct err *e) MUST_USE;

#endif
