/*
 * What the readers of marked-up articles share.
 */
#include "base/fold.h"
#include "read/reading.h"
#include "read/summary.h"

bool
reading_ends(struct slice path, struct slice ending)
{
	return path.len >= ending.len && slice_eq_nocase(slice_from(path,
		path.len - ending.len), ending);
}

/* Letters and digits decide, but what has none is compared as it is. */
static bool
is_title(const struct article *art, struct slice text, struct arena *a)
{
	struct slice key = fold_key(art->title, a);

	return key.len > 0 ? slice_eq(key, fold_key(text, a)) :
		slice_eq(art->title, fold_title(text, a));
}

bool
leaves_take(void *ctx, enum tag_id tag, struct slice text)
{
	struct leaves *l = ctx;
	struct article *art = l->byline.markup->article;
	struct arena *a = l->byline.markup->arena;

	if (tag != TAG_H1 || l->titled)
		return byline_leaf(&l->byline, tag, text);
	if (art->title.len == 0 && l->gives_title &&
		text.len <= 4 * ARTICLE_TITLE_MAX) {
		struct slice title = fold_title(text, a);

		if (title.len <= ARTICLE_TITLE_MAX)
			art->title = title;
	}
	l->titled = is_title(art, text, a);
	return l->titled || byline_leaf(&l->byline, tag, text);
}

int
reading_finish(struct markup *m, const char *hint, struct err *e)
{
	struct article *art = m->article;

	if (markup_finish(m, e) < 0)
		return -1;
	if (art->title.len == 0) {
		err_set(e, ERR_SYNTAX, "there is no title");
		return err_hint(e, "%s", hint);
	}
	art->html = arena_copy(m->arena, buf_slice(&m->html));
	art->text = arena_copy(m->arena, buf_slice(&m->text));
	if (art->summary.len == 0)
		art->summary = summary_of(m->first, m->arena);
	return 0;
}
