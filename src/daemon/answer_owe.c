/*
 * To send what no announcement makes owed, for gazettectl: an article once
 * more, or what was published before a target was there.
 */
#include "base/date.h"
#include "base/quantity.h"
#include "base/utf8.h"
#include "daemon/answer_verb.h"
#include "push/courier.h"
#include "push/route.h"

static int
refuse_without_target(struct answer_job *j)
{
	err_set(&j->failed, ERR_SYNTAX, "which target?");
	return err_hint(&j->failed, "Say --target NAME; \"gazettectl "
		"targets\" lists them.");
}

/* ---- one article ---- */

static void
posted(struct answer_job *j)
{
	answer_changed(j, "deliveries to be sent", NULL);
}

/* Was it owed to the target before? */
static void
post_read(struct answer_job *j, struct store_reader *r)
{
	const struct courier *c = j->press->courier;
	struct store_reader *press = c->ops->reader_take(c->press);
	struct outbox_filter f = { .target = answer_word(j, "target"),
		.max = 1 };
	struct outbox_row *rows;
	struct entry entry;
	size_t n = 0;
	int ret = c->ops->entry_by_path(press, j->argument, &j->arena, &entry,
		&j->failed);

	c->ops->reader_give(c->press, press);
	if (ret < 0)
		return;
	f.subject = route_article_subject(entry.article_id, &j->arena);
	if (outbox_sqlite.list(r, &f, &j->arena, &rows, &n, &j->failed) < 0 ||
		n == 0)
		return;
	err_set(&j->failed, ERR_REFUSED, "\"%.*s\" is delivery %jd of "
		"\"%.*s\", which is %.*s", ARG(j->argument),
		(intmax_t)rows->id, ARG(f.target),
		ARG(outbox_state_name(rows->plan.state)));
	err_hint(&j->failed, "Say --again to have it sent once more.");
}

static void
post(struct answer_job *j)
{
	const struct engine_order o = { .verb = ENGINE_AGAIN,
		.target = answer_word(j, "target"), .path = j->argument };

	answer_order(j, &o, 1, posted);
}

void
answer_post(struct answer_job *j)
{
	if (answer_word(j, "target").len == 0 && refuse_without_target(j) < 0)
		answer_end(j);
	else if (json_is_true(json_object_get(j->args, "again")))
		post(j);
	else
		answer_read(j, post_read, post);
}

/* ---- many ---- */

enum { USUAL_EVERY_MS = 360 * 1000 };	/* 10/h */

static void
backfilled(struct answer_job *j)
{
	if (j->is_dry)
		answer_changed(j, "articles that were never sent",
			"Nothing was done.  Say --yes to send them.");
	else
		answer_changed(j, "articles to be sent", NULL);
}

static int
take_date(struct answer_job *j, const char *key, int64_t *ret)
{
	struct slice text = answer_word(j, key);

	*ret = date_parse_iso(text, j->config->site.zone_minutes);
	if (*ret >= 0)
		return 0;
	err_set(&j->failed, ERR_SYNTAX, "--%s \"%.*s\" is not a date", key,
		ARG(utf8_first(text, 40)));
	return err_hint(&j->failed, "Write it as 2024-05-15, or \"2024-05-15 "
		"08:00\".");
}

static int
take_rate(struct answer_job *j, int64_t *ret)
{
	struct slice text = answer_word(j, "rate");
	int64_t n, ms;

	*ret = USUAL_EVERY_MS;
	if (text.len == 0)
		return 0;
	if (quantity_rate(text, &n, &ms)) {
		*ret = ms / n;
		return 0;
	}
	err_set(&j->failed, ERR_SYNTAX, "--rate \"%.*s\" is not so many in so "
		"long", ARG(utf8_first(text, 40)));
	return err_hint(&j->failed, "Write it as 10/h, or 100/d.");
}

static int
take_backfill(struct answer_job *j, struct engine_order *ret)
{
	*ret = (struct engine_order){ .verb = ENGINE_BACKFILL,
		.target = answer_word(j, "target"), .dry = j->is_dry };
	if (ret->target.len == 0)
		return refuse_without_target(j);
	if (take_date(j, "from", &ret->from) < 0 ||
		take_date(j, "to", &ret->to) < 0 ||
		take_rate(j, &ret->every_ms) < 0)
		return -1;
	if (ret->from < ret->to)
		return 0;
	return err_set(&j->failed, ERR_SYNTAX, "--from is not before --to");
}

void
answer_backfill(struct answer_job *j)
{
	struct engine_order o;

	j->is_dry = !json_is_true(json_object_get(j->args, "yes"));
	if (take_backfill(j, &o) < 0)
		answer_end(j);
	else
		answer_order(j, &o, 1, backfilled);
}
