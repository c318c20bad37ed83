/*
 * The log of a feed, and the pages of its archive (RFC 5005 section 4).
 *
 * Every article that comes to a feed gets the next number; so does one that
 * was corrected, or is back, for it must be seen by whoever saw it before.
 * When the numbers behind the last page are enough for a page, or their
 * entries too many bytes, they become one:
 *
 *	numbers  1 .. 50 | 51 .. 100 | 101 .. 131
 *	         page 1    page 2      in the document alone
 *
 * 1. The document of a feed holds all numbers that are in no page, so whoever
 *    follows it and walks the pages misses nothing.
 * 2. A page never changes but for a withdrawal.  What was corrected has a
 *    newer number elsewhere, and the newest wins.
 * 3. A series is one complete document, and its pages only boundaries, until
 *    it is too long or too big; then it has an archive for ever.
 */
#include "store/tx.h"

enum {
	/* With the entry that goes beyond it, a page is below FEED_BYTES_MAX:
	 * larger ones are abridged to half of that. */
	PAGE_BYTES = FEED_BYTES_MAX / 2 - 64 * 1024,
	SERIES_BYTES = FEED_BYTES_MAX - 64 * 1024,
};

/* ---- pages ---- */

static int
touch_page(struct writer *w, const struct channel_row *r, int page,
	struct err *e)
{
	struct batch *b = w->batch;
	struct query q = query_start(w->db, "UPDATE feed_page"
		" SET wanted = wanted + 1 WHERE feed_id = ? AND page = ?");

	query_put_int(&q, r->id);
	query_put_int(&q, page);
	if (query_run(&q, e) < 0)
		return -1;
	if (!r->archived)
		return 0;
	b->pages = ARENA_GROW(&b->arena, b->pages, b->n_pages);
	b->pages[b->n_pages++] = (struct page_ref){ r->id, page };
	return 0;
}

/* The open numbers up to `last` become a page. */
static int
seal(struct writer *w, struct channel_row *r, int64_t last, struct err *e)
{
	struct query q = query_start(w->db, "INSERT INTO feed_page (feed_id,"
		" page, last, wanted, published, look, copies)"
		" VALUES (?, ?, ?, 0, 0, 0, '')");

	query_put_int(&q, r->id);
	query_put_int(&q, ++r->pages);
	query_put_int(&q, last);
	if (query_run(&q, e) < 0)
		return -1;
	r->sealed = last;
	r->open_bytes = 0;
	return touch_page(w, r, r->pages, e);
}

static int
seal_full(struct writer *w, struct channel_row *r, struct err *e)
{
	int64_t size = r->per_page ? MIN(r->per_page, FEED_LIVE_MAX) :
		FEED_LIVE_MAX;

	while (r->last_seq - r->sealed >= size)
		if (seal(w, r, r->sealed + size, e) < 0)
			return -1;
	return r->open_bytes > PAGE_BYTES ? seal(w, r, r->last_seq, e) : 0;
}

/* The page of a number; 0: none yet. */
static int
page_of(struct writer *w, const struct channel_row *r, int64_t seq,
	int64_t *ret, struct err *e)
{
	struct query q = query_start(w->db, "SELECT page FROM feed_page"
		" WHERE feed_id = ? AND last >= ? ORDER BY last LIMIT 1");

	query_put_int(&q, r->id);
	query_put_int(&q, seq);
	return query_one(&q, ret, e);
}

/* ---- numbers ---- */

int
log_put(struct writer *w, struct channel_row *r, int64_t article_id,
	int64_t before, int64_t size, struct err *e)
{
	struct query q = query_start(w->db, "INSERT INTO feed_entry"
		" (feed_id, seq, article_id, before) VALUES (?, ?, ?, ?)");

	query_put_int(&q, r->id);
	query_put_int(&q, ++r->last_seq);
	query_put_int(&q, article_id);
	query_put_int(&q, before);
	if (query_run(&q, e) < 0)
		return -1;
	r->open_bytes += size;
	r->bytes += size;
	return seal_full(w, r, e);
}

/* The last number of a member, and the size of its entry. */
static int
look_up(struct writer *w, const struct channel_row *r, int64_t article_id,
	int64_t *ret_seq, int64_t *ret_size, struct err *e)
{
	struct query q = query_start(w->db, "SELECT m.seq, a.size"
		" FROM feed_member m JOIN article a ON a.id = m.article_id"
		" WHERE m.article_id = ? AND m.feed_id = ?");
	bool found;

	query_put_int(&q, article_id);
	query_put_int(&q, r->id);
	found = query_row(&q);
	*ret_seq = found ? query_int(&q, 0) : 0;
	*ret_size = found ? query_int(&q, 1) : 0;
	return query_done(&q, e);
}

int
log_append(struct writer *w, struct channel_row *r, int64_t article_id,
	struct err *e)
{
	int64_t before, size;
	struct query q;

	if (w->adopting)
		return 0;
	if (look_up(w, r, article_id, &before, &size, e) < 0)
		return -1;
	q = query_start(w->db, "UPDATE feed_member SET seq = ?, changed = ?"
		" WHERE article_id = ? AND feed_id = ?");
	query_put_int(&q, r->last_seq + 1);
	query_put_int(&q, r->wanted);
	query_put_int(&q, article_id);
	query_put_int(&q, r->id);
	return query_run(&q, e) < 0 ? -1 :
		log_put(w, r, article_id, before, size, e);
}

int
log_changed(struct writer *w, struct channel_row *r, int64_t article_id,
	struct err *e)
{
	struct query q;

	if (w->adopting)
		return 0;
	q = query_start(w->db, "UPDATE feed_member SET changed = ?"
		" WHERE article_id = ? AND feed_id = ?");
	query_put_int(&q, r->wanted);
	query_put_int(&q, article_id);
	query_put_int(&q, r->id);
	return query_run(&q, e);
}

static int
number_before(struct writer *w, const struct channel_row *r, int64_t seq,
	int64_t *ret, struct err *e)
{
	struct query q = query_start(w->db, "SELECT before FROM feed_entry"
		" WHERE feed_id = ? AND seq = ?");

	query_put_int(&q, r->id);
	query_put_int(&q, seq);
	return query_one(&q, ret, e);
}

int
log_withdrawn(struct writer *w, struct channel_row *r, int64_t article_id,
	struct err *e)
{
	int64_t seq, size, page;

	if (w->adopting || r->pages == 0)
		return 0;
	if (look_up(w, r, article_id, &seq, &size, e) < 0)
		return -1;
	while (seq > 0) {
		if (page_of(w, r, seq, &page, e) < 0)
			return -1;
		if (page > 0 && touch_page(w, r, (int)page, e) < 0)
			return -1;
		if (number_before(w, r, seq, &seq, e) < 0)
			return -1;
	}
	return 0;
}

/* ---- series ---- */

int
log_outgrown(struct writer *w, struct channel_row *r, struct err *e)
{
	int64_t most = r->per_page ? r->per_page : FEED_SERIES_MAX;

	if (r->archived || (r->entries <= most && r->bytes <= SERIES_BYTES))
		return 0;
	r->archived = true;
	for (int page = 1; page <= r->pages; page++)
		if (touch_page(w, r, page, e) < 0)
			return -1;
	return 0;
}
