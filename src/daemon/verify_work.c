/*
 * The pool's part of a verification: every document of every feed.
 *
 * One unit after the other is compared (verify_unit.h).  What no single one
 * shows is looked at when the feed's last was read: do the links of the archive
 * lead through all of it, and are all entries somewhere?
 */
#include <stdlib.h>

#include "base/clock.h"
#include "daemon/verify_unit.h"
#include "daemon/verify_work.h"
#include "feed/render.h"
#include "model/address.h"

/* Hashes of addresses: where a document is, and where the next older one. */
struct chain {
	uint64_t self[FEED_FORMATS_MAX], prev[FEED_FORMATS_MAX];
};

void
work_init(struct work *w, struct press *p)
{
	*w = (struct work){ .press = p, .config = config_ref(p->config),
		.page = -1 };
}

void
work_done(struct work *w)
{
	config_unref(w->config);
	free(w->todo);
	free(w->again);
	free(w->ids);
	arena_done(&w->arena);
	arena_done(&w->listed);
	findings_done(&w->of_feed);
	findings_done(&w->findings);
}

void
work_list_run(struct job *j)
{
	struct work *w = CONTAINER_OF(j, struct work, job);
	CLEANUP(arena_done) struct arena a = { 0 };
	const struct store_ops *ops = w->press->ops;
	struct store_reader *reader = ops->reader_take(w->press->store);
	struct feed *heads;
	size_t n = 0;

	if (ops->feeds(reader, &a, &heads, &n, &w->failed) < 0)
		n = 0;
	ops->reader_give(w->press->store, reader);
	w->todo = x_calloc(MAX(n, (size_t)1), sizeof(*w->todo));
	w->again = x_calloc(MAX(n, (size_t)1), sizeof(*w->again));
	for (size_t i = 0; i < n; i++)
		w->todo[w->n_todo++] = (struct todo){ heads[i].id, -1 };
}

/* ---- what is known of a feed in the end ---- */

static void
note_ids(struct work *w, const struct outline *o)
{
	if (w->n_ids + o->n > w->ids_room) {
		w->ids_room = 2 * (w->n_ids + o->n);
		w->ids = x_realloc(w->ids, w->ids_room * sizeof(*w->ids));
	}
	for (size_t i = 0; i < o->n; i++)
		w->ids[w->n_ids++] = hash64(o->list[i].id);
}

static void
note_links(struct work *w, const struct unit_check *u, int format)
{
	const struct outline *o = &u->outlines[format];
	struct chain *c = &w->chain[u->feed.page];

	c->self[format] = hash64(o->self);
	c->prev[format] = o->prev.len ? hash64(o->prev) : 0;
}

