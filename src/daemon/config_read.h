/*
 * The configuration: from files to struct config, with every fault of every
 * file in one run.
 *
 *	files -> config_load (one tree) -> config_words (a form, by tables)
 *	      -> config_read (struct config, and what no table can say)
 */
#ifndef DAEMON_CONFIG_READ_H
#define DAEMON_CONFIG_READ_H

#include "base/fault.h"
#include "daemon/config_defaults.h"
#include "model/config.h"

/*
 * Read the configuration at path, and what it includes.  On success *ret has
 * one reference.  -1: there are faults, sorted.  Reads the disk: at start and
 * at a reload only.
 */
int config_read(const char *path, const struct config_defaults *d,
	struct config **ret, struct faults *faults) MUST_USE;

/* The same from a text, which can include nothing; name is for messages. */
int config_read_text(const char *name, struct slice text,
	const struct config_defaults *d, struct config **ret,
	struct faults *faults) MUST_USE;

/*
 * A configuration without a file: the articles of one directory, every other
 * word as preset, served on 127.0.0.1:8080.
 */
int config_for_dir(const char *dir, const struct config_defaults *d,
	struct config **ret, struct err *e) MUST_USE;

/*
 * The socket of gazettectl that the file names, in the arena; NULL when it
 * names none.  *ret_sure: "control" says so; else it is only where a user's
 * daemon would put it, below "state".  Faults elsewhere in the file do not
 * matter: a daemon that runs can be asked while its next configuration is
 * half-written.
 */
const char *config_find_control(const char *path, struct arena *a,
	bool *ret_sure);

/* The socket of a courier that runs apart, by the file; NULL: by none. */
const char *config_find_courier(const char *path, struct arena *a);

#endif
