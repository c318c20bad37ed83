/*
 * Elements of HTML: the allow-list (tags.def) and what each is to the writer.
 */
#ifndef READ_TAG_H
#define READ_TAG_H

#include "base/slice.h"

enum tag_id {
	TAG_NONE,
#define TAG(id, name, kind, fill, attributes) TAG_##id,
#include "read/tags.def"
#undef TAG
	TAG_COUNT,
};

enum tag_kind {
	KIND_NONE,	/* not known: its tag goes, its text stays */
	KIND_INLINE,	/* em, a: inside a paragraph */
	KIND_LEAF,	/* p, h2: holds inline only */
	KIND_FLOW,	/* li, td: holds text and blocks */
	KIND_FRAME,	/* ul, tr: holds certain blocks only */
	KIND_PLAYER,	/* video: holds sources; its text is for others */
	KIND_VOID,	/* br, img */
	KIND_BREAK,	/* div: its tag goes, a paragraph ends */
	KIND_DROPPED,	/* script: its text goes too */
};

struct tag {
	struct slice name;
	enum tag_kind kind;
	enum tag_id fill;	/* raw text in it goes into one of these */
	const char *attributes;	/* that are kept, in the order of writing */
};

/* What is known of a tag; TAG_NONE too. */
const struct tag *tag_of(enum tag_id id);

/* The tag of a name, in any case; TAG_NONE: not known. */
enum tag_id tag_find(struct slice name);

/* May `child` stand in `parent` only, or in its like (li in ul, ol)? */
bool tag_has_home(enum tag_id child);
bool tag_is_home(enum tag_id child, enum tag_id parent);

/* Does the search for the home of `child` end at this element? */
bool tag_is_wall(enum tag_id child, enum tag_id at);

/* Do its children stand on lines of their own? */
bool tag_has_lines(enum tag_id id);

#endif
