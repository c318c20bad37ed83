/*
 * What a job works with: the writing connection, and what the store's thread
 * keeps in memory beside it.
 *
 *	press_recall.c	what is known of a batch's files
 *	press_write.c	the plans of a batch, carried out by
 *	file_row.c	rows of files
 *	article.c	rows of articles
 *	part.c		which part of which series an article is
 *	confirm.c	weak marks, and what confirms them
 *	merge.c		series that are one, and new titles
 *	near.c		titles with a slip in them, with near_find.c and
 *	gram.c		who has which piece of a text
 *	slip.c		series with a slip in their names, with slip_find.c
 *	name.c		what a new one is called
 *	mint.c		ids and slugs
 *	channel.c	channels, and which articles are in them
 *	log.c		their logs, and the pages of their archives
 *	change_log.c	what became of articles in each channel
 *	partner.c	how often partners came
 *	hub_request.c	what our own hub is asked
 *	media.c		pictures, and who names them
 *	links.c		related links, both ways
 *	press_hold.c	deletions that are held
 *	press_bar.c	what the operator withdraws, and brings back
 *	press_publish.c	what is published, and so announced
 *	press_number.c	the end of the first scan, with
 *	number_log.c	the logs of all feeds
 *	number_links.c	all related links
 *	targets.c	what links name articles by, until then
 *	identity.c	identity.log
 *	first.c		the database of the first scan
 *
 * 1. What is kept in memory is a copy of rows: after a rollback all of it is
 *    forgotten, and read again when it is needed.
 * 2. There is one writer, so a number that was read stays right until this
 *    thread changes it.
 */
#ifndef STORE_TX_H
#define STORE_TX_H

#include "base/table.h"
#include "model/store.h"
#include "store/first.h"
#include "store/identity.h"
#include "store/sqlite.h"
#include "store/targets.h"

/* What was last announced of an article: kept in article.told. */
enum told {
	TOLD_NOTHING,
	TOLD_PUBLISHED,
	TOLD_WITHDRAWN,
};

/* The most that changed since the last announcement: in article.news. */
enum news {
	NEWS_NONE,
	NEWS_MINOR,
	NEWS_UPDATE,
	NEWS_CORRECT,
};

/* A feed's row, as far as writing needs it. */
struct channel_row {
	int64_t id;		/* the key of by_id */
	enum channel_kind kind;
	int64_t series_id;	/* 0: not a series */
	int64_t wanted;
	int64_t entries;
	int64_t last_seq;
	bool archived;
	int per_page;		/* 0: the usual */
	int pages;
	int64_t sealed;		/* the last number that is in a page */
	int64_t open_bytes, bytes;
	int64_t left;		/* `wanted` when a member last left */
	bool touched;		/* in the present batch */
	struct slice name;	/* kind and key: the key of by_name */
};

struct store_tx {
	struct db db;
	bool is_bare;		/* the courier's: there is nothing but db */
	struct identity identity;
	struct first first;
	struct slice authority;		/* of ids: frozen at birth */
	struct arena arena;		/* of the authority */

	/* Copies of rows (1). */
	bool loaded;
	bool adopted;		/* the first scan came to its end */
	bool ending;		/* by the job that is running */
	bool remembers;		/* identity rows wait for their articles */
	int64_t next_article;
	struct arena rows;
	struct table by_id, by_name;

	struct targets targets;		/* of the first scan: only a guess */
};

/* One store_ops.write() on its way. */
struct writer {
	struct store_tx *tx;
	struct db *db;
	struct batch *batch;
	bool adopting;		/* the first scan: no log, no links yet */
	struct link_keys *keys;	/* of each item that is to be shown */
	int64_t placed;		/* the article that was last given a part */
	struct channel_row **touched;
	size_t n_touched;
};

/* What something is called for ever. */
struct minted {
	struct slice uid;
	struct slice slug;
};

/* Read what is kept in memory, where it was forgotten. */
int tx_load(struct store_tx *tx, struct err *e) MUST_USE;

/* Forget it: the transaction, or a part of it, was rolled back. */
void tx_forget(struct store_tx *tx);

/* ---- channel.c ---- */

