/*
 * Audience: may everybody read an article?
 */
#ifndef DAEMON_AUDIENCE_H
#define DAEMON_AUDIENCE_H

#include "daemon/press.h"

/*
 * Is the article in a channel that is public by this configuration?  What is
 * not has no page, and nothing that is public names it.  For pool threads.
 */
int audience_is_public(const struct press *p, const struct config *c,
	struct store_reader *reader, int64_t article_id, bool *ret,
	struct err *e) MUST_USE;

#endif
