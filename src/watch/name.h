/*
 * Names: which directory entries are looked at, by their name alone.
 */
#ifndef WATCH_NAME_H
#define WATCH_NAME_H

#include "base/slice.h"

/*
 * Is this an entry that editors, uploads and version control leave about:
 * dotfiles, "x~", "*.swp", "*.tmp", "*.part", vim's "4913"?  Directories too.
 */
bool name_is_ignored(struct slice name);

/* Does it end in what a reader can read (part of watch_is_article_name)? */
bool name_is_article(struct slice name);

#endif
