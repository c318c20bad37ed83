/*
 * Paths as text: nothing here looks at the disk.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include "base/arena.h"

/*
 * The path as seen from dir (absolute; NULL: the current directory), with "."
 * and "..", doubled and trailing slashes resolved.  NUL-terminated, in the
 * arena.
 */
const char *path_resolve(const char *dir, struct slice path, struct arena *a)
	__attribute__((returns_nonnull));

/* Is path the directory dir, or below it?  Both as path_resolve() gives. */
bool path_is_in(const char *path, const char *dir);

/* What stands before the last slash: "a/b" gives "a", "b" gives ".". */
struct slice path_parent(struct slice path);

#endif
