/*
 * The outbox in courier.db: its tables, its targets, and the cursor.
 *
 * A row of `delivery` is never deleted but for feeds and documents, of which
 * only the latest version matters: its key is the memory that an article was
 * sent.
 */
#include "store/outbox.h"
#include "store/schema.h"

_Static_assert(OUTBOX_PLANNED == 0 && OUTBOX_READY == 1 &&
	OUTBOX_SENDING == 2 && OUTBOX_DONE == 3 && OUTBOX_UNKNOWN == 4 &&
	OUTBOX_REJECTED == 5 && OUTBOX_HELD == 7,
	"the texts of outbox.h have these numbers");

const char outbox_tables[] =
	"CREATE TABLE target ("
	"  id INTEGER PRIMARY KEY,"
	"  name TEXT NOT NULL UNIQUE,"
	"  type TEXT NOT NULL,"
	"  since_seq INTEGER NOT NULL,"
	"  since_at INTEGER NOT NULL,"
	"  state INTEGER NOT NULL DEFAULT 0,"	/* outbox_target_state */
	"  why TEXT NOT NULL DEFAULT '',"
	"  state_at INTEGER NOT NULL DEFAULT 0,"
	"  fails INTEGER NOT NULL DEFAULT 0,"
	"  open_until INTEGER NOT NULL DEFAULT 0,"
	"  fuse_from INTEGER NOT NULL DEFAULT 0"
	");"
	"CREATE TABLE delivery ("
	"  id INTEGER PRIMARY KEY,"
	"  target_id INTEGER NOT NULL REFERENCES target (id),"
	"  subject TEXT NOT NULL,"
	"  action TEXT NOT NULL,"
	"  revision INTEGER NOT NULL,"
	"  again INTEGER NOT NULL DEFAULT 0,"
	"  article_id INTEGER NOT NULL,"
	"  feed_id INTEGER NOT NULL,"
	"  line INTEGER NOT NULL,"
	"  seq INTEGER NOT NULL,"
	"  at INTEGER NOT NULL,"		/* seconds */
	"  uid TEXT NOT NULL UNIQUE,"
	"  latest INTEGER NOT NULL,"
	"  asked INTEGER NOT NULL,"
	"  state INTEGER NOT NULL,"		/* outbox_state */
	"  due INTEGER NOT NULL,"		/* milliseconds, as all below */
	"  step INTEGER NOT NULL DEFAULT 0,"
	"  tries INTEGER NOT NULL DEFAULT 0,"
	"  sent INTEGER NOT NULL DEFAULT 0,"
	"  repeatable INTEGER NOT NULL DEFAULT 0,"
	"  memo TEXT NOT NULL DEFAULT '',"
	"  created INTEGER NOT NULL,"
	"  started INTEGER NOT NULL DEFAULT 0,"
	"  settled INTEGER NOT NULL DEFAULT 0,"
	"  status INTEGER NOT NULL DEFAULT 0,"
	"  why TEXT NOT NULL DEFAULT '',"
	"  hash TEXT NOT NULL DEFAULT '',"
	"  pruned INTEGER NOT NULL DEFAULT 0,"
	"  UNIQUE (target_id, subject, action, revision, again)"
	");"
	"CREATE INDEX delivery_owed ON delivery (target_id, id, due)"
	"  WHERE " STATE_IS_TIMED ";"
	"CREATE INDEX delivery_live ON delivery (target_id, subject, id)"
	"  WHERE " STATE_IS_LIVE ";"
	"CREATE INDEX delivery_told ON delivery (target_id, subject, id)"
	"  WHERE " STATE_IS_DONE ";"
	"CREATE INDEX delivery_line ON delivery (target_id, line, id)"
	"  WHERE " STATE_IS_OPEN ";"
	"CREATE INDEX delivery_sending ON delivery (id)"
	"  WHERE " STATE_IS_SENDING ";"
	"CREATE INDEX delivery_timed ON delivery (due)"
	"  WHERE " STATE_IS_TIMED ";"
	"CREATE INDEX delivery_started ON delivery (target_id, started)"
	"  WHERE started > 0;"
	"CREATE INDEX delivery_settled ON delivery (settled)"
	"  WHERE settled > 0 AND pruned = 0;"
	"CREATE INDEX delivery_state ON delivery (target_id, state, id);";

