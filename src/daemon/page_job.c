/*
 * Pool jobs that make pages: read what a page shows, in one transaction, and
 * render it.
 *
 * What cannot be read is as if it were not there: the reader tries again.
 */
#include "daemon/audience.h"
#include "daemon/compose.h"
#include "daemon/page_job.h"
#include "feed/page.h"
#include "feed/render.h"
#include "feed/syndicate.h"
#include "model/access.h"
#include "model/address.h"
#include "model/entry_share.h"

enum {
	PAGE_BYTES_MAX = 16 * 1024 * 1024,
	PAGE_MAX_AGE = 60,
	NEWS_LOOKED_AT = 20,	/* some of them may be for partners only */
};

/* A page on its way: what is read, and with what. */
struct making {
	struct page_job *p;
	const struct store_ops *ops;
	struct store_reader *reader;
	struct arena *a;
	struct buf *b;
	int status;
	const char *csp;
};

/* ---- channels ---- */

/* The feed of a kind and slug, with its entries; NULL: none for everybody. */
static struct feed *
find_feed(struct making *m, enum channel_kind kind, struct feed *feeds,
	size_t n)
{
	struct err e;

	for (size_t i = 0; i < n; i++) {
		if (feeds[i].kind != kind ||
			(kind != CHANNEL_ALL && !slice_eq(feeds[i].slug,
			m->p->slug)))
			continue;
		if (m->ops->feed_entries(m->reader, &feeds[i], FEED_LIVE_MAX,
			m->a, &e) < 0)
			return NULL;
		syndicate_list(m->p->config, &feeds[i]);
		return &feeds[i];
	}
	return NULL;
}

/* The channels that everybody may know of. */
static bool
find_channels(struct making *m, struct feed **ret, size_t *ret_n)
{
	struct err e;

	if (m->ops->feeds(m->reader, m->a, ret, ret_n, &e) < 0)
		return false;
	*ret_n = feeds_keep_public(m->p->config, *ret, *ret_n);
	return true;
}

static const struct feed *
find_all(const struct feed *feeds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (feeds[i].kind == CHANNEL_ALL && feed_is_listed(&feeds[i]))
			return &feeds[i];
	return NULL;
}

/* The channels of an article that everybody may know of. */
static bool
find_public(struct making *m, const struct entry *e, struct feed **ret,
	size_t *ret_n)
{
	struct err err;

	if (m->ops->feeds_of(m->reader, e->article_id, m->a, ret, ret_n,
		&err) < 0)
		return false;
	*ret_n = feeds_keep_public(m->p->config, *ret, *ret_n);
	return *ret_n > 0;
}

/* Move those to the front that everybody may read, at most so many. */
static size_t
keep_public(struct making *m, struct entry *list, size_t n, size_t most)
{
	const struct page_job *p = m->p;
	size_t kept = 0;
	struct err e;
	bool open;

	for (size_t i = 0; i < n && kept < most; i++) {
		if (audience_is_public(p->press, p->config, m->reader,
			list[i].article_id, &open, &e) < 0 || !open)
			continue;
		list[kept] = list[i];
		entry_hide_private(p->config, &list[kept++]);
	}
	return kept;
}

/* The parts of a series, and which are missing. */
static bool
find_parts(struct making *m, struct slice slug, struct parts_view *ret)
{
	struct series_info s = { 0 };
	struct entry *parts;
	struct err e;

	if (m->ops->series_named(m->reader, slug, S(""), m->a, &s, &e) < 0 ||
		m->ops->series_parts(m->reader, s.id, PAGE_PARTS_MAX, m->a,
		&parts, &ret->n_parts, &e) < 0)
		return false;
	ret->n_parts = keep_public(m, parts, ret->n_parts, PAGE_PARTS_MAX);
	ret->parts = parts;
	ret->missing = s.missing;
	ret->n_missing = s.n_missing;
	return true;
}

