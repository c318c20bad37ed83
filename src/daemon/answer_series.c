/*
 * Series, for gazettectl: which parts are here, which are missing, and what
 * an editor should correct.
 */
#include "daemon/answer_verb.h"
#include "daemon/notes.h"
#include "feed/render.h"
#include "model/address.h"
#include "model/series_name.h"

enum { SERIES_MAX = 1000, PARTS_SHOWN_MAX = 1000, NEAR_SHOWN_MAX = 100 };

static json_t *
numbers(const int *list, size_t n)
{
	json_t *a = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(a, json_integer(list[i]));
	return a;
}

json_t *
answer_series(const struct series_info *s)
{
	json_t *o = json_pack("{sosososisb}",
		"title", answer_text(s->title), "slug", answer_text(s->slug),
		"key", answer_text(s->key), "total", s->total,
		"complete", (int)s->complete);

	CHECK(o);
	json_object_set_new(o, "parts", numbers(s->parts, s->n_parts));
	json_object_set_new(o, "missing", numbers(s->missing, s->n_missing));
	json_object_set_new(o, "withdrawn", numbers(s->withdrawn,
		s->n_withdrawn));
	json_object_set_new(o, "twice", numbers(s->twice, s->n_twice));
	return o;
}

int
answer_put_series(struct answer_job *j, struct store_reader *r, size_t max)
{
	json_t *list = json_array();
	struct series_info *s;
	size_t n;

	json_object_set_new(j->answer, "series", list);
	if (j->press->ops->series(r, max, &j->arena, &s, &n, &j->failed) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, answer_series(&s[i]));
	return 0;
}

int
answer_put_near(struct answer_job *j, struct store_reader *r,
	int64_t series_id)
{
	json_t *list = json_array();
	struct near_miss *m;
	size_t n;

	json_object_set_new(j->answer, "near", list);
	if (j->press->ops->near_misses(r, series_id, NEAR_SHOWN_MAX,
		&j->arena, &m, &n, &j->failed) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_pack("{sososososiso}",
			"path", answer_text(m[i].path),
			"title", answer_text(m[i].title),
			"series", answer_text(m[i].series),
			"name", answer_text(m[i].name), "part", m[i].part,
			"fix", answer_text(notes_fix(m[i].name, m[i].series,
				&j->arena))));
	return 0;
}

/* ---- one of them ---- */

static json_t *
part_answer(struct answer_job *j, const struct entry *e)
{
	return json_pack("{sisosososo sI sb}", "part", e->part,
		"label", answer_text(e->part_label),
		"title", answer_text(e->title),
		"path", answer_text(e->path),
		"url", answer_text(address_entry(j->config, e, &j->arena)),
		"published", (json_int_t)e->published,
		"withdrawn", (int)(e->state == STATE_WITHDRAWN));
}

static json_t *
addresses(struct answer_job *j, const struct series_info *s)
{
	const struct site *site = &j->config->site;
	struct feed f = { .kind = CHANNEL_SERIES, .slug = s->slug };
	struct arena *a = &j->arena;
	json_t *list = json_array();

	json_array_append_new(list, answer_text(site_address(site,
		address_page(CHANNEL_SERIES, s->slug, a), a)));
	for (size_t i = 0; renderers[i]; i++)
		json_array_append_new(list, answer_text(site_address(site,
			address_feed(&f, renderers[i]->ending, a), a)));
	return list;
}

/* Its other names: the keys that mean it. */
static json_t *
aliases(const struct series_info *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->n_keys; i++)
		if (!slice_eq(s->keys[i], s->key))
			json_array_append_new(list, answer_text(s->keys[i]));
	return list;
}

static void
one_series(struct answer_job *j, struct store_reader *r, struct slice name)
{
	const struct store_ops *ops = j->press->ops;
	json_t *o, *list = json_array();
	struct series_info s;
	struct entry *e;
	size_t n;

	json_object_set_new(j->answer, "articles", list);
	if (ops->series_named(r, name, series_key(name, &j->arena),
		&j->arena, &s, &j->failed) < 0) {
		err_hint(&j->failed, "\"gazettectl series\" lists them.");
		return;
	}
	if (answer_put_near(j, r, s.id) < 0 || ops->series_parts(r, s.id,
		PARTS_SHOWN_MAX, &j->arena, &e, &n, &j->failed) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, part_answer(j, &e[i]));
	o = answer_series(&s);
	json_object_set_new(o, "aliases", aliases(&s));
	json_object_set_new(o, "addresses", addresses(j, &s));
	json_object_set_new(j->answer, "series", o);
}

void
answer_series_read(struct answer_job *j, struct store_reader *r)
{
	const char *name = json_string_value(json_object_get(j->args,
		"path"));

	if (name && name[0])
		one_series(j, r, slice_str(name));
	else if (answer_put_series(j, r, SERIES_MAX) == 0 &&
		answer_put_near(j, r, 0) < 0)
		return;
}
