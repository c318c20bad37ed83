/*
 * Number: the end of the first scan.
 *
 * A newsroom that is seen for the first time comes in no order, and all of it:
 * until here, articles are stored with their channels, and nothing more.  Now
 * related links find their articles; weak marks find what confirms them; and
 * the log of each feed is written, oldest article first, so that the archive
 * of a feed begins with its beginning.
 * All of it is several times faster for all articles at once than for one
 * after the other, and in memory than in SQL.  No other thread has anything to
 * do meanwhile, so what is saved here counts twice.
 */
#include <stdio.h>

#include "store/near.h"
#include "store/schema.h"

/* Links before marks, which they confirm; members before their log. */
static int
number_all(struct writer *w, struct err *e)
{
	struct waiting *waiting;
	size_t n;

	if (number_links(w, &waiting, &n, e) < 0 ||
		near_all(w, waiting, n, e) < 0 ||
		confirm_all(w, e) < 0 || slip_born_all(w, e) < 0 ||
		slip_look_all(w, e) < 0 || number_log(w, e) < 0)
		return -1;
	return channel_flush(w, e);
}

int
press_number(struct store_tx *tx, struct batch *b, struct err *e)
{
	struct writer w = { .tx = tx, .db = &tx->db, .batch = b,
		.adopting = true };

	tx->ending = tx->first.under_way;
	if (tx->adopted)
		return 0;
	targets_done(&tx->targets);
	if (number_all(&w, e) < 0 ||
		meta_set(&tx->db, S("adopted"), S("1"), e) < 0)
		return err_in(e, "ending the first scan");
	tx_forget(tx);
	return tx_load(tx, e);
}

int
press_set_rules(struct store_tx *tx, uint64_t rules, struct err *e)
{
	char hex[17];

	snprintf(hex, sizeof(hex), "%016jx", (uintmax_t)rules);
	return meta_set(&tx->db, S("rules"), slice_str(hex), e);
}
