/*
 * What the operator does with deliveries, for gazettectl.
 *
 * Where a target may stand for a delivery, its deliveries are listed first and
 * then treated one by one: those that fit the verb, and no others.
 */
#include "base/clock.h"
#include "daemon/answer_verb.h"
#include "push/courier.h"
#include "push/route.h"

enum { CHOSEN_MAX = 10000 };	/* at once: each is an order in memory */

/* What a verb does with a target's deliveries, and is called. */
struct handling {
	enum outbox_verb act;
	const char *what;
	bool (*fits)(const struct outbox_row *row, int64_t oldest);
	bool must_be_sure;	/* of many: only with "yes" */
};

static bool
fits_retry(const struct outbox_row *row, int64_t oldest)
{
	switch (row->plan.state) {
	case OUTBOX_READY:
		return row->tries > 0;
	case OUTBOX_UNKNOWN:
		return row->plan.due > 0;
	case OUTBOX_REJECTED:
		return row->created >= oldest;
	default:
		return false;
	}
}

static bool
fits_release(const struct outbox_row *row, int64_t oldest)
{
	(void)oldest;
	return row->plan.state == OUTBOX_HELD;
}

static bool
fits_discard(const struct outbox_row *row, int64_t oldest)
{
	(void)oldest;
	return row->plan.state == OUTBOX_PLANNED ||
		row->plan.state == OUTBOX_READY ||
		row->plan.state == OUTBOX_HELD;
}

static const struct handling retrying = { OUTBOX_RETRY,
	"deliveries tried again", fits_retry, false };
static const struct handling releasing = { OUTBOX_RELEASE,
	"deliveries released", fits_release, false };
static const struct handling discarding = { OUTBOX_DISCARD,
	"deliveries discarded", fits_discard, true };
static const struct handling approving = { OUTBOX_APPROVE,
	"deliveries approved", NULL, false };
static const struct handling resolving_done = { OUTBOX_RESOLVE_DONE,
	"deliveries resolved as done", NULL, false };
static const struct handling resolving_failed = { OUTBOX_RESOLVE_FAILED,
	"deliveries to be sent again", NULL, false };

static void
handled(struct answer_job *j)
{
	if (j->is_dry)
		answer_changed(j, "deliveries that wait or are held",
			"Nothing was done.  Say --yes to discard them.");
	else
		answer_changed(j, j->handling->what, j->n_chosen ==
			CHOSEN_MAX ? "There are more: say it again." : NULL);
}

/*
 * How old a delivery may be that is tried again with others.  A program that
 * was away wants to know all of it; people are not told of what is no news.
 */
static int64_t
oldest_of(const struct config *c, struct slice target)
{
	const struct target *t = config_target(c, target);

	if (!t || t->ops->can & CAN_REPEAT || t->max_age_ms == 0)
		return 0;
	return clock_now_ms() - t->max_age_ms;
}

static int
choose_page(struct answer_job *j, struct store_reader *r,
	struct outbox_filter *f, int64_t oldest, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct outbox_row *rows;
	size_t n;

	if (outbox_sqlite.list(r, f, &a, &rows, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n && j->n_chosen < CHOSEN_MAX; i++) {
		if (!j->handling->fits(&rows[i], oldest))
			continue;
		j->chosen = ARENA_GROW(&j->arena, j->chosen, j->n_chosen);
		j->chosen[j->n_chosen++] = rows[i].id;
	}
	f->before = n == OUTBOX_LIST_MAX ? rows[n - 1].id : 0;
	return 0;
}

static void
choose_read(struct answer_job *j, struct store_reader *r)
{
	struct outbox_filter f = { .target = answer_word(j, "path"),
		.is_news = true };
	int64_t oldest = oldest_of(j->config, f.target);
	struct outbox_target *list;
	size_t n;

	if (outbox_sqlite.targets(r, &j->arena, &list, &n, &j->failed) < 0)
		return;
	if (!route_known(list, n, f.target)) {
		err_set(&j->failed, ERR_MISSING, "there is no delivery and no "
			"target \"%.*s\"", (int)MIN(f.target.len, (size_t)80),
			f.target.ptr);
		err_hint(&j->failed, "\"gazettectl outbox\" lists them.");
		return;
	}
	do {
		if (choose_page(j, r, &f, oldest, &j->failed) < 0)
			return;
	} while (f.before > 0 && j->n_chosen < CHOSEN_MAX);
}

static void
act_on_chosen(struct answer_job *j)
{
	size_t n = j->n_chosen;
	struct engine_order *list;

	j->is_dry = j->handling->must_be_sure && n > 0 &&
		!json_is_true(json_object_get(j->args, "yes"));
	if (j->is_dry) {
		j->n = (int64_t)n;
		handled(j);
		return;
	}
	list = ARENA_ARRAY(&j->arena, struct engine_order, n);
	/* The oldest first, as they would be sent. */
	for (size_t i = 0; i < n; i++)
		list[i] = (struct engine_order){ .verb = ENGINE_ACT,
			.act = j->handling->act, .id = j->chosen[n - 1 - i] };
	answer_order(j, list, n, handled);
}

static void
handle(struct answer_job *j, const struct handling *how)
{
	struct engine_order one = { .verb = ENGINE_ACT, .act = how->act };
	struct slice text = answer_word(j, "path");

	j->handling = how;
	if (answer_parse_id(text, &one.id)) {
		answer_order(j, &one, 1, handled);
		return;
	}
	if (how->fits) {
		answer_read(j, choose_read, act_on_chosen);
		return;
	}
	err_set(&j->failed, ERR_SYNTAX, "\"%.*s\" is not the number of a "
		"delivery", (int)MIN(text.len, (size_t)40), text.ptr);
	err_hint(&j->failed, "\"gazettectl outbox\" lists them.");
	answer_end(j);
}

void
answer_retry(struct answer_job *j)
{
	handle(j, &retrying);
}

void
answer_release(struct answer_job *j)
{
	handle(j, &releasing);
}

void
answer_discard(struct answer_job *j)
{
	handle(j, &discarding);
}

void
answer_approve(struct answer_job *j)
{
	handle(j, &approving);
}

void
answer_resolve(struct answer_job *j)
{
	struct slice as = answer_word(j, "as");

	if (slice_eq(as, S("done"))) {
		handle(j, &resolving_done);
	} else if (slice_eq(as, S("failed"))) {
		handle(j, &resolving_failed);
	} else {
		err_set(&j->failed, ERR_SYNTAX, "a delivery ended \"done\" or "
			"\"failed\", not \"%.*s\"", (int)MIN(as.len,
			(size_t)40), as.ptr);
		answer_end(j);
	}
}
