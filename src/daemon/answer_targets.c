/*
 * Targets, for gazettectl: who is told, how that goes, and to have one wait,
 * go on, or be tried.
 */
#include "base/clock.h"
#include "daemon/answer_verb.h"
#include "model/token.h"
#include "push/courier.h"
#include "push/route.h"

/* ---- reading ---- */

void
answer_targets_begin(struct answer_job *j)
{
	const struct err *held =
		engine_is_held(j->press->courier->engine);

	json_object_set_new(j->answer, "held", json_string(held ? held->text :
		""));
	json_object_set_new(j->answer, "hint", json_string(held ? held->hint :
		""));
	json_object_set_new(j->answer, "healthy", json_boolean(!held));
}

static const struct outbox_count *
count_of(const struct outbox_count *list, size_t n, struct slice target)
{
	static const struct outbox_count none;

	for (size_t i = 0; i < n; i++)
		if (slice_eq(list[i].target, target))
			return &list[i];
	return &none;
}

/* The newest one in that state; an id of 0: there is none. */
static int
newest(struct answer_job *j, struct store_reader *r, struct slice target,
	enum outbox_state state, struct outbox_row *ret)
{
	const struct outbox_filter f = { .target = target, .by_state = true,
		.state = state, .max = 1 };
	struct outbox_row *rows;
	size_t n;

	*ret = (struct outbox_row){ 0 };
	if (outbox_sqlite.list(r, &f, &j->arena, &rows, &n, &j->failed) < 0)
		return -1;
	if (n > 0)
		*ret = rows[0];
	return 0;
}

/* Open: it failed so often that it is left alone for a while. */
static const char *
state_of(const struct outbox_target *known, const struct target *t)
{
	if (!t)
		return "removed";
	if (known->state != TARGET_ACTIVE)
		return outbox_target_state_name(known->state).ptr;
	return known->open_until > clock_now_ms() ? "failing" : "active";
}

static json_t *
target_answer(struct answer_job *j, const struct outbox_target *known,
	const struct target *t, const struct outbox_count *c,
	struct store_reader *r)
{
	const int64_t *of = c->by_state;
	struct outbox_row done, rejected;

	if (newest(j, r, known->name, OUTBOX_DONE, &done) < 0 ||
		newest(j, r, known->name, OUTBOX_REJECTED, &rejected) < 0)
		return NULL;
	return json_pack("{so so ss so sI sI sI sI sI sI sI sI sI so}",
		"name", answer_text(known->name),
		"type", answer_text(known->type),
		"state", state_of(known, t),
		"why", answer_text(known->why),
		"since", (json_int_t)(known->since_at / 1000),
		"changed", (json_int_t)(known->state_at / 1000),
		"again", (json_int_t)(known->open_until / 1000),
		"fails", (json_int_t)known->fails,
		"waits", (json_int_t)(of[OUTBOX_PLANNED] + of[OUTBOX_READY] +
			of[OUTBOX_SENDING] + of[OUTBOX_HELD]),
		"done", (json_int_t)of[OUTBOX_DONE],
		"failed", (json_int_t)(of[OUTBOX_REJECTED] +
			of[OUTBOX_UNKNOWN]),
		"oldest", (json_int_t)(c->oldest / 1000),
		"last", (json_int_t)(done.settled / 1000),
		"error", answer_text(rejected.id > done.id ? rejected.why :
			S("")));
}

/* When a token is over, and what somebody has to do about it. */
static void
put_token(struct answer_job *j, json_t *to, const struct token_row *list,
	size_t n, struct slice target)
{
	const struct token_row *t = NULL;
	struct slice todo = S("");

	for (size_t i = 0; i < n; i++)
		if (slice_eq(list[i].target, target))
			t = &list[i];
	if (!t)
		return;
	if (t->ends > 0 && t->ends - clock_now_ms() < TOKEN_WARN_MS)
		todo = arena_printf(&j->arena, "its token ends soon: "
			"\"gazettectl target auth %.*s\"", ARG(target));
	json_object_set_new(to, "todo", answer_text(todo));
	json_object_set_new(to, "token", json_pack("{sb sI sI sI}",
		"there", t->has_access,
		"got", (json_int_t)(t->got / 1000),
		"expires", (json_int_t)(t->expires / 1000),
		"ends", (json_int_t)(t->ends / 1000)));
}

