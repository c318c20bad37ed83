/*
 * What gazettectl wants of the outbox: orders to the engine, for answers.
 *
 * Several orders of one answer go together, and each is done or refused for
 * itself: between the list they were made from and now, some may have been
 * sent.
 */
#include "daemon/answer_verb.h"
#include "push/courier.h"

/* An order, and whose it is; in the answer's arena. */
struct ordered {
	struct engine_order order;
	struct answer_job *job;
	bool is_only;
};

/* How many deliveries or targets it changed. */
static int64_t
count(const struct engine_order *o)
{
	switch (o->verb) {
	case ENGINE_ADOPT:
	case ENGINE_TEST:
	case ENGINE_AGAIN:
	case ENGINE_BACKFILL:
		return o->n;
	case ENGINE_PAUSE:
	case ENGINE_RESUME:
	case ENGINE_HOLD:
	case ENGINE_ACT:
		break;
	}
	return 1;
}

static void
on_done(struct engine_order *o)
{
	struct ordered *one = CONTAINER_OF(o, struct ordered, order);
	struct answer_job *j = one->job;

	if (o->failed.kind == ERR_NONE)
		j->n += count(o);
	else if (one->is_only)
		j->failed = o->failed;
	if (--j->under_way > 0)
		return;
	if (j->failed.kind == ERR_NONE)
		j->then(j);
	else
		answer_end(j);
}

void
answer_order(struct answer_job *j, const struct engine_order *list, size_t n,
	void (*then)(struct answer_job *j))
{
	struct ordered *all = ARENA_ARRAY(&j->arena, struct ordered, n);

	j->then = then;
	j->n = 0;
	j->under_way = n;
	if (n == 0) {
		then(j);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		all[i] = (struct ordered){ .order = list[i], .job = j,
			.is_only = n == 1 };
		all[i].order.done = on_done;
		engine_order(j->press->courier->engine, &all[i].order);
	}
}

void
answer_changed(struct answer_job *j, const char *what, const char *note)
{
	json_object_set_new(j->answer, "changed",
		json_integer((json_int_t)j->n));
	json_object_set_new(j->answer, "what", json_string(what));
	if (note)
		json_object_set_new(j->answer, "note", json_string(note));
	answer_end(j);
}

bool
answer_parse_id(struct slice text, int64_t *ret)
{
	int64_t id = slice_number(text, INT64_MAX);

	if (id <= 0)
		return false;
	*ret = id;
	return true;
}
