/*
 * Pool jobs that build the catalogue.
 */
#ifndef DAEMON_CATALOGUE_BUILD_H
#define DAEMON_CATALOGUE_BUILD_H

#include "base/table.h"
#include "daemon/press.h"

/* A file of the catalogue, as it lies in the tree. */
struct catalogue_file {
	struct slice name;	/* in the tree */
	const char *type;	/* Content-Type */
	char etag[33];		/* "": not looked at yet */
	int64_t mtime;
	uint64_t month;		/* sum of the month that it lists; 0: of none */
};

struct catalogue_build {
	struct job job;
	struct press *press;
	struct config *config;	/* a reference */
	/* What there was before, borrowed; none: the tree may have some. */
	struct catalogue_file *old;
	size_t n_old;
	struct table by_name, by_month;	/* of old */
	bool same_look;		/* as when `old` was built */
	bool force;		/* write what is the same, too */
	int64_t now;		/* seconds */

	/* What there is now. */
	struct arena arena;
	struct catalogue_file *files;
	size_t n;
	int64_t next;		/* when a piece of news is old; 0: never */
	int64_t cost_ms;	/* of work; not of waiting for a core */
	struct err failed;
};

/*
 * For a pool thread: bring the tree up to date and fill the second half, or
 * set failed.
 */
void catalogue_build_run(struct job *j);

/* Can the catalogue have a file of this name? */
bool catalogue_may_have(struct slice name);

#endif
