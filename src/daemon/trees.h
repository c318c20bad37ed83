/*
 * The two trees: what everybody may read is in the one, what is private in the
 * other, and nothing in both.
 */
#ifndef DAEMON_TREES_H
#define DAEMON_TREES_H

#include "daemon/press.h"

/*
 * Take every feed out of the tree in which it must not be (any more), and have
 * it rendered for the other one.  `old` is the configuration before this one,
 * NULL at the start.
 *
 * The files are gone when this returns, so it waits for the disk: it is called
 * where the configuration is read from one.
 */
void trees_part(struct press *p, const struct config *old);

/*
 * A document of the feed may have been put into a tree by a configuration that
 * is not in force any more: take it out of the wrong one.
 */
void trees_part_feed(struct press *p, const struct feed *f);

#endif
