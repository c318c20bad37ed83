/*
 * What became of a file, for gazettectl.
 */
#include "daemon/answer_verb.h"
#include "feed/render.h"
#include "model/address.h"

static json_t *
people_answer(const struct entry *e)
{
	static const char *const roles[] = {
		[ROLE_AUTHOR] = "author",
		[ROLE_EDITOR] = "editor",
		[ROLE_PHOTOGRAPHER] = "photographer",
		[ROLE_TRANSLATOR] = "translator",
		[ROLE_CONTRIBUTOR] = "contributor",
	};
	json_t *list = json_array();

	for (size_t i = 0; i < e->n_people; i++)
		json_array_append_new(list, json_pack("{soss}",
			"name", answer_text(e->people[i].name),
			"role", roles[e->people[i].role]));
	return list;
}

static json_t *
related_answer(struct answer_job *j, const struct entry *e)
{
	json_t *list = json_array();

	for (size_t i = 0; i < e->n_related; i++) {
		const struct related *r = &e->related[i];

		json_array_append_new(list, json_pack("{soso}",
			"title", answer_text(r->title),
			"url", r->article_id ? answer_text(address_related(
				j->config, r, &j->arena)) : json_null()));
	}
	return list;
}

/* Of the metadata, what is said. */
static json_t *
fields_answer(const struct fields *f)
{
	static const char *const said[] = { NULL, "no", "yes" };
	static const char *const shared[] = { NULL, "full", "text-only",
		"none" };
	const struct { const char *name; struct slice text; } texts[] = {
		{ "short-title", f->short_title }, { "section", f->section },
		{ "source", f->source }, { "copyright", f->copyright },
		{ "licence", f->licence },
		{ "translation-of", f->translation_of },
		{ "correction", f->correction }, { "cover", f->cover },
		{ "urgent", slice_str(said[f->urgent]) },
		{ "minor", slice_str(said[f->minor]) },
		{ "syndication", slice_str(shared[f->syndication]) },
	};
	json_t *o = json_object(), *tags = json_array();

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		if (texts[i].text.len > 0)
			json_object_set_new(o, texts[i].name,
				answer_text(texts[i].text));
	for (size_t i = 0; i < f->n_tags; i++)
		json_array_append_new(tags, answer_text(f->tags[i]));
	json_object_set_new(o, "tags", tags);
	if (f->lost > 0)
		json_object_set_new(o, "characters-lost",
			json_integer(f->lost));
	return o;
}

static json_t *
media_answer(struct answer_job *j, const struct entry *e)
{
	json_t *list = json_array();

	for (size_t i = 0; i < e->n_media; i++) {
		const struct media *m = &e->media[i];
		struct slice url = m->name.len > 0 ? address_media(j->config,
			m, &j->arena) : m->url;

		json_array_append_new(list, json_pack("{so so so so so si si}",
			"url", answer_text(url), "path", answer_text(m->path),
			"alt", answer_text(m->alt),
			"caption", answer_text(m->caption),
			"credit", answer_text(m->credit),
			"width", m->width, "height", m->height));
	}
	return list;
}

static json_t *
entry_answer(struct answer_job *j, const struct entry *e)
{
	static const char *const states[] = {
		[STATE_LIVE] = "live",
		[STATE_WITHDRAWN] = "withdrawn",
		[STATE_KEPT] = "kept",
	};
	json_t *o = json_pack("{sososososososIsIss so so so}",
		"path", answer_text(e->path), "id", answer_text(e->uid),
		"slug", answer_text(e->slug), "title", answer_text(e->title),
		"headline", answer_text(e->headline),
		"url", answer_text(address_entry(j->config, e, &j->arena)),
		"published", (json_int_t)e->published,
		"updated", (json_int_t)e->updated,
		"state", states[e->state],
		"people", people_answer(e),
		"related", related_answer(j, e),
		"media", media_answer(j, e));

	CHECK(o);
	json_object_set_new(o, "fields", fields_answer(&e->fields));
	json_object_set_new(o, "series", e->series_id ?
		json_pack("{sosi}", "title", answer_text(e->series_title),
			"part", e->part) : json_null());
	return o;
}

/* Why a file is set aside, or NULL when it is not. */
static json_t *
aside_answer(struct answer_job *j, struct store_reader *r)
{
	struct aside *a;
	size_t n;

	if (j->press->ops->asides(r, SIZE_MAX / 2, &j->arena, &a, &n,
		&j->failed) < 0)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (slice_eq(a[i].path, j->argument))
			return json_pack("{soso}", "why", answer_text(a[i].why),
				"hint", answer_text(a[i].hint));
	return NULL;
}

/* What a file waits for; its article may have been published before. */
static void
put_wait(json_t *o, const struct file_state *s)
{
	if (s->release == RELEASE_NEVER)
		json_object_set_new(o, "waits", json_string("draft"));
	else if (s->release > 0)
		json_object_set_new(o, "waits_until",
			json_integer((json_int_t)s->release));
	if (s->barred)
		json_object_set_new(o, "barred", json_true());
	if (s->held != HOLD_NOT)
		json_object_set_new(o, "held", json_string(
			s->held == HOLD_ASK ? "ask" :
			s->held == HOLD_CONFIRMED ? "confirmed" : "guard"));
}

/* A file that no article was made of: set aside, or not to be shown. */
static json_t *
articleless_answer(struct answer_job *j, const struct file_state *s,
	json_t *aside)
{
	json_t *o = json_pack("{soss}", "path", answer_text(j->argument),
		"state", aside ? "aside" : s->release == RELEASE_NEVER ?
		"draft" : s->release ? "waiting" : "withdrawn");

	json_object_set_new(o, "aside", aside ? aside : json_null());
	return o;
}

void
answer_article_read(struct answer_job *j, struct store_reader *r)
{
	json_t *o, *list, *aside;
	struct file_state state;
	struct entry e;
	struct feed *f;
	size_t n;

	if (j->press->ops->file_state(r, j->argument, &state, &j->failed) < 0)
		return;
	aside = aside_answer(j, r);
	if (j->press->ops->entry_by_path(r, j->argument, &j->arena, &e,
		&j->failed) < 0) {
		if (!state.known || j->failed.kind != ERR_MISSING) {
			err_in(&j->failed, "\"%.*s\"", ARG(j->argument));
			return;
		}
		j->failed.kind = ERR_NONE;
		o = articleless_answer(j, &state, aside);
		put_wait(o, &state);
		json_object_set_new(j->answer, "article", o);
		return;
	}
	o = entry_answer(j, &e);
	json_object_set_new(o, "aside", aside ? aside : json_null());
	put_wait(o, &state);
	json_object_set_new(j->answer, "article", o);
	list = json_array();
	json_object_set_new(o, "feeds", list);
	if (j->press->ops->feeds_of(r, e.article_id, &j->arena, &f, &n,
		&j->failed) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, answer_text(site_address(
			&j->config->site, address_feed(&f[i],
			renderers[0]->ending, &j->arena), &j->arena)));
}