/* The row of a channel; it is born if this is its first article. */
int channel_get(struct writer *w, const struct channel_ref *ref,
	struct channel_row **ret, struct err *e) MUST_USE;

/*
 * Make an article a member of exactly the plan's channels, and touch those,
 * and the ones that it left.  shown_before: it counted as an entry.
 */
int channel_join_all(struct writer *w, const struct item *i,
	bool shown_before, struct err *e) MUST_USE;

/*
 * Touch every channel of an article.  delta: how many entries more or less
 * each one shows for it.  told: its announcement waits for them.
 */
int channel_touch_all(struct writer *w, int64_t article_id, int delta,
	bool told, struct err *e) MUST_USE;

/* Show an article again in all its channels, where readers look first. */
int channel_return(struct writer *w, int64_t article_id, struct err *e)
	MUST_USE;

/* Write the touched rows back, `wanted` raised once; adds to batch->feeds. */
int channel_flush(struct writer *w, struct err *e) MUST_USE;

/* It is no member any more; `entries` is the caller's. */
int channel_leave(struct writer *w, struct channel_row *r,
	int64_t article_id, struct err *e) MUST_USE;

/*
 * Make one article more a member of a channel, which is no news of it.  It
 * must be shown, and no member yet.
 */
int channel_join_one(struct writer *w, struct channel_row *r,
	int64_t article_id, struct err *e) MUST_USE;

/* The article, which is shown, leaves its series' feed for another's. */
int channel_change_series(struct writer *w, int64_t article_id,
	int64_t series_id, struct err *e) MUST_USE;

/* The row of a feed, by its id. */
int channel_by_id(struct writer *w, int64_t id, struct channel_row **ret,
	struct err *e) MUST_USE;

/* The key of a series means another one now: ask the database. */
void channel_forget_series(struct writer *w, struct slice key);

/* The feed is rendered anew: raise its `wanted`, once a batch. */
void channel_touch(struct writer *w, struct channel_row *r);

/* ---- log.c ---- */

/*
 * Give an article that is a member the next number of the feed's log, which
 * may complete a page.  Not in a first scan: number_log() does it.
 */
int log_append(struct writer *w, struct channel_row *r, int64_t article_id,
	struct err *e) MUST_USE;

/* The same, with everything known: its last number was `before`. */
int log_put(struct writer *w, struct channel_row *r, int64_t article_id,
	int64_t before, int64_t size, struct err *e) MUST_USE;

/* Its entry in the feed, which is touched, is another one now. */
int log_changed(struct writer *w, struct channel_row *r, int64_t article_id,
	struct err *e) MUST_USE;

/* Every page that has it is to be rendered without it. */
int log_withdrawn(struct writer *w, struct channel_row *r,
	int64_t article_id, struct err *e) MUST_USE;

/* A series that is too long for one document gets its archive. */
int log_outgrown(struct writer *w, struct channel_row *r, struct err *e)
	MUST_USE;

/* ---- change_log.c ---- */

/* Log what became of an article in a channel, which is touched already. */
int change_note(struct writer *w, const struct channel_row *r,
	int64_t article_id, enum change_action action, struct err *e)
	MUST_USE;

/* The same of an article that stays in it: what the plan says. */
int change_note_kept(struct writer *w, const struct channel_row *r,
	const struct item *i, struct err *e) MUST_USE;

/* ---- part.c ---- */

/* What an article is in its series. */
struct part {
	int64_t series_id;	/* 0: none */
	int number;
	int least;		/* of "下": see the column */
	struct slice label;
};

/* Make the part of an article what the plan and its mark say. */
int part_follow(struct writer *w, const struct item *i, struct err *e)
	MUST_USE;

/* Make an article that is in no series this part; a total of 0 is unsaid. */
int part_put(struct writer *w, int64_t article_id, const struct part *p,
	int total, struct err *e) MUST_USE;

/* It is in no series any more; it may have been in none. */
int part_drop(struct writer *w, int64_t article_id, struct err *e) MUST_USE;

/* Give "下" its number again: other parts of the series came or went. */
int part_settle_last(struct writer *w, int64_t series_id, struct err *e)
	MUST_USE;

/* Tell the operator, once; more than BATCH_NOTES_MAX are left out. */
void note_add(struct writer *w, const struct note *n);

