/*
 * Uploads in courier.db (model/upload.h).
 *
 * The times of use are not kept: a platform keeps what we gave it, or says
 * until when, and a row has some hundred bytes.
 */
#include "store/courier.h"

const char upload_tables[] =
	"CREATE TABLE upload ("
	"  target_id INTEGER NOT NULL REFERENCES target (id),"
	"  hash BLOB NOT NULL,"			/* SHA-256 */
	"  purpose TEXT NOT NULL,"
	"  remote TEXT NOT NULL,"
	"  expires INTEGER NOT NULL,"		/* milliseconds; 0: never */
	"  PRIMARY KEY (target_id, hash, purpose)"
	") WITHOUT ROWID;"
	"CREATE INDEX upload_expires ON upload (expires) WHERE expires > 0;";

static struct slice
hash_bytes(const struct sha256 *hash)
{
	return slice((const char *)hash->bytes, sizeof(hash->bytes));
}

/* ---- inside a job ---- */

static int
forget(struct db *db, int64_t delivery_id, const struct upload *u,
	struct err *e)
{
	struct query q = query_start(db, "DELETE FROM upload"
		" WHERE target_id = (SELECT target_id FROM delivery"
		"   WHERE id = ?1) AND hash = ?2 AND purpose = ?3");

	query_put_int(&q, delivery_id);
	query_put_bytes(&q, hash_bytes(&u->hash));
	query_put_text(&q, u->purpose);
	return query_run(&q, e);
}

int
upload_put(struct db *db, int64_t delivery_id, const struct upload *u,
	struct err *e)
{
	struct query q;

	if (u->remote.len == 0)
		return forget(db, delivery_id, u, e);
	q = query_start(db, "INSERT OR REPLACE INTO upload (target_id, hash,"
		" purpose, remote, expires)"
		" SELECT target_id, ?2, ?3, ?4, ?5 FROM delivery"
		" WHERE id = ?1");
	query_put_int(&q, delivery_id);
	query_put_bytes(&q, hash_bytes(&u->hash));
	query_put_text(&q, u->purpose);
	query_put_text(&q, u->remote);
	query_put_int(&q, u->expires);
	return query_run(&q, e);
}

static int
prune(struct store_tx *tx, int64_t now, size_t max, int64_t *ret,
	struct err *e)
{
	struct query q = query_start(&tx->db, "DELETE FROM upload"
		" WHERE (target_id, hash, purpose) IN (SELECT target_id, hash,"
		"   purpose FROM upload WHERE expires > 0 AND expires <= ?"
		"   ORDER BY expires LIMIT ?)");

	query_put_int(&q, now);
	query_put_int(&q, (int64_t)max);
	if (query_run(&q, e) < 0)
		return err_in(e, "forgetting uploads that are over");
	*ret = db_changes(&tx->db);
	return 0;
}

/* ---- on a pool thread ---- */

static int
uploads_of(struct store_reader *r, int64_t target_id,
	const struct sha256 *hash, int64_t now, struct arena *a,
	struct upload **ret, size_t *ret_n, struct err *e)
{
	struct query q = query_start(&r->db, "SELECT purpose, remote, expires"
		" FROM upload WHERE target_id = ? AND hash = ?"
		"  AND (expires = 0 OR expires > ?) ORDER BY purpose");
	struct upload *list = NULL;
	size_t n = 0;

	query_put_int(&q, target_id);
	query_put_bytes(&q, hash_bytes(hash));
	query_put_int(&q, now);
	while (query_row(&q)) {
		list = ARENA_GROW(a, list, n);
		list[n++] = (struct upload){
			.purpose = query_text(&q, 0, a),
			.hash = *hash,
			.remote = query_text(&q, 1, a),
			.expires = query_int(&q, 2),
		};
	}
	*ret = list;
	*ret_n = n;
	return query_done(&q, e) < 0 ? err_in(e, "reading uploads") : 0;
}

const struct upload_ops upload_sqlite = {
	.prune = prune,
	.of = uploads_of,
};