static int
compare_ids(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

/* Is every entry in one document at least?  One may be in several. */
static void
check_count(struct work *w)
{
	struct slice at = address_feed(&w->feed, renderers[0]->ending,
		&w->arena);
	size_t distinct = 0;

	if (w->n_ids > 0)
		qsort(w->ids, w->n_ids, sizeof(*w->ids), compare_ids);
	for (size_t i = 0; i < w->n_ids; i++)
		distinct += i == 0 || w->ids[i] != w->ids[i - 1];
	if (distinct != w->feed.entries && !w->cut)
		findings_add(&w->of_feed, at, unit_check_hint(&w->feed,
			&w->arena), "its documents have %zu entries together, "
			"and by the store it has %zu", distinct,
			w->feed.entries);
}

/* From the document that is followed to the first page, link by link. */
static void
check_walk(struct work *w, int format)
{
	int pages = w->feed.archived ? w->feed.pages : 0, at = 0, next;

	/* All entries may be in the document; then no page is needed. */
	if (pages == 0 || !w->chain[0].prev[format])
		return;
	for (int steps = 0; steps < pages; steps++, at = next) {
		next = at == 0 ? pages : at - 1;
		if (w->chain[at].prev[format] &&
			w->chain[at].prev[format] ==
			w->chain[next].self[format])
			continue;
		findings_add(&w->of_feed, address_feed(&w->feed,
			renderers[format]->ending, &w->arena),
			unit_check_hint(&w->feed, &w->arena), "its archive can "
			"be walked for %d of %d pages only", steps, pages);
		return;
	}
}

/* ---- one unit ---- */

/*
 * A change is not published yet.  Where others were since it was last looked
 * at, its turn comes; else something is in the way.
 */
static void
note_pending(struct work *w, struct unit_check *u)
{
	if (!w->last || (w->page == 0 &&
		w->todo[w->at].published != u->published))
		w->moving = true;
	else
		findings_add(&w->of_feed, unit_check_place(u, 0),
			S("\"gazettectl status\" tells why."), "a change of "
			"it is not published yet");
}

/* What it says of the feed as a whole. */
static void
note_unit(struct work *w, const struct unit_check *u)
{
	w->documents_of_feed += u->documents;
	w->cut = w->cut || u->cut;
	if (u->docs[0])
		note_ids(w, &u->outlines[0]);
	for (int k = 0; renderers[k]; k++)
		if (u->docs[k])
			note_links(w, u, k);
}

static int
next_unit(struct work *w, struct store_reader *reader)
{
	struct unit_check *u = unit_check_new(w->press, w->config, &w->feed,
		w->page);
	int rc = unit_check_load(u, reader, &w->failed);

	if (rc == 0 && u->published < u->wanted) {
		note_pending(w, u);
	} else if (rc == 0) {
		unit_check_run(u);
		note_unit(w, u);
		if (u->found.n > 0 && unit_check_moved(u, reader))
			w->moving = true;
		else
			findings_move(&w->of_feed, &u->found);
	}
	unit_check_free(u);
	return rc;
}

/* ---- one feed ---- */

static int
feed_begin(struct work *w, struct store_reader *reader)
{
	arena_reset(&w->arena);
	findings_done(&w->of_feed);
	w->documents_of_feed = w->n_ids = 0;
	w->cut = w->moving = false;
	if (w->press->ops->feed(reader, w->todo[w->at].id, &w->arena, &w->feed,
		&w->failed) < 0)
		return -1;
	w->chain = ARENA_ARRAY(&w->arena, struct chain,
		(size_t)w->feed.pages + 1);
	w->page = 0;
	return 0;
}

/* On to the next one; of this, what differs is told, or looked at again. */
static void
feed_end(struct work *w)
{
	if ((w->of_feed.n > 0 || w->moving) && !w->last) {
		w->again[w->n_again++] = (struct todo){ w->feed.id,
			w->feed.published };
		findings_done(&w->of_feed);
	} else {
		w->documents += w->documents_of_feed;
		w->busy += w->moving;
		findings_move(&w->findings, &w->of_feed);
	}
	w->page = -1;
	w->at++;
}

static void
feed_check(struct work *w)
{
	if (!w->moving) {
		check_count(w);
		for (int k = 0; renderers[k]; k++)
			check_walk(w, k);
	}
	feed_end(w);
}

/*
 * What is not there any more was merged into another feed; nobody misses it.
 * False when the store cannot be read.
 */
static bool
step(struct work *w, struct store_reader *reader)
{
	if ((w->page < 0 && feed_begin(w, reader) < 0) ||
		next_unit(w, reader) < 0) {
		if (w->failed.kind != ERR_MISSING)
			return false;
		w->failed.kind = ERR_NONE;
		findings_done(&w->of_feed);
		w->moving = false;
		feed_end(w);
		return true;
	}
	if (w->page < (w->feed.archived ? w->feed.pages : 0))
		w->page++;
	else
		feed_check(w);
	return true;
}

void
work_compare_run(struct job *j)
{
	struct work *w = CONTAINER_OF(j, struct work, job);
	const struct store_ops *ops = w->press->ops;
	struct store_reader *reader = ops->reader_take(w->press->store);
	int64_t end = clock_mono_ms() + WORK_MS;

	while (w->at < w->n_todo && clock_mono_ms() < end)
		if (!step(w, reader))
			break;
	ops->reader_give(w->press->store, reader);
}
