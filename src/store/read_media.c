/*
 * Reading media: those of an entry, and whether anybody names a picture.
 */
#include "store/reader.h"

int
read_media(struct store_reader *r, struct arena *a, struct entry *ret,
	struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT kind, path, name, url, type, size, width, height, alt,"
		" caption, credit, licence, syndication, shown FROM media"
		" WHERE article_id = ? AND (name <> '' OR url <> '')"
		" ORDER BY position");

	query_put_int(&q, ret->article_id);
	while (query_row(&q)) {
		ret->media = ARENA_GROW(a, ret->media, ret->n_media);
		ret->media[ret->n_media++] = (struct media){
			.kind = (enum media_kind)query_int(&q, 0),
			.path = query_text(&q, 1, a),
			.name = query_text(&q, 2, a),
			.url = query_text(&q, 3, a),
			.type = query_text(&q, 4, a),
			.size = query_int(&q, 5),
			.width = (int)query_int(&q, 6),
			.height = (int)query_int(&q, 7),
			.alt = query_text(&q, 8, a),
			.caption = query_text(&q, 9, a),
			.credit = query_text(&q, 10, a),
			.licence = query_text(&q, 11, a),
			.syndication = (enum syndication)query_int(&q, 12),
			.shown = query_int(&q, 13) != 0,
		};
	}
	return query_done(&q, e);
}

int
read_media_used(struct store_reader *r, struct slice name, bool *ret,
	struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT 1 FROM media m JOIN article a ON a.id = m.article_id"
		" WHERE m.name = ? AND m.name <> '' AND a.state <> 1 LIMIT 1");

	query_put_text(&q, name);
	*ret = query_row(&q);
	return query_done(&q, e);
}
