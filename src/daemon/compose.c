/*
 * Composing: from a feed's list of entries to documents.
 *
 * 1. Entries are looked up by (id, revision) in the fragment cache; only what
 *    is not there is loaded whole and rendered.
 * 2. A document stays under FEED_BYTES_MAX: what is in the archive is left out,
 *    whole entries, the oldest first; what is nowhere else becomes a summary.
 */
#include <stdlib.h>

#include "base/compress.h"
#include "daemon/compose.h"
#include "feed/max_age.h"
#include "feed/syndicate.h"
#include "model/access.h"
#include "model/address.h"

enum {
	ENTRY_BYTES_MAX = FEED_BYTES_MAX / 2,
	DOCUMENT_BYTES_MAX = 16 * 1024 * 1024,
};

/* ---- documents ---- */

/* The coded bodies, their hash, and nothing of the outside world. */
struct document *
render_document(const char *type, struct buf *body)
{
	CLEANUP(buf_done) struct buf gzip = BUF_INIT(2 * DOCUMENT_BYTES_MAX);
	struct document *d;
	char *bytes;
	size_t len;

	if (!buf_ok(body))
		return NULL;
	d = document_new();
	d->type = type;
	hash128_hex(buf_slice(body), d->etag);
	if (body->len >= GZIP_LEAST)
		gzip_put(&gzip, buf_slice(body));
	bytes = buf_steal(body, &len);
	document_set_body(d, CODING_IDENTITY, bytes, len);
	if (gzip.len > 0 && buf_ok(&gzip)) {
		bytes = buf_steal(&gzip, &len);
		document_set_body(d, CODING_GZIP, bytes, len);
	}
	return d;
}

/* The Link header's value: hubs and self (WebSub section 4). */
static void
set_links(struct document *d, const struct config *c, struct slice address,
	struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(4096);

	for (size_t i = 0; i < c->site.n_hubs; i++)
		buf_printf(&b, "<%.*s>; rel=\"hub\", ",
			ARG(c->site.hubs[i]));
	buf_printf(&b, "<%.*s>; rel=\"self\"",
		ARG(site_address(&c->site, address, a)));
	if (buf_ok(&b))
		document_set_links(d, buf_slice(&b));
}

void
compose_dress(struct document *d, const struct config *c,
	const struct feed *f, const struct renderer *kind, struct arena *a)
{
	struct config own;

	d->is_private = channel_is_private(c, f);
	set_links(d, syndicate_config(c, f, &own), address_feed(f,
		kind->ending, a), a);
}

int
compose_max_age(const struct press *p, struct store_reader *reader,
	const struct changes_of *what, struct arena *a)
{
	int64_t at[MAX_AGE_CHANGES] = { what->last };
	struct feed_version *list;
	struct err ignored = { 0 };
	size_t n = 0;

	if (what->page > 0)
		return MAX_AGE_MOST;
	if (p->ops->versions(reader, what->feed_id, a, &list, &n,
		&ignored) < 0)
		return MAX_AGE_UNKNOWN;
	n = MIN(n, (size_t)MAX_AGE_CHANGES - 1);
	for (size_t i = 0; i < n; i++)
		at[i + 1] = list[i].copies[0].mtime;
	return feed_max_age(at, n + 1);
}

/* ---- entries ---- */

/* An entry that no feed can hold: its summary, and where the whole is. */
static void
abridge(struct entry *e, const struct config *c, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(64 * 1024);

	buf_put_str(&b, "<p>");
	buf_put_xml(&b, e->summary);
	buf_put_str(&b, "</p>\n<p><a href=\"");
	buf_put_xml(&b, address_entry(c, e, a));
	buf_put_str(&b, "\">");
	buf_put_xml(&b, e->title);
	buf_put_str(&b, "</a></p>");
	e->html = arena_copy(a, buf_slice(&b));
	e->n_related = 0;
}

void
bodies_init(struct bodies *b)
{
	for (int k = 0; k < FEED_FORMATS_MAX; k++)
		b->list[k] = (struct buf)BUF_INIT(DOCUMENT_BYTES_MAX);
}

void
bodies_done(struct bodies *b)
{
	for (int k = 0; k < FEED_FORMATS_MAX; k++)
		buf_done(&b->list[k]);
}

static bool
bodies_are_full(const struct bodies *b)
{
	for (int k = 0; renderers[k]; k++)
		if (b->list[k].len > FEED_BYTES_MAX)
			return true;
	return false;
}