void
answer_targets_read(struct answer_job *j, struct store_reader *r)
{
	json_t *list = json_array(), *one;
	struct outbox_target *known;
	struct token_row *tokens;
	struct outbox_count *c;
	size_t n, n_counts, n_tokens;

	json_object_set_new(j->answer, "targets", list);
	if (token_sqlite.list(r, &j->arena, &tokens, &n_tokens,
		&j->failed) < 0 ||
		outbox_sqlite.targets(r, &j->arena, &known, &n,
			&j->failed) < 0 ||
		outbox_sqlite.counts(r, &j->arena, &c, &n_counts,
			&j->failed) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		one = target_answer(j, &known[i], config_target(j->config,
			known[i].name), count_of(c, n_counts, known[i].name),
			r);
		if (!one)
			return;
		json_array_append_new(list, one);
		put_token(j, one, tokens, n_tokens, known[i].name);
		if (known[i].state == TARGET_HELD)
			json_object_set_new(j->answer, "healthy",
				json_false());
	}
}

/* ---- orders ---- */

static void
paused(struct answer_job *j)
{
	answer_changed(j, "targets paused", "What is planned for it waits; "
		"\"gazettectl resume\" goes on.");
}

void
answer_pause(struct answer_job *j)
{
	const struct engine_order o = { .verb = ENGINE_PAUSE,
		.target = answer_word(j, "path"),
		.why = S("somebody paused it") };

	answer_order(j, &o, 1, paused);
}

static void
resumed(struct answer_job *j)
{
	answer_changed(j, "targets that go on", NULL);
}

void
answer_resume(struct answer_job *j)
{
	const struct engine_order o = { .verb = ENGINE_RESUME,
		.target = answer_word(j, "path") };

	answer_order(j, &o, 1, resumed);
}

static void
adopted(struct answer_job *j)
{
	answer_changed(j, "deliveries held, that another copy may have sent",
		j->n > 0 ? "\"gazettectl outbox --state held\" lists them; "
		"\"release\" sends, \"discard\" does not." : NULL);
}

void
answer_adopt(struct answer_job *j)
{
	const struct engine_order o = { .verb = ENGINE_ADOPT };

	answer_order(j, &o, 1, adopted);
}

/* ---- trying one ---- */

int
answer_note_target(struct answer_job *j, struct store_reader *r,
	struct slice name)
{
	const struct outbox_target *t;
	struct outbox_target *list;
	size_t n;

	if (outbox_sqlite.targets(r, &j->arena, &list, &n, &j->failed) < 0)
		return -1;
	t = route_known(list, n, name);
	if (t && t->state != TARGET_ACTIVE)
		json_object_set_new(j->answer, "note", answer_text(
			arena_printf(&j->arena, "The target is %.*s: it is "
			"told when it goes on (\"gazettectl resume\").",
			ARG(outbox_target_state_name(t->state)))));
	return 0;
}

static void
test_read(struct answer_job *j, struct store_reader *r)
{
	const struct outbox_filter f = { .target = answer_word(j, "path"),
		.subject = S("ping"), .max = 1 };
	const struct courier *c = j->press->courier;
	struct store_reader *press;
	struct outbox_row *rows;
	size_t n;

	if (answer_note_target(j, r, f.target) < 0 || outbox_sqlite.list(r, &f,
		&j->arena, &rows, &n, &j->failed) < 0)
		return;
	if (n == 0) {
		err_set(&j->failed, ERR_MISSING, "nothing was sent to try "
			"\"%.*s\"", ARG(f.target));
		return;
	}
	press = c->ops->reader_take(c->press);
	json_object_set_new(j->answer, "delivery", answer_delivery(j, rows,
		press));
	c->ops->reader_give(c->press, press);
}

static void
tested(struct answer_job *j)
{
	answer_read(j, test_read, answer_end);
}

void
answer_target_test(struct answer_job *j)
{
	const struct engine_order o = { .verb = ENGINE_TEST,
		.target = answer_word(j, "path") };

	answer_order(j, &o, 1, tested);
}
