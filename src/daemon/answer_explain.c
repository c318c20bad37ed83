/*
 * Explain, for gazettectl: why an article has its series, part and topics.
 *
 * The file is read again, as it is now, by the readers that read it for the
 * feeds; then the store says what its siblings and links make of it.  Nothing
 * is published or stored by asking.
 */
#include "daemon/answer_verb.h"
#include "daemon/companions.h"
#include "series/explain.h"
#include "series/series.h"

/* ---- loop ---- */

void
answer_explain_begin(struct answer_job *j)
{
	j->item = ARENA_NEW(&j->arena, struct item);
	if (!watch_describe(j->press->watch, j->argument, j->item, &j->arena))
		j->item = NULL;
}

/* ---- pool: the file ---- */

static void
add_evidence(json_t *list, const char *word, struct slice text)
{
	json_array_append_new(list, json_pack("{ssso}", "by", word,
		"text", answer_text(text)));
}

/* -1: it is set aside, or gone; j->failed or the answer says so. */
static int
read_it(struct answer_job *j)
{
	struct item *i = j->item;
	struct company with = { .press = j->press, .config = j->config,
		.item = i, .arena = &j->arena, .without_pictures = true };
	struct read_env env;

	watch_reconcile(i, j->config->roots[i->root].max_size, &j->arena);
	if (i->fate != ITEM_READ)
		return -1;
	companions_gather(&with, &env);
	i->article = ARENA_NEW(&j->arena, struct article);
	return read_article(&env, i->bytes, &j->arena, i->article, &i->why);
}

static json_t *
aside(const struct item *i)
{
	return json_pack("{ssss}", "why", i->why.kind == ERR_NONE ?
		"the file cannot be read just now" : i->why.text,
		"hint", i->why.hint);
}

static json_t *
topics(const struct article *art)
{
	json_t *list = json_array();

	for (size_t k = 0; k < art->n_topics; k++)
		json_array_append_new(list, answer_text(art->topics[k]));
	return list;
}

static void
put_article(struct answer_job *j, json_t *evidence)
{
	const struct article *art = j->item->article;
	struct evidence found;

	json_object_set_new(j->answer, "title",
		answer_text(art->entry_title));
	json_object_set_new(j->answer, "headline",
		answer_text(art->mark.headline));
	json_object_set_new(j->answer, "topics", topics(art));
	series_explain(j->config, j->item->path, art, &j->arena, &found);
	for (size_t k = 0; k < found.n; k++)
		add_evidence(evidence, found.lines[k].word,
			found.lines[k].text);
}

/* ---- pool: what the store adds ---- */

static json_t *
series_answer(const struct series_info *s, int part)
{
	return json_pack("{sososisi}", "title", answer_text(s->title),
		"key", answer_text(s->key), "part", part, "total", s->total);
}

/* Why a weak mark is, or is not yet, enough. */
static void
explain_weak(struct answer_job *j, const struct entry *e, json_t *evidence)
{
	const struct mark *m = &j->item->article->mark;

	if (m->strength != MARK_WEAK)
		return;
	if (e->series_id)
		add_evidence(evidence, "confirmed", S("another part, or a "
			"related link, names the same series"));
	else if (m->number == 0)
		add_evidence(evidence, "waiting", S("a name without a number "
			"joins no series by itself"));
	else
		add_evidence(evidence, "waiting", arena_printf(&j->arena,
			"for another part of \"%.*s\", or a related link to "
			"this one", ARG(m->name)));
}

static void
explain_place(struct answer_job *j, const struct entry *e,
	const struct series_info *s, json_t *evidence)
{
	const struct mark *m = &j->item->article->mark;

	if (m->last)
		add_evidence(evidence, "last", arena_printf(&j->arena,
			"\"%.*s\" is the last part, which is %d now",
			ARG(m->label), e->part));
	if (!slice_eq(m->key, s->key) && m->key.len > 0)
		add_evidence(evidence, "merged", arena_printf(&j->arena,
			"\"%.*s\" is a name of \"%.*s\"", ARG(m->key),
			ARG(s->title)));
	for (size_t k = 0; k < s->n_twice; k++)
		if (s->twice[k] == e->part)
			add_evidence(evidence, "twice", arena_printf(
				&j->arena, "another article claims part %d, "
				"too", e->part));
}

static int
put_series(struct answer_job *j, struct store_reader *r, json_t *evidence)
{
	const struct store_ops *ops = j->press->ops;
	struct series_info s;
	struct entry e;

	json_object_set_new(j->answer, "series", json_null());
	if (ops->entry_by_path(r, j->argument, &j->arena, &e,
		&j->failed) < 0) {
		if (j->failed.kind != ERR_MISSING)
			return -1;
		j->failed.kind = ERR_NONE;
		add_evidence(evidence, "unread", S("the store does not have "
			"it yet"));
		return 0;
	}
	explain_weak(j, &e, evidence);
	if (!e.series_id)
		return 0;
	if (ops->series_named(r, e.series_slug, S(""), &j->arena, &s,
		&j->failed) < 0)
		return -1;
	json_object_set_new(j->answer, "series", series_answer(&s, e.part));
	explain_place(j, &e, &s, evidence);
	return 0;
}

void
answer_explain_read(struct answer_job *j, struct store_reader *r)
{
	json_t *evidence = json_array();

	json_object_set_new(j->answer, "path", answer_text(j->argument));
	json_object_set_new(j->answer, "evidence", evidence);
	if (!j->item) {
		err_set(&j->failed, ERR_MISSING, "there is no file \"%.*s\"",
			ARG(j->argument));
		err_hint(&j->failed, "Name a file of the content directory.");
		return;
	}
	if (read_it(j) < 0) {
		json_object_set_new(j->answer, "aside", aside(j->item));
		return;
	}
	/* The mark itself, for what the store says of it. */
	series_mark_article(j->config, j->item->path, j->item->article,
		&j->arena);
	put_article(j, evidence);
	if (put_series(j, r, evidence) < 0)
		err_in(&j->failed, "\"%.*s\"", ARG(j->argument));
}
