/*
 * The pages desk: answers requests for pages.
 *
 * Pages are rendered when somebody asks, because nobody may ever ask for most
 * of them.  Those that were asked for last stay in memory, as far as there is
 * room, until anything is committed: what a page shows (neighbours, missing
 * parts, news of its topics) comes from many articles, and to know which
 * pages an article is on would cost more than rendering those few again that
 * are asked for.
 */
#ifndef DAEMON_PAGES_H
#define DAEMON_PAGES_H

#include "daemon/page_job.h"

struct pages;

/* Nothing in memory yet. */
struct pages *pages_new(struct press *p);

/*
 * Answer a request for a page, now or later; slug: of the series, topic or
 * article.
 */
void pages_serve(struct pages *all, enum page_kind kind, struct slice slug,
	struct serve_request *r);

/* All jobs must have been done.  NULL is fine. */
void pages_free(struct pages *all);

#endif
