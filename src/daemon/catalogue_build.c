/*
 * Building the catalogue, on a pool thread.
 *
 * 1. A month whose sum is as before has its files as before: they are not even
 *    rendered.  Of any other, what has the same bytes is not written.
 * 2. A reader is held for one query at a time, and a month is read in pieces:
 *    memory does not grow with the newsroom.
 * 3. After a start nothing is known of what lies in the tree: it is read, and
 *    what is not of the catalogue any more is removed.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/date.h"
#include "daemon/audience.h"
#include "daemon/catalogue_build.h"
#include "daemon/compose.h"
#include "daemon/media.h"
#include "feed/opml.h"
#include "feed/sitemap.h"
#include "model/access.h"

enum {
	OPML_BYTES_MAX = 16 * 1024 * 1024,
	PIECE = 1000,		/* articles that are read at once */
};

/* ---- files ---- */

static bool
is_sitemap(struct slice name)
{
	return slice_starts(name, S("sitemap")) &&
		slice_ends(name, S(".xml")) && name.len < TREE_PATH_MAX &&
		slice_find_byte(name, '/') < 0;
}

bool
catalogue_may_have(struct slice name)
{
	return slice_eq(name, S(OPML_FILE)) || is_sitemap(name);
}

static struct slice
month_key(const uint64_t *sum)
{
	return slice((const char *)sum, sizeof(*sum));
}

static bool
note_old(void *ctx, struct slice name)
{
	struct catalogue_build *j = ctx;

	if (!is_sitemap(name))
		return true;
	j->old = ARENA_GROW(&j->arena, j->old, j->n_old);
	j->old[j->n_old++].name = arena_copy(&j->arena, name);
	return j->n_old < SITEMAP_URLS_MAX;
}

/* Nothing is known: what lies in the tree may be as it should be. */
static int
look_around(struct catalogue_build *j)
{
	const struct press *p = j->press;

	if (p->publish->list(p->publisher, S("."), note_old, j,
		&j->failed) < 0)
		return -1;
	j->old = ARENA_GROW(&j->arena, j->old, j->n_old);
	j->old[j->n_old++].name = S(OPML_FILE);
	return 0;
}

/* The first file of a month is the one that is found by its sum. */
static int
know_old(struct catalogue_build *j)
{
	if (j->n_old == 0 && look_around(j) < 0)
		return -1;
	for (size_t i = j->n_old; i-- > 0;) {
		struct catalogue_file *f = &j->old[i];

		table_set(&j->by_name, f->name, f);
		if (f->month)
			table_set(&j->by_month, month_key(&f->month), f);
	}
	return 0;
}

/* What lies in the tree, and since when. */
static void
look_at(struct catalogue_build *j, struct catalogue_file *f)
{
	struct document *d = document_new();
	struct err ignored;

	if (j->press->publish->get(j->press->publisher, f->name, d,
		&ignored) == 0) {
		hash128_hex(d->body[CODING_IDENTITY], f->etag);
		f->mtime = MIN(d->mtime, j->now);
	}
	document_unref(d);
}

static int
keep(struct catalogue_build *j, const struct catalogue_file *f)
{
	if (j->n == SITEMAP_URLS_MAX)
		return err_set(&j->failed, ERR_LIMIT,
			"more than %d sitemaps", SITEMAP_URLS_MAX);
	j->files = ARENA_GROW(&j->arena, j->files, j->n);
	j->files[j->n] = *f;
	j->files[j->n++].name = arena_copy(&j->arena, f->name);
	return 0;
}

/* Put a file into the tree, unless it is there; takes the bytes. */
static int
offer(struct catalogue_build *j, struct catalogue_file *f, struct buf *body)
{
	struct catalogue_file *old = table_get(&j->by_name, f->name);
	struct document *d = render_document(f->type, body);
	int rc = 0;

	if (!d)
		return err_set(&j->failed, ERR_LIMIT, "\"%.*s\" is too big",
			ARG(f->name));
	if (old && !old->etag[0])
		look_at(j, old);
	memcpy(f->etag, d->etag, sizeof(f->etag));
	f->mtime = d->mtime = old && strcmp(old->etag, f->etag) == 0 ?
		old->mtime : MAX(j->now, old ? old->mtime + 1 : 0);
	if (j->force || !old || f->mtime != old->mtime)
		rc = j->press->publish->put(j->press->publisher, f->name, d,
			&j->failed);
	document_unref(d);
	return rc < 0 ? -1 : keep(j, f);
}

