/*
 * Reading what was announced: the press writes it (press_publish.c), and the
 * courier takes it from here.
 */
#include "store/reader.h"
#include "store/schema.h"

static enum announcement_kind
kind_of(struct slice s)
{
	return slice_eq(s, S("feed")) ? ANNOUNCED_FEED : ANNOUNCED_ARTICLE;
}

/* "1 5 9" as numbers. */
static void
take_channels(struct slice text, struct arena *a, struct announcement *ret)
{
	struct slice field;

	while (slice_next_field(&text, ' ', &field)) {
		if (field.len == 0)
			continue;
		ret->channels = ARENA_GROW(a, ret->channels,
			ret->n_channels);
		ret->channels[ret->n_channels++] = slice_number(field,
			INT64_MAX);
	}
}

int
read_announcements(struct store_reader *r, int64_t after, size_t max,
	struct arena *a, struct announcement **ret, size_t *ret_n,
	struct err *e)
{
	struct query q = query_start(&r->db, "SELECT seq, kind, article_id,"
		" action, channels, feed_id, version, at FROM announce"
		" WHERE seq > ? ORDER BY seq LIMIT ?");
	struct announcement *list = NULL;
	size_t n = 0;

	query_put_int(&q, after);
	query_put_int(&q, (int64_t)max);
	while (query_row(&q)) {
		list = ARENA_GROW(a, list, n);
		list[n] = (struct announcement){
			.seq = query_int(&q, 0),
			.kind = kind_of(query_look(&q, 1)),
			.article_id = query_int(&q, 2),
			.action = query_text(&q, 3, a),
			.feed_id = query_int(&q, 5),
			.version = query_int(&q, 6),
			.at = query_int(&q, 7),
		};
		take_channels(query_text(&q, 4, a), a, &list[n++]);
	}
	*ret = list;
	*ret_n = n;
	return query_done(&q, e);
}

int
read_announced(struct store_reader *r, struct arena *a, int64_t *ret,
	struct slice *ret_stream, struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT coalesce(max(seq), 0) FROM announce");

	if (query_one(&q, ret, e) < 0)
		return -1;
	return meta_get(&r->db, S("stream"), a, ret_stream, e);
}