/* ---- confirm.c ---- */

/* Bind the columns of a mark that may have to wait. */
void confirm_put(struct query *q, const struct item *i);

/*
 * Add the series of a weak mark to the plan, if something confirms it.  To be
 * called when the article has its id, and before it is written.
 */
int confirm_plan(struct writer *w, struct item *i, struct err *e) MUST_USE;

/* The article is written: which weak marks of others does it confirm? */
int confirm_others(struct writer *w, const struct item *i, struct err *e)
	MUST_USE;

/* Everything that waits under a key joins its series. */
int confirm_key(struct writer *w, struct slice key, struct err *e) MUST_USE;

/* The end of the first scan: all that is confirmed, at once. */
int confirm_all(struct writer *w, struct err *e) MUST_USE;

/* ---- file_row.c ---- */

/* Store what stat and hash say of a file, and whose file it is (0: none). */
int file_put(struct writer *w, const struct item *i, int64_t article_id,
	struct err *e) MUST_USE;
/* Its row goes, and what was set aside with it; its article stays. */
int file_drop(struct writer *w, struct slice path, struct err *e) MUST_USE;

/* The file, which has a row, cannot be an article; or it can again. */
int file_set_aside(struct writer *w, const struct item *i, struct err *e)
	MUST_USE;
int file_clear_aside(struct writer *w, const struct item *i, struct err *e)
	MUST_USE;

/* How its deletion is held; until when what it says is not shown. */
int file_set_held(struct writer *w, struct slice path, enum hold held,
	struct err *e) MUST_USE;
int file_set_release(struct writer *w, struct slice path, int64_t release,
	struct err *e) MUST_USE;

/* ---- article.c ---- */

/* Insert the row of i->article_id; *ret_taken: not done, a name is taken. */
int article_insert(struct writer *w, const struct item *i,
	const struct link_keys *keys, const struct minted *m,
	bool *ret_taken, struct err *e) MUST_USE;

/* The row as the plan wants it; live, and one revision further. */
int article_update(struct writer *w, const struct item *i,
	const struct link_keys *keys, struct err *e) MUST_USE;

/* Summary, text and people; to be called after insert or update. */
int article_put_body(struct writer *w, const struct item *i, struct err *e)
	MUST_USE;

/*
 * The article is shown differently, unless it is not shown at all: one
 * revision further, and its channels are touched.  It is no news.
 */
int article_refresh(struct writer *w, int64_t article_id, struct err *e)
	MUST_USE;

/* A new path, or a file again; nothing that is shown. */
int article_follow_file(struct writer *w, const struct item *i,
	struct err *e) MUST_USE;

/* The same of one that is not shown. */
int article_follow_path(struct writer *w, const struct item *i,
	struct err *e) MUST_USE;

/* Withdrawn, one revision and one version further. */
int article_withdraw(struct writer *w, int64_t article_id, struct err *e)
	MUST_USE;

/* Nothing but the state. */
int article_set_state(struct writer *w, const struct item *i,
	enum article_state state, struct err *e) MUST_USE;

/* ---- press_write.c ---- */

/* The article leaves: its feeds, and the links of others to it. */
int write_withdraw(struct writer *w, int64_t article_id, bool shown,
	struct err *e) MUST_USE;

/* ---- press_hold.c ---- */

/* Deletions that the guard counts beside those of the batch. */
int hold_count_recent(struct writer *w, size_t *ret, struct err *e) MUST_USE;

/* Somebody confirmed deletions: from now on the guard counts anew. */
int hold_count_anew(struct writer *w, struct err *e) MUST_USE;

/* ---- name.c ---- */

/*
 * Insert a new article under the name that it had in a lost database, else
 * its own, else a free one.  The first brings its date with it.
 */
int name_insert(struct writer *w, struct item *i,
	const struct link_keys *keys, struct err *e) MUST_USE;

/* It lives elsewhere now: so it is found there if the database is lost. */
int name_log_move(struct writer *w, const struct item *i, struct err *e)
	MUST_USE;

/* ---- links.c ---- */

/* What a related link of another article may name this one by. */
struct link_keys links_keys(const struct article *art, struct arena *a);

