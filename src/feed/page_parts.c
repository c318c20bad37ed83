/*
 * The parts of a series: those that are here, and those that somebody waits
 * for in their places between them.
 */
#include "feed/page_kit.h"
#include "model/address.h"

enum { AROUND = 5, SEASON = 1000 };	/* mark_place() */

/* A part that is here, or the number of one that is not. */
struct place {
	const struct entry *entry;
	int number;
};

struct places {
	struct place *list;
	size_t n;
	size_t current;
};

static void
add(struct page *p, struct places *all, const struct entry *e, int number)
{
	all->list = ARENA_GROW(p->a, all->list, all->n);
	all->list[all->n++] = (struct place){ e, number };
}

/* Both lists ascend: merge them. */
static struct places
gather(struct page *p, const struct parts_view *v, int64_t current)
{
	struct places all = { 0 };
	size_t m = 0;

	for (size_t i = 0; i < v->n_parts; i++) {
		const struct entry *e = &v->parts[i];

		if (e->state == STATE_WITHDRAWN)
			continue;
		for (; m < v->n_missing && v->missing[m] < e->part; m++)
			add(p, &all, NULL, v->missing[m]);
		if (e->article_id == current)
			all.current = all.n;
		add(p, &all, e, e->part);
	}
	for (; m < v->n_missing; m++)
		add(p, &all, NULL, v->missing[m]);
	return all;
}

static struct slice
number_text(struct page *p, int number)
{
	return number < SEASON ? arena_printf(p->a, "%d", number) :
		arena_printf(p->a, "S%dE%d", number / SEASON,
		number % SEASON);
}

static void
put_here(struct page *p, const struct place *part, bool is_current)
{
	const struct entry *e = part->entry;
	struct slice text = e->headline.len ? e->headline : e->title;

	page_put(p, is_current ? "<li aria-current=\"page\">" : "<li>");
	if (part->number > 0)
		page_put_phrase(p, "<span class=\"meta\">", WORD_PART,
			number_text(p, part->number), "</span> ");
	page_put(p, is_current ? "<strong" : "<a");
	page_put_lang(p, e->lang);
	if (!is_current)
		page_put_text(p, " href=\"", address_entry(p->c, e, p->a),
			"\"");
	page_put_text(p, ">", text, is_current ? "</strong></li>\n" :
		"</a></li>\n");
}

/* How many stand before or behind those that are listed. */
static void
put_rest(struct page *p, enum word w, size_t n)
{
	if (n > 0)
		page_put_phrase(p, "<li class=\"meta\">", w,
			arena_printf(p->a, "%zu", n), "</li>\n");
}

void
page_put_parts(struct page *p, const struct parts_view *v, int64_t current)
{
	struct places all = gather(p, v, current);
	size_t from = 0, to = all.n;

	if (current) {
		from = all.current > AROUND ? all.current - AROUND : 0;
		to = MIN(all.n, all.current + AROUND + 1);
	}
	page_put(p, "<ol class=\"parts\">\n");
	put_rest(p, WORD_EARLIER, from);
	for (size_t i = from; i < to; i++) {
		const struct place *part = &all.list[i];

		if (part->entry)
			put_here(p, part, current && i == all.current);
		else
			page_put_phrase(p, "<li class=\"meta\">",
				WORD_MISSING, number_text(p, part->number),
				"</li>\n");
	}
	put_rest(p, WORD_LATER, all.n - to);
	page_put(p, "</ol>\n");
}
