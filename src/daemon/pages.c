/*
 * Pool jobs that make pages, on request: nobody may ever ask for most of them.
 */
#include "daemon/audience.h"
#include "daemon/pages.h"
#include "feed/page.h"
#include "feed/syndicate.h"
#include "model/access.h"

enum { PAGE_BYTES_MAX = 16 * 1024 * 1024, PAGE_MAX_AGE = 60 };

/* The feed of a kind and slug, with its entries; NULL: none. */
static struct feed *
find_feed(struct page_job *p, struct store_reader *reader,
	enum channel_kind kind, struct feed *feeds, size_t n)
{
	struct err e;

	for (size_t i = 0; i < n; i++) {
		if (feeds[i].kind != kind || (kind != CHANNEL_ALL &&
			!slice_eq(feeds[i].slug, p->slug)))
			continue;
		if (p->press->ops->feed_entries(reader, &feeds[i],
			FEED_LIVE_MAX, &p->arena, &e) < 0)
			return NULL;
		return &feeds[i];
	}
	return NULL;
}

/* Which parts of a series are missing; false when that cannot be read. */
static bool
find_missing(struct page_job *p, struct store_reader *reader, struct feed *f)
{
	struct series_info s;
	struct err e;

	if (f->kind != CHANNEL_SERIES)
		return true;
	if (p->press->ops->series_named(reader, f->slug, S(""), &p->arena,
		&s, &e) < 0)
		return false;
	f->missing = s.missing;
	f->n_missing = s.n_missing;
	return true;
}

static bool
put_feed_page(struct page_job *p, struct store_reader *reader, struct buf *b)
{
	enum channel_kind kind = p->kind == PAGE_SERIES ? CHANNEL_SERIES :
		p->kind == PAGE_TOPIC ? CHANNEL_TOPIC : CHANNEL_ALL;
	struct feed *feeds, *f;
	struct err e;
	size_t n;

	if (p->press->ops->feeds(reader, &p->arena, &feeds, &n, &e) < 0)
		return false;
	n = feeds_keep_public(p->config, feeds, n);
	f = find_feed(p, reader, kind, feeds, n);
	if (p->kind == PAGE_INDEX)
		page_index(b, p->config, feeds, n, f, &p->arena);
	else if (f && find_missing(p, reader, f))
		page_channel(b, p->config, f, &p->arena);
	return p->kind == PAGE_INDEX || f;
}

/* The page itself; `*ret_status` is 410 for a withdrawn article. */
static bool
put_page(struct page_job *p, struct store_reader *reader, struct buf *b,
	int *ret_status)
{
	struct entry entry;
	struct err e;
	bool open;

	*ret_status = 200;
	if (p->kind != PAGE_ARTICLE)
		return put_feed_page(p, reader, b);
	if (p->press->ops->entry_by_slug(reader, p->slug, &p->arena, &entry,
		&e) < 0 || audience_is_public(p->press, p->config, reader,
		entry.article_id, &open, &e) < 0 || !open)
		return false;
	if (entry.state == STATE_WITHDRAWN) {
		*ret_status = 410;
		page_message(b, p->config, S("This article was withdrawn."));
		return true;
	}
	syndicate_hide(p->config, &entry);
	page_article(b, p->config, &entry, &p->arena);
	return true;
}

void
page_run(struct job *j)
{
	struct page_job *p = CONTAINER_OF(j, struct page_job, job);
	CLEANUP(buf_done) struct buf b = BUF_INIT(PAGE_BYTES_MAX);
	struct store_reader *reader = p->press->ops->reader_take(
		p->press->store);
	int status;

	if (put_page(p, reader, &b, &status))
		p->doc = render_document(page_type, &b);
	p->press->ops->reader_give(p->press->store, reader);
	if (!p->doc)
		return;
	p->doc->status = status;
	p->doc->csp = page_csp;
	p->doc->max_age = PAGE_MAX_AGE;
}
