/*
 * Reading one entry whole: its body, people and related links.
 */
#include "store/read_entry.h"
#include "store/fields_row.h"
#include "store/reader.h"

void
entry_take(struct query *q, struct arena *a, struct entry *ret)
{
	*ret = (struct entry){
		.article_id = query_int(q, 0),
		.revision = query_int(q, 1),
		.uid = query_text(q, 2, a),
		.slug = query_text(q, 3, a),
		.path = query_text(q, 4, a),
		.title = query_text(q, 5, a),
		.headline = query_text(q, 6, a),
		.published = query_int(q, 7),
		.updated = query_int(q, 8),
		.state = (enum article_state)query_int(q, 9),
		.lang = query_text(q, 10, a),
		.series_id = query_int(q, 11),
		.series_title = query_text(q, 12, a),
		.series_slug = query_text(q, 13, a),
		.part = (int)query_int(q, 14),
		.part_label = query_text(q, 15, a),
		.fields.url = query_text(q, 16, a),
	};
}

int
entry_take_list(struct query *q, struct arena *a, struct entry **ret,
	size_t *ret_n, struct err *e)
{
	*ret = NULL;
	*ret_n = 0;
	while (query_row(q)) {
		*ret = ARENA_GROW(a, *ret, *ret_n);
		entry_take(q, a, &(*ret)[(*ret_n)++]);
	}
	return query_done(q, e);
}

/* A line each: the role's digit, and the name. */
static void
take_people(struct slice text, struct arena *a, struct entry *ret)
{
	struct slice line;

	while (slice_next_field(&text, '\n', &line)) {
		if (line.len == 0)
			continue;
		ret->people = ARENA_GROW(a, ret->people, ret->n_people);
		ret->people[ret->n_people++] = (struct person){
			.role = (enum person_role)(line.ptr[0] - '0'),
			.name = slice_from(line, 1),
		};
	}
}

/*
 * A part that a link names, as people count it.  0: by season, or only "the
 * last one" (mark_code).
 */
static int
part_number(int64_t code)
{
	return code > 0 && code < 1000 ? (int)code : 0;
}

static int
read_links(struct store_reader *r, struct arena *a, struct entry *ret,
	struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT l.title, t.id, t.slug, t.path, t.url,"
		" CASE WHEN l.mark_key IN (SELECT key FROM series_alias"
		"  WHERE series_id = ?) THEN l.mark_number END FROM link l"
		" LEFT JOIN article t ON t.id = l.to_article"
		" WHERE l.article_id = ? ORDER BY l.position");

	query_put_int(&q, ret->series_id);
	query_put_int(&q, ret->article_id);
	while (query_row(&q)) {
		ret->related = ARENA_GROW(a, ret->related, ret->n_related);
		ret->related[ret->n_related++] = (struct related){
			.title = query_text(&q, 0, a),
			.article_id = query_int(&q, 1),
			.slug = query_text(&q, 2, a),
			.path = query_text(&q, 3, a),
			.url = query_text(&q, 4, a),
			.mark.number = part_number(query_int(&q, 5)),
		};
	}
	return query_done(&q, e);
}

/* The channels that it is in, besides that of everything. */
static int
read_channels(struct store_reader *r, struct arena *a, struct entry *ret,
	struct err *e)
{
	struct query q = query_start(&r->db,
		"SELECT f.kind, f.slug, f.title, f.uid, f.series_id"
		" FROM feed_member m JOIN feed f ON f.id = m.feed_id"
		" WHERE m.article_id = ? ORDER BY f.id");

	query_put_int(&q, ret->article_id);
	while (query_row(&q)) {
		if (ret->series_id && query_int(&q, 4) == ret->series_id)
			ret->series_uid = query_text(&q, 3, a);
		if (query_int(&q, 0) != CHANNEL_TOPIC)
			continue;
		ret->topics = ARENA_GROW(a, ret->topics, ret->n_topics);
		ret->topics[ret->n_topics++] = (struct topic){
			.slug = query_text(&q, 1, a),
			.title = query_text(&q, 2, a),
		};
	}
	return query_done(&q, e);
}

/* What the row does not have that lists it: columns of the body, from here. */
static void
take_body(struct query *q, int column, struct arena *a, struct entry *ret)
{
	ret->summary = query_text(q, column, a);
	ret->html = query_text(q, column + 1, a);
	take_people(query_text(q, column + 2, a), a, ret);
	ret->related_label = query_text(q, column + 3, a);
	fields_take(query_text(q, column + 4, a), a, &ret->fields);
}

/* End a query for one entry, and read what is in other tables. */
static int
take_rest(struct store_reader *r, struct query *q, bool found,
	struct arena *a, struct entry *ret, struct err *e)
{
	if (query_done(q, e) < 0)
		return err_in(e, "reading an article");
	if (!found)
		return err_set(e, ERR_MISSING, "there is no such article");
	if (read_media(r, a, ret, e) < 0 || read_channels(r, a, ret, e) < 0)
		return -1;
	return read_links(r, a, ret, e);
}

static int
take_whole(struct store_reader *r, struct query *q, struct arena *a,
	struct entry *ret, struct err *e)
{
	bool found = query_row(q);

	if (found) {
		entry_take(q, a, ret);
		take_body(q, ENTRY_COLUMN_COUNT, a, ret);
	}
	return take_rest(r, q, found, a, ret, e);
}

#define BODY_COLUMNS "b.summary, b.html, b.people, b.related_label, b.fields"
#define WHOLE_ENTRY "SELECT " ENTRY_COLUMNS ", " BODY_COLUMNS \
	" FROM article a" \
	" JOIN body b ON b.article_id = a.id" ENTRY_JOINS

int
read_entry(struct store_reader *r, const struct entry *listed,
	struct arena *a, struct entry *ret, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT " BODY_COLUMNS
		" FROM body b WHERE b.article_id = ?");
	bool found;

	*ret = *listed;
	query_put_int(&q, listed->article_id);
	found = query_row(&q);
	if (found)
		take_body(&q, 0, a, ret);
	return take_rest(r, &q, found, a, ret, e);
}

int
read_entry_by_slug(struct store_reader *r, struct slice slug,
	struct arena *a, struct entry *ret, struct err *e)
{
	struct query q = query_start(&r->db, WHOLE_ENTRY
		" WHERE a.slug = ?");

	query_put_text(&q, slug);
	return take_whole(r, &q, a, ret, e) < 0 ? -1 :
		read_neighbours(r, a, ret, e);
}

/* The one whose file is there; else the last one whose file was. */
int
read_entry_by_path(struct store_reader *r, struct slice path,
	struct arena *a, struct entry *ret, struct err *e)
{
	struct query q = query_start(&r->db, WHOLE_ENTRY " WHERE a.id = "
		"coalesce((SELECT article_id FROM file WHERE path = ?1),"
		" (SELECT max(id) FROM article WHERE state > 0"
		"  AND path = ?1))");

	query_put_text(&q, path);
	return take_whole(r, &q, a, ret, e);
}

int
read_entry_by_id(struct store_reader *r, int64_t article_id,
	struct arena *a, struct entry *ret, struct err *e)
{
	struct query q = query_start(&r->db, WHOLE_ENTRY " WHERE a.id = ?");

	query_put_int(&q, article_id);
	return take_whole(r, &q, a, ret, e);
}