static void
make_fragment(const struct maker *m, const struct renderer *kind,
	const struct entry *e, enum content_mode how, struct buf *piece)
{
	struct entry brief = *e;

	kind->entry(piece, m->config, e, how, m->arena);
	if (piece->len <= ENTRY_BYTES_MAX && buf_ok(piece))
		return;
	abridge(&brief, m->config, m->arena);
	buf_reset(piece);
	kind->entry(piece, m->config, &brief, how, m->arena);
}

/* How a feed shows entries. */
struct view {
	const struct feed *feed;
	enum content_mode how;
};

/* How a fragment is rendered: all that makes it another one. */
static uint64_t
manner(const struct maker *m, int format, const struct view *v)
{
	return (uint64_t)syndicate_variant(m->config, v->feed) << 8 |
		(uint64_t)(format * 4 + (int)v->how);
}

/* One entry in one format: from the cache, or made; *e is loaded once. */
static int
put_fragment(const struct maker *m, int format, const struct entry *listed,
	const struct view *v, struct entry *e, struct buf *b)
{
	CLEANUP(buf_done) struct buf piece = BUF_INIT(DOCUMENT_BYTES_MAX);
	struct press *p = m->press;
	struct fragment_key key = { listed->article_id, listed->revision,
		m->epoch, manner(m, format, v) };

	if (b->len > 0)
		buf_put_str(b, renderers[format]->between);
	if (fragments_get(p->fragments, &key, b))
		return 0;
	if (e->article_id == 0) {
		if (p->ops->entry(m->reader, listed, m->arena, e,
			m->failed) < 0)
			return -1;
		syndicate_entry(m->config, v->feed, e, m->arena);
	}
	make_fragment(m, renderers[format], e, v->how, &piece);
	fragments_put(p->fragments, &key, buf_slice(&piece));
	buf_put(b, buf_slice(&piece));
	return 0;
}

static int
put_entry(const struct maker *m, const struct entry *listed,
	const struct view *v, struct bodies *b)
{
	struct entry e = { 0 };

	for (int k = 0; renderers[k]; k++)
		if ((m->format == ALL_FORMATS || m->format == k) &&
			put_fragment(m, k, listed, v, &e, &b->list[k]) < 0)
			return -1;
	return 0;
}

/* Put an entry if there is room for it; *ret_put says so. */
static int
try_entry(const struct maker *m, const struct entry *listed,
	const struct view *v, struct bodies *b, bool *ret_put)
{
	size_t before[FEED_FORMATS_MAX];

	for (int k = 0; renderers[k]; k++)
		before[k] = b->list[k].len;
	if (put_entry(m, listed, v, b) < 0)
		return -1;
	*ret_put = !bodies_are_full(b);
	for (int k = 0; renderers[k] && !*ret_put; k++)
		b->list[k].len = before[k];
	return 0;
}

int
compose_entries(const struct maker *m, struct feed *f, struct bodies *b)
{
	const struct view whole = { f, f->content };
	const struct view brief = { f, MAX(f->content, CONTENT_SUMMARY) };
	bool full = false, put;
	size_t kept = 0;

	syndicate_list(m->config, f);
	for (size_t i = 0; i < f->n; i++) {
		const struct entry *e = &f->list[i];
		bool elsewhere = f->page == 0 && f->archived &&
			e->seq <= f->sealed;

		put = false;
		if (!full && try_entry(m, e, &whole, b, &put) < 0)
			return -1;
		full = full || !put;
		if (!put && elsewhere)
			continue;
		if (!put && put_entry(m, e, &brief, b) < 0)
			return -1;
		f->list[kept++] = *e;
	}
	if (kept < f->n && f->page == 0) {
		f->complete = false;
		f->prev_page = f->pages;
	}
	f->n = kept;
	return 0;
}

/* ---- the whole ---- */

struct document *
compose_document(const struct maker *m, const struct feed *f,
	const struct renderer *kind, struct slice entries)
{
	CLEANUP(buf_done) struct buf body = BUF_INIT(DOCUMENT_BYTES_MAX);
	struct config own;
	struct document *d;

	kind->head(&body, syndicate_config(m->config, f, &own), f, m->arena);
	buf_put(&body, entries);
	kind->tail(&body);
	d = render_document(kind->type, &body);
	if (d)
		compose_dress(d, m->config, f, kind, m->arena);
	return d;
}
