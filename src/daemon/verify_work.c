/*
 * The pool's part of a verification: every document of every feed.
 *
 * Each is read back from the tree, hashed, unpacked, parsed by another parser
 * than wrote it, and compared with the store's list of entries.  What no
 * single document shows is looked at when the feed's last one was read: do the
 * links of the archive lead through all of it, and are all entries somewhere?
 */
#include <stdlib.h>

#include "base/clock.h"
#include "daemon/verify_work.h"
#include "feed/address.h"
#include "feed/render.h"
#include "feed/syndicate.h"
#include "verify/bytes.h"
#include "verify/compare.h"

/* Hashes of addresses: where a document is, and where the next older one. */
struct chain {
	uint64_t self[FEED_FORMATS_MAX], prev[FEED_FORMATS_MAX];
};

/* The documents of a unit, one in each format. */
struct unit_read {
	struct arena arena;
	struct feed feed;
	struct copy copies[FEED_FORMATS_MAX];
	int64_t wanted, published;
	struct findings found;
	struct document *docs[FEED_FORMATS_MAX];	/* NULL: unreadable */
	struct outline outlines[FEED_FORMATS_MAX];	/* of docs */
	size_t largest;		/* bytes */
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

/* ---- one document ---- */

static struct slice
place(const struct unit_read *u, int format, struct arena *a)
{
	return address_feed_file(&u->feed, renderers[format]->ending, a);
}

static struct slice
hint_rebuild(const struct work *w, struct arena *a)
{
	return arena_printf(a, "\"gazettectl rebuild %.*s\" writes it again.",
		ARG(address_feed(&w->feed, renderers[0]->ending, a)));
}

static struct slice
absolute(const struct work *w, const struct feed *f, int page, int format,
	struct arena *a)
{
	struct feed other = *f;

	other.page = page;
	return site_address(&w->config->site, address_feed(&other,
		renderers[format]->ending, a), a);
}

static void
drop_document(struct unit_read *u, int format)
{
	document_unref(TAKE(u->docs[format]));
}

static void
read_document(struct work *w, struct unit_read *u, int format)
{
	struct press *p = w->press;
	struct slice at = place(u, format, &u->arena);
	struct slice hint = hint_rebuild(w, &u->arena);
	struct err e;

	w->documents_of_feed++;
	u->docs[format] = document_new();
	if (p->publish->get(press_tree(p, w->config, &u->feed), at,
		u->docs[format], &e) < 0) {
		findings_add(&u->found, at, hint, "%s", e.text);
		drop_document(u, format);
		return;
	}
	bytes_check(u->docs[format], u->copies[format].etag, at, hint,
		&u->found);
	if (outline_read(slice_str(renderers[format]->ending),
		u->docs[format]->body[CODING_IDENTITY], &u->arena,
		&u->outlines[format], &e) < 0) {
		findings_add(&u->found, at, hint, "it cannot be parsed: %s",
			e.text);
		drop_document(u, format);
		return;
	}
	u->largest = MAX(u->largest,
		u->docs[format]->body[CODING_IDENTITY].len);
}

/*
 * A document near its limit may lack oldest entries, the same in each format:
 * no single entry is more than half of it.
 */
static void
allow_cut(struct work *w, struct unit_read *u)
{
	size_t n = u->docs[0] ? u->outlines[0].n : u->feed.n;

	if (n == 0 || n >= u->feed.n || u->largest < FEED_BYTES_MAX / 2)
		return;
	u->feed.n = n;
	u->feed.complete = false;
	w->cut = true;
}

static void
compare_document(struct work *w, struct unit_read *u, int format)
{
	const struct feed *f = &u->feed;
	struct arena *a = &u->arena;
	struct wanted wanted = {
		.place = place(u, format, a),
		.hint = hint_rebuild(w, a),
		.feed = f,
		.complete = f->kind == CHANNEL_SERIES && !f->archived &&
			f->complete,
		.self = absolute(w, f, f->page, format, a),
		.current = f->page > 0 ? absolute(w, f, 0, format, a) : S(""),
		.prev = f->prev_page > 0 ? absolute(w, f, f->prev_page,
			format, a) : S(""),
	};

	compare_outline(&u->outlines[format], &wanted, &u->found);
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
note_links(struct work *w, const struct unit_read *u, int format)
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
		findings_add(&w->of_feed, at, hint_rebuild(w, &w->arena),
			"its documents have %zu entries together, and by the "
			"store it has %zu", distinct, w->feed.entries);
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
			hint_rebuild(w, &w->arena), "its archive can be "
			"walked for %d of %d pages only", steps, pages);
		return;
	}
}

