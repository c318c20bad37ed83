/*
 * The catalogue: the documents that list what there is - an OPML file of the
 * feeds, sitemaps of the pages, a news sitemap - for machines that look in now
 * and then.
 *
 *   idle --note--> noted --after a second--> building --> idle
 *                    ^                          |
 *                    +--- noted meanwhile, failed, or news that grows old
 *
 * 1. It never delays a feed: it is built after publication, behind all other
 *    work, and pauses for a multiple of what it cost (at most 30 s).
 * 2. What has the same bytes as before is not written again, also after a
 *    restart.
 * 3. Articles are listed in a file for each month, so that those of the past
 *    are neither rendered nor fetched again.
 */
#ifndef DAEMON_CATALOGUE_H
#define DAEMON_CATALOGUE_H

#include "daemon/press.h"

struct catalogue;
struct catalogue_file;

/* Built for the first time soon. */
struct catalogue *catalogue_new(struct press *p);

/* Something was published: what is listed may be something else now. */
void catalogue_note(struct catalogue *c);

/*
 * Build all of it again soon, and write it even if it is the same: what is
 * damaged in the tree is whole then.
 */
void catalogue_rebuild(struct catalogue *c);

/* Is that still to be done? */
bool catalogue_is_pending(const struct catalogue *c);

/* Its files, copied; none before it was built for the first time. */
size_t catalogue_files(const struct catalogue *c, struct arena *a,
	struct catalogue_file **ret);

/*
 * Answer a request for one of its files, now or later.  False when there is no
 * such file: the request is still the caller's.
 */
bool catalogue_serve(struct catalogue *c, struct slice path,
	struct serve_request *r);

/* All jobs must have been done.  NULL is fine. */
void catalogue_free(struct catalogue *c);

#endif
