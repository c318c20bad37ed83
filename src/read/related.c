/*
 * Related links.
 */
#include "base/fold.h"
#include "read/related.h"

bool
related_add(struct article *art, struct slice title, struct arena *a)
{
	title = fold_title(title, a);
	if (title.len > ARTICLE_TITLE_MAX)
		return false;
	if (title.len == 0 || art->n_related == ARTICLE_RELATED_MAX)
		return true;
	art->related = ARENA_GROW(a, art->related, art->n_related);
	art->related[art->n_related++].title = title;
	return true;
}
