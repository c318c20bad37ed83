/*
 * What the operator does with the outbox.
 */
#include "store/outbox.h"

#define FROM(state) (1u << OUTBOX_##state)

static const struct act {
	const char *what;	/* "cannot be ..." */
	const char *why;
	unsigned from;		/* states in which it makes sense */
	enum outbox_state to;
} acts[] = {
	[OUTBOX_RETRY] = { "tried again", "somebody asked for it",
		FROM(REJECTED) | FROM(SKIPPED) | FROM(READY), OUTBOX_READY },
	[OUTBOX_RELEASE] = { "released", "somebody released it",
		FROM(HELD), OUTBOX_READY },
	[OUTBOX_DISCARD] = { "discarded", "somebody discarded it",
		FROM(PLANNED) | FROM(READY) | FROM(UNKNOWN) | FROM(HELD),
		OUTBOX_SKIPPED },
	[OUTBOX_RESOLVE_DONE] = { "resolved", "somebody saw that it arrived",
		FROM(UNKNOWN), OUTBOX_DONE },
	[OUTBOX_RESOLVE_FAILED] = { "resolved",
		"somebody saw that it did not arrive", FROM(UNKNOWN),
		OUTBOX_READY },
	[OUTBOX_APPROVE] = { "approved", "somebody approved it",
		FROM(PLANNED), OUTBOX_READY },
};

/* As much of a delivery as decides what may be done with it. */
struct found {
	enum outbox_state state;
	bool is_asked;		/* UNKNOWN: its target will be */
};

static int
find(struct db *db, int64_t id, struct found *ret, struct err *e)
{
	struct query q = query_start(db,
		"SELECT state, due > 0 FROM delivery WHERE id = ?");
	bool found;

	query_put_int(&q, id);
	found = query_row(&q);
	if (found)
		*ret = (struct found){ (enum outbox_state)query_int(&q, 0),
			query_int(&q, 1) };
	if (query_done(&q, e) < 0)
		return -1;
	if (found)
		return 0;
	err_set(e, ERR_MISSING, "there is no delivery %jd", (intmax_t)id);
	return err_hint(e, "\"gazettectl outbox\" lists them.");
}

/*
 * What somebody asked for is sent however old it is; but what is READY was to
 * be sent anyway, and stays under the guards.  What was over may be pruned
 * anew.
 */
static int
put_state(struct db *db, enum outbox_state to, const char *why, int64_t id,
	int64_t now, struct err *e)
{
	struct query q = query_start(db, "UPDATE delivery SET state = ?2,"
		" due = ?3, why = ?4, tries = 0, waits = 0, pruned = 0,"
		" asked = CASE state WHEN 1 THEN asked ELSE 1 END,"
		" settled = CASE WHEN ?2 IN (3, 6) THEN ?3 ELSE 0 END"
		" WHERE id = ?1");

	query_put_int(&q, id);
	query_put_int(&q, to);
	query_put_int(&q, now);
	query_put_text(&q, slice_str(why));
	return query_run(&q, e);
}

static int
refuse(enum outbox_state state, const char *what, int64_t id, struct err *e)
{
	err_set(e, ERR_REFUSED, "delivery %jd is %.*s: it cannot be %s",
		(intmax_t)id, ARG(outbox_state_name(state)), what);
	if (state == OUTBOX_UNKNOWN)
		return err_hint(e, "Look whether it arrived, and say so: "
			"\"gazettectl resolve %jd done\", or \"failed\".",
			(intmax_t)id);
	return err_hint(e, "\"gazettectl outbox show %jd\" says what became "
		"of it.", (intmax_t)id);
}

int
outbox_act(struct store_tx *tx, enum outbox_verb verb, int64_t id,
	int64_t now, struct err *e)
{
	const struct act *act = &acts[verb];
	struct found is = { 0 };

	if (find(&tx->db, id, &is, e) < 0)
		return -1;
	if (act->from & 1u << is.state)
		return put_state(&tx->db, act->to, act->why, id, now, e);
	/* A doubt is never sent again by this: its target is asked, now. */
	if (verb == OUTBOX_RETRY && is.state == OUTBOX_UNKNOWN && is.is_asked)
		return put_state(&tx->db, OUTBOX_UNKNOWN, act->why, id, now,
			e);
	return refuse(is.state, act->what, id, e);
}

int
outbox_set_target(struct store_tx *tx, struct slice name,
	enum outbox_target_state state, struct slice why, int64_t now,
	struct err *e)
{
	struct query q;

	if (state == TARGET_ACTIVE)
		q = query_start(&tx->db, "UPDATE target SET state = ?2,"
			" why = ?3, state_at = ?4, fails = 0, open_until = 0,"
			" fuse_from = ?4 WHERE name = ?1");
	else
		q = query_start(&tx->db, "UPDATE target SET state = ?2,"
			" why = ?3, state_at = ?4 WHERE name = ?1");
	query_put_text(&q, name);
	query_put_int(&q, state);
	query_put_text(&q, outbox_why(why));
	query_put_int(&q, now);
	if (query_run(&q, e) < 0)
		return -1;
	if (db_changes(&tx->db) > 0)
		return 0;
	err_set(e, ERR_MISSING, "there is no target \"%.*s\"", ARG(name));
	return err_hint(e, "\"gazettectl targets\" lists them.");
}

int
outbox_adopt(struct store_tx *tx, const struct outbox_cursor *to,
	struct slice instance, int64_t now, int64_t *ret, struct err *e)
{
	struct query q = query_start(&tx->db, "UPDATE delivery SET state = 7,"
		" due = ?1, why = 'from before the adoption: another copy may"
		" have sent it' WHERE " STATE_IS_WAITING);

	query_put_int(&q, now);
	if (query_run(&q, e) < 0)
		return err_in(e, "adopting");
	*ret = db_changes(&tx->db);
	if (outbox_set_cursor(&tx->db, to, e) < 0)
		return err_in(e, "adopting");
	return outbox_sqlite.set_instance(tx, instance, e);
}

/* What articles were called there is kept, and found by nobody. */
int
outbox_retire(struct store_tx *tx, int64_t now, struct err *e)
{
	struct query q = query_start(&tx->db, "UPDATE delivery SET"
		" subject = subject || ' ' || ? WHERE instr(subject, ' ') = 0");

	query_put_int(&q, now);
	return query_run(&q, e) < 0 ? err_in(e, "retiring old deliveries") : 0;
}