/* ---- one unit ---- */

static size_t
entries_max(const struct work *w)
{
	return feed_limit(w->config, &w->feed);
}

/* What the store says of it, at one moment. */
static int
load_unit(struct work *w, struct store_reader *reader, struct unit_read *u)
{
	const struct store_ops *ops = w->press->ops;
	struct feed_page page;

	u->feed = w->feed;
	if (w->page == 0) {
		memcpy(u->copies, w->feed.copies, sizeof(u->copies));
		u->wanted = w->feed.wanted;
		u->published = w->feed.published;
		return ops->feed_entries(reader, &u->feed, entries_max(w),
			&u->arena, &w->failed);
	}
	if (ops->feed_page(reader, w->feed.id, w->page, &page,
		&w->failed) < 0)
		return -1;
	memcpy(u->copies, page.copies, sizeof(u->copies));
	u->wanted = page.wanted;
	u->published = page.published;
	return ops->page_entries(reader, &u->feed, &page, &u->arena,
		&w->failed);
}

/*
 * A change is not published yet.  Where others were since it was last looked
 * at, its turn comes; else something is in the way.
 */
static void
note_pending(struct work *w, const struct unit_read *u)
{
	CLEANUP(arena_done) struct arena a = { 0 };

	if (!w->last || (w->page == 0 &&
		w->todo[w->at].published != u->published))
		w->moving = true;
	else
		findings_add(&w->of_feed, place(u, 0, &a), S("\"gazettectl "
			"status\" tells why."), "a change of it is not "
			"published yet");
}

static bool
are_same(const struct copy *a, const struct copy *b)
{
	for (int k = 0; k < FEED_FORMATS_MAX; k++)
		if (a[k].mtime != b[k].mtime || strcmp(a[k].etag, b[k].etag))
			return false;
	return true;
}

/* Was it published again while it was read?  Then nothing differs. */
static bool
has_moved(struct work *w, struct store_reader *reader,
	const struct unit_read *u)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	const struct store_ops *ops = w->press->ops;
	struct feed_page page;
	struct feed f;
	struct err e;

	if (w->page > 0)
		return ops->feed_page(reader, w->feed.id, w->page, &page,
			&e) < 0 || page.wanted != u->wanted ||
			!are_same(page.copies, u->copies);
	return ops->feed(reader, w->feed.id, &a, &f, &e) < 0 ||
		f.wanted != u->wanted || !are_same(f.copies, u->copies);
}

static void
compare_unit(struct work *w, struct unit_read *u)
{
	for (int k = 0; renderers[k]; k++)
		read_document(w, u, k);
	allow_cut(w, u);
	if (u->docs[0])
		note_ids(w, &u->outlines[0]);
	for (int k = 0; renderers[k]; k++) {
		if (!u->docs[k])
			continue;
		compare_document(w, u, k);
		note_links(w, u, k);
	}
}

static int
next_unit(struct work *w, struct store_reader *reader)
{
	struct unit_read *u = x_calloc(1, sizeof(*u));
	int rc = load_unit(w, reader, u);

	if (rc == 0 && u->published < u->wanted) {
		note_pending(w, u);
	} else if (rc == 0) {
		syndicate_list(w->config, &u->feed);
		compare_unit(w, u);
		if (u->found.n > 0 && has_moved(w, reader, u))
			w->moving = true;
		else
			findings_move(&w->of_feed, &u->found);
	}
	findings_done(&u->found);
	for (int k = 0; k < FEED_FORMATS_MAX; k++)
		document_unref(u->docs[k]);
	arena_done(&u->arena);
	free(u);
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