/* ---- lists that may take more than one file ---- */

struct pages {
	struct catalogue_build *j;
	struct slice stem;	/* of the names: "sitemap-2024-05" */
	enum sitemap_kind kind;
	uint64_t month;
	int number;
	struct sitemap map;
};

static void
pages_begin(struct pages *p)
{
	p->number++;
	sitemap_begin(&p->map, p->kind);
}

static void
pages_done(struct pages *p)
{
	buf_done(&p->map.b);
}

static int
pages_end(struct pages *p)
{
	struct arena *a = &p->j->arena;
	struct catalogue_file f = { .type = sitemap_type,
		.month = p->month, .name = p->number == 1 ?
		arena_printf(a, "%.*s.xml", ARG(p->stem)) :
		arena_printf(a, "%.*s-%d.xml", ARG(p->stem), p->number) };

	sitemap_end(&p->map);
	return offer(p->j, &f, &p->map.b);
}

static int
pages_make_room(struct pages *p)
{
	if (!sitemap_is_full(&p->map))
		return 0;
	if (pages_end(p) < 0)
		return -1;
	pages_done(p);
	pages_begin(p);
	return 0;
}

/* What is in no channel that everybody may read has no page. */
static int
hide_private(struct catalogue_build *j, struct store_reader *reader,
	struct entry *list, size_t n)
{
	bool open;

	for (size_t i = 0; i < n; i++) {
		if (audience_is_public(j->press, j->config, reader,
			list[i].article_id, &open, &j->failed) < 0)
			return -1;
		if (!open)
			list[i].state = STATE_WITHDRAWN;
	}
	return 0;
}

/*
 * A piece of what was published in [from, to), behind an article; what is not
 * to be named is withdrawn in it.
 */
static int
read_piece(struct catalogue_build *j, int64_t from, int64_t to,
	const struct entry *behind, struct arena *a, struct entry **ret,
	size_t *ret_n)
{
	const struct press *p = j->press;
	struct store_reader *reader = p->ops->reader_take(p->store);
	int rc = p->ops->articles(reader, from, to, behind, PIECE, a, ret,
		ret_n, &j->failed);

	if (rc == 0)
		rc = hide_private(j, reader, *ret, *ret_n);
	p->ops->reader_give(p->store, reader);
	return rc;
}

/* *ret_first: when the oldest of them was published, or as it was. */
static int
pages_put(struct pages *p, int64_t from, int64_t to, int64_t *ret_first)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct entry *list, last;
	const struct entry *behind = NULL;
	size_t n;

	do {
		if (read_piece(p->j, from, to, behind, &a, &list, &n) < 0)
			return -1;
		if (!behind && n > 0)
			*ret_first = list[0].published;
		for (size_t i = 0; i < n; i++) {
			if (list[i].state == STATE_WITHDRAWN)
				continue;
			if (pages_make_room(p) < 0)
				return -1;
			sitemap_put_article(&p->map, p->j->config, &list[i],
				&a);
		}
		if (n > 0)
			last = list[n - 1];	/* its numbers are read */
		behind = &last;
		arena_reset(&a);
	} while (n == PIECE);
	return 0;
}

/* ---- the lists ---- */

static int
put_opml(struct catalogue_build *j, const struct feed *feeds, size_t n)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(OPML_BYTES_MAX);
	struct catalogue_file f = { .name = S(OPML_FILE),
		.type = opml_type };

	opml_put(&b, j->config, feeds, n, &j->arena);
	return offer(j, &f, &b);
}

static int
put_channels(struct catalogue_build *j, const struct feed *feeds, size_t n)
{
	CLEANUP(pages_done) struct pages p = { .j = j,
		.stem = S("sitemap-channels") };

	pages_begin(&p);
	for (size_t i = 0; i < n; i++) {
		if (pages_make_room(&p) < 0)
			return -1;
		sitemap_put_channel(&p.map, j->config, &feeds[i], &j->arena);
	}
	return pages_end(&p);
}

