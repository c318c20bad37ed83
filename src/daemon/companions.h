/*
 * Companions: what an article is read with, brought to the reader.
 *
 * watch/ says which files that are; here they are opened beneath the root, and
 * handed over in struct read_env.
 */
#ifndef DAEMON_COMPANIONS_H
#define DAEMON_COMPANIONS_H

#include "daemon/press.h"
#include "read/read.h"

/* Of one article, on a pool thread; must live as long as the env. */
struct company {
	struct press *press;
	const struct config *config;
	struct item *item;
	struct arena *arena;
	bool without_pictures;	/* none is looked for, so none published */
};

/* Fill the env: site, base, sidecar, defaults, and pictures by their path. */
void companions_gather(struct company *c, struct read_env *env);

/* Put the article's pictures into its text. */
void companions_show(struct company *c, const struct read_env *env,
	struct article *art);

/*
 * To be called when the article's hashes are made: which pictures it waits
 * for is not shown, but has to be stored, so it counts as form.
 */
void companions_await(const struct item *i, struct article *art);

/* A picture that was read is set aside if it is none. */
void companions_check(struct item *i);

/* The batch is over: its pictures are held no more.  Any thread. */
void companions_release(struct press *p, const struct batch *b);

#endif
