/*
 * read: bytes in, article out.  Pure: no file, no clock, no store.
 *
 * A reader is one file with `sniff` and `read`, and a line in readers[]
 * (reader.c).
 */
#ifndef READ_READ_H
#define READ_READ_H

#include "base/arena.h"
#include "base/err.h"
#include "model/article.h"

/* What a reader may know besides the bytes. */
struct read_env {
	struct slice path;	/* of the file: its ending, for messages */
	struct slice language;	/* the site's */
	int zone_minutes;	/* for dates without a zone */
};

struct reader {
	const char *name;
	/* Could these bytes be this reader's?  By the ending, and a look. */
	bool (*sniff)(const struct read_env *env, struct slice bytes);
	/* Fill the reader's part of *ret, which is zeroed. */
	int (*read)(const struct read_env *env, struct slice bytes,
		struct arena *a, struct article *ret, struct err *e);
};

/*
 * Read an article with the first reader that recognises it.  On failure the
 * error says why the file is set aside, its hint what to do.  All text of
 * *ret is valid UTF-8; the html is balanced and allow-listed.
 */
int read_article(const struct read_env *env, struct slice bytes,
	struct arena *a, struct article *ret, struct err *e) MUST_USE;

extern const struct reader reader_text;

#endif