static bool
put_channel(struct making *m, enum channel_kind kind)
{
	struct channel_view v = { 0 };
	struct feed *feeds;
	size_t n;

	if (!find_channels(m, &feeds, &n))
		return false;
	v.feed = find_feed(m, kind, feeds, n);
	v.all = find_all(feeds, n);
	if (!v.feed || (kind == CHANNEL_SERIES &&
		!find_parts(m, v.feed->slug, &v.series)))
		return false;
	page_channel(m->b, m->p->config, &v, m->a);
	return true;
}

static bool
put_index(struct making *m)
{
	struct feed *feeds;
	size_t n;

	if (!find_channels(m, &feeds, &n))
		return false;
	page_index(m->b, m->p->config, feeds, n,
		find_feed(m, CHANNEL_ALL, feeds, n), m->a);
	return true;
}

/* ---- articles ---- */

/* Move those to the front that are listed; count them. */
static size_t
keep_listed(struct feed *feeds, size_t n)
{
	size_t listed = 0;

	for (size_t i = 0; i < n; i++)
		if (feed_is_listed(&feeds[i]))
			feeds[listed++] = feeds[i];
	return listed;
}

static bool
find_news(struct making *m, struct article_view *v)
{
	struct entry *news;
	struct err e;
	size_t n;

	if (m->ops->news(m->reader, v->entry->article_id, NEWS_LOOKED_AT,
		m->a, &news, &n, &e) < 0)
		return false;
	v->n_news = keep_public(m, news, n, PAGE_NEWS_MAX);
	v->news = news;
	return true;
}

/* feeds: the public ones that it is in. */
static bool
put_whole_article(struct making *m, const struct entry *e,
	struct feed *feeds, size_t n)
{
	struct article_view v = { .entry = e, .feeds = feeds,
		.n_feeds = keep_listed(feeds, n) };

	if (!find_news(m, &v) || (e->series_id &&
		!find_parts(m, e->series_slug, &v.series)))
		return false;
	m->csp = page_csp(m->p->config, e);
	page_article(m->b, m->p->config, &v, m->a);
	return true;
}

/* Has the newsroom a page of its own for it? */
static bool
is_elsewhere(const struct making *m, const struct entry *e)
{
	return e->fields.url.len > 0 && !slice_eq(e->fields.url,
		address_article(m->p->config, e->path, e->slug, m->a));
}

static bool
put_article(struct making *m)
{
	struct entry *entry = ARENA_NEW(m->a, struct entry);
	struct feed *feeds;
	struct err e;
	size_t n;

	if (m->ops->entry_by_slug(m->reader, m->p->slug, m->a, entry, &e) < 0 ||
		!find_public(m, entry, &feeds, &n))
		return false;
	if (entry->state == STATE_WITHDRAWN) {
		m->status = 410;
		page_message(m->b, m->p->config, entry->lang, WORD_WITHDRAWN);
		return true;
	}
	if (is_elsewhere(m, entry)) {
		m->p->moved = entry->fields.url;
		return false;
	}
	entry_hide_private(m->p->config, entry);
	return put_whole_article(m, entry, feeds, n);
}

/* ---- the job ---- */

static bool
put_page(struct making *m)
{
	switch (m->p->kind) {
	case PAGE_INDEX:
		return put_index(m);
	case PAGE_SERIES:
		return put_channel(m, CHANNEL_SERIES);
	case PAGE_TOPIC:
		return put_channel(m, CHANNEL_TOPIC);
	case PAGE_ARTICLE:
		return put_article(m);
	}
	return false;
}

void
page_run(struct job *j)
{
	struct page_job *p = CONTAINER_OF(j, struct page_job, job);
	CLEANUP(buf_done) struct buf b = BUF_INIT(PAGE_BYTES_MAX);
	struct making m = { .p = p, .ops = p->press->ops, .a = &p->arena,
		.b = &b, .status = 200, .csp = page_csp(p->config, NULL) };

	m.reader = m.ops->reader_take(p->press->store);
	if (put_page(&m))
		p->doc = render_document(page_type, &b);
	m.ops->reader_give(p->press->store, m.reader);
	if (!p->doc)
		return;
	p->doc->status = m.status;
	p->doc->csp = m.csp;
	p->doc->max_age = PAGE_MAX_AGE;
}
