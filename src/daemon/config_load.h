/*
 * The files of a configuration: the main one and all that it includes, merged
 * into one tree before anybody asks what the words mean.
 *
 * 1. Lists append, in the order of the files; any other word may stand in one
 *    file only.
 * 2. A pattern of "include" is seen from the file that it stands in.
 * 3. A file is read once, so including oneself does nothing.
 */
#ifndef DAEMON_CONFIG_LOAD_H
#define DAEMON_CONFIG_LOAD_H

#include "base/yaml_node.h"

enum {
	CONFIG_FILES_MAX = 1000,
	CONFIG_INCLUDE_DEPTH_MAX = 8,
};

/*
 * Read path and its includes; faults are added.  Returns the merged map, in
 * the arena; NULL when the main file gives none.
 */
struct node *config_load(const char *path, struct arena *a,
	struct faults *f);

/* The same from a text; including is a fault, for it would touch the disk. */
struct node *config_load_text(const char *name, struct slice text,
	struct arena *a, struct faults *f);

#endif