static int
put_feeds(struct catalogue_build *j)
{
	const struct press *p = j->press;
	struct store_reader *reader = p->ops->reader_take(p->store);
	struct feed *feeds;
	size_t n = 0;
	int rc = p->ops->feeds(reader, &j->arena, &feeds, &n, &j->failed);

	p->ops->reader_give(p->store, reader);
	if (rc < 0)
		return -1;
	n = feeds_keep_public(j->config, feeds, n);
	if (put_opml(j, feeds, n) < 0)
		return -1;
	return put_channels(j, feeds, n);
}

/* The files of a month in which nothing has changed.  How many. */
static int
keep_month(struct catalogue_build *j, const struct month *m)
{
	const struct catalogue_file *f = j->same_look && !j->force ?
		table_get(&j->by_month, month_key(&m->sum)) : NULL;
	int n = 0;

	for (; f && f < j->old + j->n_old && f->month == m->sum; f++, n++)
		if (keep(j, f) < 0)
			return -1;
	return n;
}

static int
put_month(struct catalogue_build *j, const struct month *m)
{
	char name[DATE_SIZE];
	CLEANUP(pages_done) struct pages p = { .j = j, .month = m->sum,
		.stem = arena_printf(&j->arena, "sitemap-%.*s",
		ARG(date_month(m->from, name))) };
	int64_t first;

	pages_begin(&p);
	if (pages_put(&p, m->from, m->to, &first) < 0)
		return -1;
	/* All of it was withdrawn, or is on pages elsewhere. */
	return p.map.urls > 0 ? pages_end(&p) : 0;
}

static int
put_months(struct catalogue_build *j)
{
	const struct press *p = j->press;
	struct store_reader *reader = p->ops->reader_take(p->store);
	struct month *months;
	size_t n = 0;
	int kept, rc = p->ops->months(reader, &j->arena, &months, &n,
		&j->failed);

	p->ops->reader_give(p->store, reader);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		kept = keep_month(j, &months[i]);
		if (kept < 0 || (kept == 0 && put_month(j, &months[i]) < 0))
			return -1;
	}
	return rc;
}

/* An empty one is put, too: its readers come again. */
static int
put_news(struct catalogue_build *j)
{
	CLEANUP(pages_done) struct pages p = { .j = j,
		.stem = S("sitemap-news"), .kind = SITEMAP_NEWS };
	int64_t first = 0;

	pages_begin(&p);
	if (pages_put(&p, j->now - SITEMAP_NEWS_S, INT64_MAX, &first) < 0)
		return -1;
	j->next = first ? first + SITEMAP_NEWS_S + 1 : 0;
	return pages_end(&p);
}

/* After all that it names. */
static int
put_index(struct catalogue_build *j)
{
	CLEANUP(pages_done) struct pages p = { .j = j, .stem = S("sitemap"),
		.kind = SITEMAP_INDEX };

	pages_begin(&p);
	for (size_t i = 0; i < j->n; i++)
		if (is_sitemap(j->files[i].name))
			sitemap_put_file(&p.map, j->config, j->files[i].name,
				j->files[i].mtime, &j->arena);
	return pages_end(&p);
}

/* What is not of the catalogue any more. */
static int
tidy(struct catalogue_build *j)
{
	CLEANUP(table_done) struct table kept = { 0 };

	for (size_t i = 0; i < j->n; i++)
		table_set(&kept, j->files[i].name, &j->files[i]);
	for (size_t i = 0; i < j->n_old; i++)
		if (!table_get(&kept, j->old[i].name) &&
			j->press->publish->remove(j->press->publisher,
			j->old[i].name, &j->failed) < 0)
			return -1;
	return 0;
}

void
catalogue_build_run(struct job *job)
{
	struct catalogue_build *j = CONTAINER_OF(job, struct catalogue_build,
		job);
	int64_t begun = clock_worked_ms();

	j->now = clock_now();
	if (know_old(j) < 0 || put_feeds(j) < 0 || put_months(j) < 0 ||
		put_news(j) < 0 || put_index(j) < 0 || tidy(j) < 0)
		j->failed.kind = MAX(j->failed.kind, ERR_IO);
	table_done(&j->by_name);
	table_done(&j->by_month);
	j->cost_ms = clock_worked_ms() - begun;
}
