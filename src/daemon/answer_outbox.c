/*
 * The outbox, for gazettectl: what is owed to whom, and what became of it.
 */
#include "daemon/answer_verb.h"
#include "push/courier.h"

/* What it is about, for people; empty: the subject says it. */
static struct slice
title_of(struct answer_job *j, const struct outbox_planned *p,
	struct store_reader *press)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	const struct store_ops *ops = j->press->courier->ops;
	struct entry entry;
	struct feed feed;
	struct err e;

	if (p->article_id > 0)
		return ops->entry_by_id(press, p->article_id, &a, &entry,
			&e) < 0 ? S("") : arena_copy(&j->arena, entry.title);
	if (p->feed_id > 0 && slice_starts(p->subject, S("f")))
		return ops->feed(press, p->feed_id, &a, &feed, &e) < 0 ?
			S("") : arena_copy(&j->arena, feed_title(j->config,
			&feed));
	return S("");
}

/* Answers have seconds; 0: never, or not yet. */
static json_int_t
seconds(int64_t ms)
{
	return (json_int_t)(ms / 1000);
}

static bool
is_waiting(enum outbox_state state)
{
	return state == OUTBOX_PLANNED || state == OUTBOX_READY ||
		state == OUTBOX_UNKNOWN;
}

json_t *
answer_delivery(struct answer_job *j, const struct outbox_row *row,
	struct store_reader *press)
{
	const struct outbox_planned *p = &row->plan;

	return json_pack("{sI so so so so so sb si si si si sI sI sI sI so}",
		"id", (json_int_t)row->id, "target", answer_text(row->target),
		"action", answer_text(p->action),
		"subject", answer_text(p->subject),
		"title", answer_text(title_of(j, p, press)),
		"state", answer_text(outbox_state_name(p->state)),
		"asked", p->asked, "step", row->step, "tries", row->tries,
		"sent", row->sent, "status", row->status,
		"created", seconds(row->created),
		"started", seconds(row->started),
		"due", is_waiting(p->state) ? seconds(p->due) : 0,
		"settled", seconds(row->settled),
		"error", answer_text(row->why));
}

static json_t *
count_answer(const struct outbox_count *c)
{
	json_t *o = json_pack("{so sI}", "target", answer_text(c->target),
		"oldest", seconds(c->oldest));

	CHECK(o);
	for (int s = 0; s < OUTBOX_STATES; s++)
		json_object_set_new(o, outbox_state_name(
			(enum outbox_state)s).ptr,
			json_integer((json_int_t)c->by_state[s]));
	return o;
}

static int
read_counts(struct answer_job *j, struct store_reader *r,
	struct slice target)
{
	json_t *list = json_array();
	struct outbox_count *c;
	size_t n;

	json_object_set_new(j->answer, "counts", list);
	if (outbox_sqlite.counts(r, &j->arena, &c, &n, &j->failed) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (target.len == 0 || slice_eq(c[i].target, target))
			json_array_append_new(list, count_answer(&c[i]));
	return 0;
}

/* What the options say: a target, a state or "all"; without, what is news. */
static int
take_filter(struct answer_job *j, struct outbox_filter *ret)
{
	struct slice state = answer_word(j, "state");

	*ret = (struct outbox_filter){ .target = answer_word(j, "target"),
		.before = json_integer_value(json_object_get(j->args,
			"before")),
		.is_news = state.len == 0 };
	if (state.len == 0 || slice_eq(state, S("all")))
		return 0;
	ret->by_state = outbox_state_parse(state, &ret->state);
	if (ret->by_state)
		return 0;
	err_set(&j->failed, ERR_SYNTAX, "there is no state \"%.*s\"",
		(int)MIN(state.len, (size_t)40), state.ptr);
	return err_hint(&j->failed, "They are planned, ready, sending, done, "
		"unknown, rejected, skipped and held; or say \"all\".");
}

void
answer_outbox_read(struct answer_job *j, struct store_reader *r)
{
	const struct courier *c = j->press->courier;
	json_t *list = json_array();
	struct store_reader *press;
	struct outbox_filter f;
	struct outbox_row *rows;
	size_t n;

	json_object_set_new(j->answer, "deliveries", list);
	if (take_filter(j, &f) < 0 || read_counts(j, r, f.target) < 0 ||
		outbox_sqlite.list(r, &f, &j->arena, &rows, &n,
			&j->failed) < 0)
		return;
	press = c->ops->reader_take(c->press);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, answer_delivery(j, &rows[i],
			press));
	c->ops->reader_give(c->press, press);
	json_object_set_new(j->answer, "cut",
		json_boolean(n == OUTBOX_LIST_MAX));
}
