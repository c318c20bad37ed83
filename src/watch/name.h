/*
 * Names: which directory entries are looked at, by their name alone, and which
 * of them belong together.
 */
#ifndef WATCH_NAME_H
#define WATCH_NAME_H

#include "base/slice.h"
#include "model/batch.h"

/*
 * Is this an entry that editors, uploads and version control leave about:
 * dotfiles, "x~", "*.swp", "*.tmp", "*.part", vim's "4913"?  Directories too.
 */
bool name_is_ignored(struct slice name);

/* What kind of file it is (of a name that is not ignored). */
enum file_kind name_kind(struct slice name);

/* "NAME" of an article, a sidecar, a picture: what makes them belong. */
struct slice name_stem(struct slice name);

/*
 * "NAME" of "NAME-2": a stem may be a further picture of another.  Empty: it
 * does not end in a number of a picture.
 */
struct slice name_base(struct slice stem);

/* The n-th ending of articles, of pictures, with its dot; empty: no more. */
struct slice name_article_ending(size_t n);
struct slice name_picture_ending(size_t n);

/* The endings of a sidecar and of a directory's defaults. */
extern const struct slice name_sidecar;
extern const struct slice name_defaults;

#endif
