/*
 * Tokens in courier.db.
 *
 * A row stays when all of its texts are gone: its serial goes on, so nobody
 * takes a new token for one that he had before.
 */
#include "model/token.h"
#include "store/courier.h"

const char token_tables[] =
	"CREATE TABLE token ("
	"  target TEXT PRIMARY KEY,"
	"  access TEXT NOT NULL DEFAULT '',"
	"  refresh TEXT NOT NULL DEFAULT '',"
	"  extra TEXT NOT NULL DEFAULT '',"
	"  got INTEGER NOT NULL DEFAULT 0,"	/* milliseconds, as all below */
	"  expires INTEGER NOT NULL DEFAULT 0,"
	"  ends INTEGER NOT NULL DEFAULT 0,"
	"  serial INTEGER NOT NULL DEFAULT 0,"
	"  asked INTEGER NOT NULL DEFAULT 0,"
	"  refused INTEGER NOT NULL DEFAULT 0,"
	"  made_with TEXT NOT NULL DEFAULT ''"
	") WITHOUT ROWID;";

/* ---- inside a job ---- */

static int
begin(struct store_tx *tx, struct slice target, int64_t now, struct err *e)
{
	struct query q = query_start(&tx->db,
		"INSERT INTO token (target, asked) VALUES (?1, ?2)"
		" ON CONFLICT (target) DO UPDATE SET asked = excluded.asked");

	query_put_text(&q, target);
	query_put_int(&q, now);
	return query_run(&q, e) < 0 ? err_in(e, "asking for a token") : 0;
}

static int
check_size(const struct token *t, struct err *e)
{
	if (MAX(MAX(t->access.len, t->refresh.len), t->extra.len) <=
		TOKEN_TEXT_MAX)
		return 0;
	return err_set(e, ERR_LIMIT, "the token is longer than %d bytes",
		TOKEN_TEXT_MAX);
}

static int
keep(struct store_tx *tx, struct slice target, const struct token *t,
	int64_t *ret_serial, struct err *e)
{
	struct query q;

	if (check_size(t, e) < 0)
		return -1;
	q = query_start(&tx->db, "INSERT INTO token (target, access, refresh,"
		" extra, got, expires, ends, made_with, serial)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1)"
		" ON CONFLICT (target) DO UPDATE SET access = ?2,"
		" refresh = ?3, extra = ?4, got = ?5, expires = ?6, ends = ?7,"
		" made_with = ?8, serial = serial + 1, asked = 0, refused = 0"
		" RETURNING serial");
	query_put_text(&q, target);
	query_put_text(&q, t->access);
	query_put_text(&q, t->refresh);
	query_put_text(&q, t->extra);
	query_put_int(&q, t->got);
	query_put_int(&q, t->expires);
	query_put_int(&q, t->ends);
	query_put_text(&q, t->made_with);
	if (query_row(&q))
		*ret_serial = query_int(&q, 0);
	return query_done(&q, e) < 0 ? err_in(e, "keeping a token") : 0;
}

static int
drop(struct store_tx *tx, struct slice target, int64_t serial, struct err *e)
{
	struct query q = query_start(&tx->db, "UPDATE token SET access = '',"
		" refused = 1 WHERE target = ?1 AND serial = ?2");

	query_put_text(&q, target);
	query_put_int(&q, serial);
	return query_run(&q, e) < 0 ? err_in(e, "dropping a token") : 0;
}

static int
forget(struct store_tx *tx, struct slice target, struct err *e)
{
	struct query q = query_start(&tx->db, "UPDATE token SET access = '',"
		" refresh = '', extra = '', expires = 0, ends = 0, asked = 0,"
		" refused = 0, made_with = '' WHERE target = ?1");

	query_put_text(&q, target);
	return query_run(&q, e) < 0 ? err_in(e, "forgetting a token") : 0;
}

/* ---- on a pool thread ---- */

static int
get(struct store_reader *r, struct slice target, struct arena *a,
	struct token *ret, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT access, refresh, extra,"
		" got, expires, ends, serial, asked, refused, made_with"
		" FROM token WHERE target = ?");
	bool found;

	query_put_text(&q, target);
	found = query_row(&q);
	if (found)
		*ret = (struct token){
			.access = query_text(&q, 0, a),
			.refresh = query_text(&q, 1, a),
			.extra = query_text(&q, 2, a),
			.got = query_int(&q, 3),
			.expires = query_int(&q, 4),
			.ends = query_int(&q, 5),
			.serial = query_int(&q, 6),
			.asked = query_int(&q, 7),
			.is_refused = query_int(&q, 8),
			.made_with = query_text(&q, 9, a),
		};
	if (query_done(&q, e) < 0)
		return err_in(e, "reading a token");
	return found ? 0 : err_set(e, ERR_MISSING, "there is no token for the "
		"target \"%.*s\"", ARG(target));
}

static int
list(struct store_reader *r, struct arena *a, struct token_row **ret,
	size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT target, got, expires,"
		" ends, asked, access <> '', refresh <> '', refused"
		" FROM token ORDER BY target");
	struct token_row *rows = NULL;
	size_t n = 0;

	while (query_row(&q)) {
		rows = ARENA_GROW(a, rows, n);
		rows[n++] = (struct token_row){
			.target = query_text(&q, 0, a),
			.got = query_int(&q, 1),
			.expires = query_int(&q, 2),
			.ends = query_int(&q, 3),
			.asked = query_int(&q, 4),
			.has_access = query_int(&q, 5),
			.has_refresh = query_int(&q, 6),
			.is_refused = query_int(&q, 7),
		};
	}
	*ret = rows;
	*ret_n = n;
	return query_done(&q, e) < 0 ? err_in(e, "reading tokens") : 0;
}

const struct token_ops token_sqlite = {
	.begin = begin,
	.keep = keep,
	.drop = drop,
	.forget = forget,
	.get = get,
	.list = list,
};
