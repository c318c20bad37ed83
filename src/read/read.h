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

/*
 * What a reader may know besides the bytes.  `path` and `language` must be
 * there; the rest may be empty or NULL.
 */
struct read_env {
	struct slice path;	/* of the file: its ending, for messages */
	struct slice language;	/* the site's */
	int zone_minutes;	/* for dates without a zone */
	struct slice charset;	/* the directory's, of what says nothing */
	struct slice base;	/* address of the article: absolute, http(s) */
	/*
	 * YAML of fields: directory defaults from the root down, each filling
	 * only what nothing nearer says; and the sidecar, which wins.
	 */
	const struct slice *defaults;
	size_t n_defaults;
	struct slice sidecar;
	/*
	 * Look up a picture by its path relative to the article's directory
	 * ("STEM.jpg", "../img/x.png").  True: *ret has path, name, type, size
	 * and dimensions, and `address` is where it will be published.
	 */
	bool (*picture)(void *ctx, struct slice rel, struct arena *a,
		struct media *ret, struct slice *address);
	void *ctx;
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

extern const struct reader reader_html;
extern const struct reader reader_markdown;
extern const struct reader reader_text;

#endif
