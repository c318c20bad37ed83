/*
 * Previews, for gazettectl: what was sent, or would be, byte by byte, with
 * secrets masked.  The engine makes them; nothing leaves the machine.
 */
#include "base/utf8.h"
#include "daemon/answer_verb.h"
#include "push/courier.h"

static void
put_request(json_t *o, const struct engine_shown *shown)
{
	json_object_set_new(o, "request", answer_text(shown->request));
	json_object_set_new(o, "hash", json_string(shown->hash));
}

static void
ask_engine(struct answer_job *j, void (*done)(struct engine_preview *))
{
	j->preview.done = done;
	engine_preview(j->press->courier->engine, &j->preview);
}

static void
end_with(struct answer_job *j)
{
	engine_preview_done(&j->preview);
	answer_end(j);
}

/* ---- one delivery ---- */

static void
show_read(struct answer_job *j, struct store_reader *r)
{
	const struct courier *c = j->press->courier;
	struct store_reader *press;
	struct outbox_row row;
	json_t *o;

	if (outbox_sqlite.show(r, j->preview.id, &j->arena, &row,
		&j->failed) < 0)
		return;
	press = c->ops->reader_take(c->press);
	o = answer_delivery(j, &row, press);
	c->ops->reader_give(c->press, press);
	CHECK(o);
	json_object_set_new(o, "key", answer_text(row.plan.uid));
	json_object_set_new(o, "revision",
		json_integer((json_int_t)row.plan.revision));
	json_object_set_new(o, "nth", json_integer((json_int_t)row.nth));
	json_object_set_new(o, "sent_hash", answer_text(row.hash));
	if (row.plan.state == OUTBOX_DONE)
		json_object_set_new(o, "there", answer_text(row.memo));
	json_object_set_new(j->answer, "delivery", o);
}

/* That it cannot be composed any more is no reason not to show the rest. */
static void
on_shown(struct engine_preview *p)
{
	struct answer_job *j = CONTAINER_OF(p, struct answer_job, preview);
	json_t *o = json_object_get(j->answer, "delivery");

	if (p->failed.kind != ERR_NONE)
		json_object_set_new(o, "unseen", json_string(p->failed.text));
	else if (p->n > 0 && p->list[0].request.len > 0)
		put_request(o, &p->list[0]);
	end_with(j);
}

static void
show_request(struct answer_job *j)
{
	ask_engine(j, on_shown);
}

void
answer_show(struct answer_job *j)
{
	struct slice text = answer_word(j, "path");

	if (answer_parse_id(text, &j->preview.id)) {
		answer_read(j, show_read, show_request);
		return;
	}
	err_set(&j->failed, ERR_SYNTAX, "\"%.*s\" is not the number of a "
		"delivery", ARG(utf8_first(text, 40)));
	err_hint(&j->failed, "\"gazettectl outbox\" lists them.");
	answer_end(j);
}

/* ---- an article ---- */

static json_t *
shown_answer(const struct engine_shown *s)
{
	json_t *o = json_pack("{so so so so si}",
		"target", answer_text(s->target),
		"subject", answer_text(s->subject),
		"action", answer_text(s->action),
		"state", answer_text(outbox_state_name(s->state)),
		"step", s->step);

	CHECK(o);
	if (s->id > 0)
		json_object_set_new(o, "id", json_integer((json_int_t)s->id));
	if (s->why.len > 0)
		json_object_set_new(o, "why", answer_text(s->why));
	if (s->request.len > 0)
		put_request(o, s);
	return o;
}

static void
on_previewed(struct engine_preview *p)
{
	struct answer_job *j = CONTAINER_OF(p, struct answer_job, preview);
	json_t *list = json_array();

	for (size_t i = 0; i < p->n; i++)
		json_array_append_new(list, shown_answer(&p->list[i]));
	json_object_set_new(j->answer, "previews", list);
	j->failed = p->failed;
	end_with(j);
}

void
answer_preview(struct answer_job *j)
{
	j->preview.path = j->argument;
	j->preview.target = answer_word(j, "target");
	ask_engine(j, on_previewed);
}
