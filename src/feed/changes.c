/*
 * The change stream of a channel, as JSON.
 *
 * The names are those of JSON Feed 1.1 where it has any.  Of what was
 * withdrawn only the id is told.
 */
#include <jansson.h>
#include <stdlib.h>

#include "base/date.h"
#include "feed/changes.h"
#include "feed/render.h"
#include "model/address.h"

static const char *const actions[] = {
	[CHANGED_PUBLISHED] = "published", [CHANGED_UPDATED] = "updated",
	[CHANGED_CORRECTED] = "corrected", [CHANGED_WITHDRAWN] = "withdrawn",
};

int64_t
changes_cursor(struct slice cursor, struct slice stream)
{
	if (cursor.len == 0)
		return 0;
	if (!slice_starts(cursor, stream) || cursor.len <= stream.len ||
		cursor.ptr[stream.len] != '-')
		return -1;
	return slice_number(slice_from(cursor, stream.len + 1), INT64_MAX);
}

static void
set_text(json_t *o, const char *key, struct slice s)
{
	json_object_set_new(o, key, json_stringn(s.ptr, s.len));
}

static void
set_date(json_t *o, const char *key, int64_t t)
{
	char text[DATE_SIZE];

	set_text(o, key, date_rfc3339(t, text));
}

static json_t *
change_object(const struct config *c, const struct change *change,
	struct arena *a)
{
	json_t *o = json_object();

	set_text(o, "action", slice_str(actions[change->action]));
	set_date(o, "at", change->at);
	set_text(o, "id", change->uid);
	if (change->action == CHANGED_WITHDRAWN)
		return o;
	set_text(o, "url", change->url.len ? change->url :
		address_article(c, change->path, change->slug, a));
	set_text(o, "title", change->title);
	set_date(o, "date_published", change->published);
	set_date(o, "date_modified", change->updated);
	return o;
}

static void
put_object(struct buf *b, json_t *o)
{
	char *text = json_dumps(o, JSON_INDENT(1));

	CHECK(text);
	buf_put_str(b, text);
	buf_put_byte(b, '\n');
	free(text);
	json_decref(o);
}

void
changes_put(struct buf *b, const struct config *c, const struct feed *f,
	const struct changes *page, int64_t after, struct arena *a)
{
	int64_t last = page->n ? page->list[page->n - 1].seq : after;
	struct slice cursor = arena_printf(a, "%.*s-%jd", ARG(page->stream),
		(intmax_t)last);
	json_t *o = json_object(), *list = json_array();

	set_text(o, "title", feed_title(c, f));
	set_text(o, "feed_url", site_address(&c->site, address_feed(f,
		renderers[0]->ending, a), a));
	set_text(o, "cursor", cursor);
	set_text(o, "next", arena_printf(a, "%.*s?after=%.*s",
		ARG(address_changes(c, f, a)), ARG(cursor)));
	json_object_set_new(o, "more", json_boolean(page->more));
	for (size_t i = 0; i < page->n; i++)
		json_array_append_new(list, change_object(c, &page->list[i],
			a));
	json_object_set_new(o, "changes", list);
	put_object(b, o);
}

void
changes_put_lost(struct buf *b, const struct config *c, const struct feed *f,
	struct arena *a)
{
	json_t *o = json_object();

	set_text(o, "error", S("The cursor is not of this stream. Take the "
		"whole channel again, and go on from \"next\"."));
	set_text(o, "feed_url", site_address(&c->site, address_feed(f,
		renderers[0]->ending, a), a));
	set_text(o, "next", address_changes(c, f, a));
	put_object(b, o);
}
