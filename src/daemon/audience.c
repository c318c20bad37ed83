/*
 * Audience: may everybody read an article?
 *
 * Where nothing is private, all of it; that costs no question to the store.
 */
#include "daemon/audience.h"
#include "model/access.h"

int
audience_is_public(const struct press *p, const struct config *c,
	struct store_reader *reader, int64_t article_id, bool *ret,
	struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct feed *feeds;
	size_t n;

	*ret = true;
	if (!config_has_private(c))
		return 0;
	if (p->ops->feeds_of(reader, article_id, &a, &feeds, &n, e) < 0)
		return -1;
	*ret = feeds_keep_public(c, feeds, n) > 0;
	return 0;
}