const char outbox_waits[] =
	"ALTER TABLE delivery ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;";

struct slice
outbox_why(struct slice why)
{
	return slice_sub(why, 0, OUTBOX_WHY_MAX);
}

/* ---- the cursor ---- */

int
outbox_cursor(struct db *db, struct arena *a, struct outbox_cursor *ret,
	struct err *e)
{
	struct slice seq;

	if (meta_get(db, S("announce"), a, &seq, e) < 0 ||
		meta_get(db, S("announce_stream"), a, &ret->stream, e) < 0 ||
		meta_get(db, S("announce_mark"), a, &ret->mark, e) < 0)
		return err_in(e, "reading how far announcements are planned");
	ret->known = seq.len > 0;
	ret->seq = ret->known ? slice_number(seq, INT64_MAX) : 0;
	return 0;
}

int
outbox_set_cursor(struct db *db, const struct outbox_cursor *c,
	struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice seq = arena_printf(&a, "%jd", (intmax_t)c->seq);

	if (meta_set(db, S("announce"), seq, e) < 0 ||
		meta_set(db, S("announce_stream"), c->stream, e) < 0)
		return -1;
	return meta_set(db, S("announce_mark"), c->mark, e);
}

static int
cursor(struct store_reader *r, struct arena *a, struct outbox_cursor *ret,
	struct slice *ret_instance, struct err *e)
{
	if (outbox_cursor(&r->db, a, ret, e) < 0)
		return -1;
	return meta_get(&r->db, S("instance"), a, ret_instance, e);
}

static int
set_instance(struct store_tx *tx, struct slice instance, struct err *e)
{
	return meta_set(&tx->db, S("instance"), instance, e);
}

/* ---- targets ---- */

static int
sync_one(struct db *db, const struct target *t, int64_t seq, int64_t now,
	struct err *e)
{
	struct query q = query_start(db, "INSERT INTO target (name, type,"
		" since_seq, since_at, state_at) VALUES (?1, ?2, ?3, ?4, ?4)"
		" ON CONFLICT (name) DO UPDATE SET type = excluded.type"
		" WHERE excluded.type <> type");

	query_put_text(&q, t->name);
	query_put_text(&q, t->type);
	query_put_int(&q, seq);
	query_put_int(&q, now);
	return query_run(&q, e);
}

static int
sync_targets(struct store_tx *tx, const struct target *list, size_t n,
	int64_t now, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct outbox_cursor c;

	if (outbox_cursor(&tx->db, &a, &c, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (sync_one(&tx->db, &list[i], c.seq, now, e) < 0)
			return err_in(e, "remembering the target \"%.*s\"",
				ARG(list[i].name));
	return 0;
}

const struct outbox_ops outbox_sqlite = {
	.sync = sync_targets,
	.plan = outbox_plan,
	.add = outbox_add,
	.begin = outbox_begin,
	.settle = outbox_settle,
	.recover = outbox_recover,
	.act = outbox_act,
	.set_target = outbox_set_target,
	.adopt = outbox_adopt,
	.set_instance = set_instance,
	.retire = outbox_retire,
	.prune = outbox_prune,
	.cursor = cursor,
	.begun = outbox_begun,
	.targets = outbox_targets,
	.due = outbox_due,
	.next_due = outbox_next_due,
	.starts = outbox_starts,
	.told = outbox_told,
	.list = outbox_list,
	.show = outbox_show,
	.counts = outbox_counts,
};