/* Bind them: title, headline, key and number of the mark. */
void links_put_keys(struct query *q, const struct link_keys *keys);

/* Replace the links of an article, each resolved if its target is here. */
int links_store(struct writer *w, const struct item *i, struct err *e)
	MUST_USE;

/*
 * The article is here: resolve the links of others that wait for it.  In the
 * first scan number_links() does, for all.
 */
int links_arrived(struct writer *w, int64_t article_id, struct slice title,
	const struct link_keys *keys, struct err *e) MUST_USE;

/* The article is withdrawn: links of others to it wait again. */
int links_left(struct writer *w, int64_t article_id, struct err *e) MUST_USE;

/* Let one link lead to an article; 0: nowhere. */
int links_lead(struct db *db, int64_t article_id, int64_t position,
	int64_t target, struct err *e) MUST_USE;

/* Let one link lead where its names are found, whatever it led to. */
int links_ask(struct db *db, int64_t article_id, int64_t position,
	struct err *e) MUST_USE;

/* ---- media.c ---- */

/*
 * Replace the media of an article, and remember the pictures that it names and
 * that are not here.  What it no longer names may be an orphan.
 */
int media_store(struct writer *w, const struct item *i, struct err *e)
	MUST_USE;

/* The article is withdrawn: its pictures may be orphans. */
int media_left(struct writer *w, int64_t article_id, struct err *e) MUST_USE;

/*
 * A file is another one, or gone.  If it is a picture, the articles that name
 * it are doubted: in the batch, and in their rows, in case of a crash.
 */
int media_changed(struct writer *w, const struct item *i, struct err *e)
	MUST_USE;

/* ---- number_log.c, number_links.c (and near.h): the first scan ---- */

/* Write the log of each feed, oldest article first. */
int number_log(struct writer *w, struct err *e) MUST_USE;

/* Links are about to come that nobody will look for before number_links(). */
int number_links_wait(struct db *db, struct err *e) MUST_USE;

/* ---- mint.c ---- */

/* The id and slug that an article should have, by its path. */
void mint_plain(struct writer *w, struct slice path, struct minted *ret);

/* The same; where one is taken, with the first number that makes it free. */
int mint_free(struct writer *w, struct slice path, struct minted *ret,
	struct err *e) MUST_USE;

/* Could the plain id be taken by something else than an article? */
bool mint_is_doubtful(const struct writer *w, struct slice path);

/* A free slug and id for a series or topic named so. */
int mint_channel(struct writer *w, enum channel_kind kind, struct slice key,
	struct minted *ret, struct err *e) MUST_USE;

/* Was the file of this item another path's before? */
bool item_has_moved(const struct item *i);

/* ---- What store_ops says (see there). ---- */
int press_recall(struct store_tx *tx, struct batch *b, struct err *e)
	MUST_USE;
int press_write(struct store_tx *tx, struct batch *b, struct err *e)
	MUST_USE;
int press_number(struct store_tx *tx, struct batch *b, struct err *e)
	MUST_USE;
int press_merge(struct store_tx *tx, const struct config *c, struct batch *b,
	struct err *e) MUST_USE;
int press_set_rules(struct store_tx *tx, uint64_t rules, struct err *e)
	MUST_USE;
int press_holds(struct store_tx *tx, int64_t since, struct hold_counts *ret,
	struct err *e) MUST_USE;
int press_move_holds(struct store_tx *tx, enum hold from, enum hold to,
	struct slice below, struct arena *a, struct slice **ret,
	size_t *ret_n, struct err *e) MUST_USE;
int press_bar(struct store_tx *tx, struct batch *b, struct slice path,
	int64_t *ret_article, struct err *e) MUST_USE;
int press_unbar(struct store_tx *tx, struct batch *b, struct slice path,
	bool *ret_reread, struct err *e) MUST_USE;
int press_put_partners(struct store_tx *tx, const struct partner_seen *list,
	size_t n, struct err *e) MUST_USE;
int press_put_hub_request(struct store_tx *tx, const struct hub_request *r,
	struct err *e) MUST_USE;
int press_published(struct store_tx *tx, const struct publication *p,
	size_t n, struct err *e) MUST_USE;

#endif
