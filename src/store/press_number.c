/*
 * Number: the end of the first scan.
 *
 * A newsroom that is seen for the first time comes in no order.  Its entries
 * wait in the log under provisional numbers (minus the article's id), and here
 * they get their real ones, oldest article first, so that the archive of a
 * feed begins with its beginning.
 *
 * The rows are sorted apart and put back in the order of the table, which is
 * ten times faster than changing the key of each where it stands.
 */
#include "store/schema.h"
#include "store/tx.h"

static const char steps[] =
	"CREATE TEMP TABLE numbered AS"
	" SELECT e.feed_id AS feed_id, f.last_seq + row_number() OVER ("
	"  PARTITION BY e.feed_id"
	"  ORDER BY a.published, coalesce(p.number, 0), a.id) AS seq,"
	"  e.article_id AS article_id"
	" FROM feed_entry e JOIN feed f ON f.id = e.feed_id"
	" JOIN article a ON a.id = e.article_id"
	" LEFT JOIN part p ON p.article_id = a.id WHERE e.seq < 0;"

	"DELETE FROM feed_entry WHERE seq < 0;"

	"INSERT INTO feed_entry (feed_id, seq, article_id)"
	" SELECT feed_id, seq, article_id FROM numbered"
	" ORDER BY feed_id, seq;"

	"UPDATE feed SET last_seq = coalesce((SELECT max(seq)"
	" FROM feed_entry WHERE feed_id = feed.id), last_seq);"

	"DROP TABLE numbered;";

int
press_number(struct store_tx *tx, struct err *e)
{
	if (tx->adopted)
		return 0;
	if (db_exec(&tx->db, steps, e) < 0)
		return err_in(e, "numbering the log");
	if (meta_set(&tx->db, S("adopted"), S("1"), e) < 0)
		return -1;
	tx_forget(tx);
	return 0;
}
