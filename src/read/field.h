/*
 * The inside of fields.c: one word of metadata, and where its value goes.
 */
#ifndef READ_FIELD_H
#define READ_FIELD_H

#include "base/yaml_node.h"
#include "read/fields.h"

enum { WORDS_MAX = 64 };

enum kind {
	KIND_TEXT, KIND_URL, KIND_LANGUAGE, KIND_SERIES,
	KIND_NUMBER, KIND_DATE, KIND_SAID, KIND_SYNDICATION,
	KIND_PEOPLE, KIND_TAGS, KIND_RELATED, KIND_MEDIA,
	KIND_PUSH,
	KIND_PASSED,	/* known, and somebody else's */
};

struct word {
	const char *name;
	enum kind kind;
	size_t offset;		/* in struct article */
	int detail;		/* most bytes; a role; a kind of media */
};

/* One text of metadata on its way into an article. */
struct filler {
	const struct read_env *env;
	enum fields_how how;
	struct arena *a;
	struct article *art;
	struct faults *faults;
	bool met[WORDS_MAX];	/* by the field's first word */
};

/* Tell that the value of a word must be `wanted`, and is not. */
void field_wrong(struct filler *f, const struct node *n,
	const struct word *w, const char *wanted);

/* A text of at most max bytes, folded; false, and a fault: it is none. */
bool field_text(struct filler *f, const struct node *n,
	const struct word *w, size_t max, struct slice *ret);

/* yes, no, or neither. */
enum said field_said(struct slice s);

/* "full", "text-only" or "none"; false, and a fault: it is none. */
bool field_syndication(struct filler *f, const struct node *n,
	const struct word *w, enum syndication *ret);

/* ---- field_list.c: add what a value lists to the article ---- */

void field_people(struct filler *f, const struct node *n,
	const struct word *w);
void field_tags(struct filler *f, const struct node *n,
	const struct word *w);
void field_related(struct filler *f, const struct node *n,
	const struct word *w);
void field_media(struct filler *f, const struct node *n,
	const struct word *w);

/* ---- field_push.c ---- */

/* Add what the article wants of targets. */
void field_push(struct filler *f, const struct node *n,
	const struct word *w);

#endif
