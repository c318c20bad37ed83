/*
 * The store's interface: what a database engine must do for the press.
 *
 * The loop knows no SQL and waits for none.  Writing: a store_job runs on the
 * store's own thread, inside a transaction that it shares with whatever was
 * queued beside it (group commit); done() comes back on the loop after the
 * commit is durable.  Reading: a pool thread takes a reader, reads for less
 * than 100 ms, and gives it back.
 *
 * 1. A job whose run() sets `failed` is rolled back alone (SAVEPOINT).
 * 2. done() is called exactly once, in the order of submission; when the
 *    commit itself fails, `failed` says so in each job of the group.
 * 3. What is read sees whole transactions only.
 */
#ifndef MODEL_STORE_H
#define MODEL_STORE_H

#include <ev.h>

#include "model/batch.h"
#include "model/config.h"
#include "model/feed.h"

struct store;
struct store_tx;	/* inside a job, on the store's thread */
struct store_reader;	/* a read-only connection */

struct store_job {
	void (*run)(struct store_job *, struct store_tx *);
	void (*done)(struct store_job *);
	struct err failed;	/* kind ERR_NONE: committed */
	struct store_job *next;	/* the store's own, */
	bool ends_first;	/* and this */
};

struct store_open {
	const char *state_dir;	/* made if missing, 0750 */
	struct slice authority;	/* for new ids; frozen in the store at birth.
				 * Empty: `host` + "," + this year. */
	struct slice host;
	struct ev_loop *loop;
};

/* A feed as it was published (order of effects: design, tx2). */
struct publication {
	int64_t feed_id;
	int page;		/* of its archive; 0: the feed itself */
	int64_t version;	/* its `wanted` when it was loaded */
	struct copy copies[FEED_FORMATS_MAX];
	uint64_t look;		/* config_look() that it was rendered by */
	bool changed;		/* other bytes than before: to be announced, */
	bool is_private;	/* but not if it is that */
};

/* An older version of a feed: a delta leads from there to the present one. */
struct feed_version {
	int64_t version;
	struct copy copies[FEED_FORMATS_MAX];
};

/* A row of the narrow `file` table. */
struct file_row {
	struct slice path;
	struct file_stamp stamp;
	uint64_t hash;
	uint64_t with;		/* item.with_sum */
};

/* A file that could not be read as an article. */
struct aside {
	struct slice path;
	struct slice why;
	struct slice hint;
	int64_t since;
};

/* A series and what is known of its parts. */
struct series_info {
	int64_t id;
	struct slice title;
	struct slice slug;
	struct slice key;
	int total;		/* 0: not known */
	int *parts;		/* that are here, ascending */
	size_t n_parts;
	int *missing;		/* known of (links, total, gaps), not here */
	size_t n_missing;
	int *withdrawn;		/* were here: these are not missing */
	size_t n_withdrawn;
	int *twice;		/* claimed by more than one article */
	size_t n_twice;
	bool complete;		/* all parts were here, and it is over */
	/* Only from series_named: the keys that mean it, its own first. */
	struct slice *keys;
	size_t n_keys;
};

/* A part whose series has nearly the name of one that lacks it. */
struct near_miss {
	struct slice path, title;
	int part;
	struct slice name;	/* of the series that it made */
	struct slice series;	/* the title of the one that is meant */
};

/* The articles that were published in a month of UTC. */
struct month {
	int64_t from, to;	/* seconds: [from, to) */
	uint64_t sum;		/* another when any of them has changed */
};

/* An address of a series that was merged into another. */
struct moved_series {
	int64_t feed_id;	/* of the feed that there was */
	struct slice slug;
	struct slice to_slug;
};

/* Deletions that are held, and what the guard judges them by. */
struct hold_counts {
	int64_t counted, guarded, asked;	/* by enum hold */
	int64_t passed;		/* these, and what is confirmed */
	int64_t recent;		/* withdrawn within the guard's window */
	int64_t live;		/* articles with a file, those held too */
};

/* What a file waits for, and what its article does. */
struct file_state {
	bool known;
	int64_t release;	/* 0: it waits for nothing */
	enum hold held;
	bool barred;		/* its article is, by the operator */
};

/* What is read, and not shown yet. */
struct file_waits {
	int64_t drafts, waiting;
	int64_t next;		/* when the first is released; 0: none */
};

/* How often a partner came. */
struct partner_seen {
	struct slice name;
	int64_t requests;
	int64_t last_seen;	/* seconds; 0: never */
};

/* The store keeps these numbers: append, never reorder. */
enum change_action {
	CHANGED_PUBLISHED,
	CHANGED_UPDATED,
	CHANGED_CORRECTED,
	CHANGED_WITHDRAWN,	/* or it left the channel */
};

/* What became of an article in a channel, in the order of its log. */
struct change {
	int64_t seq;		/* ascending, from 1, without end */
	enum change_action action;
	int64_t at;		/* seconds */
	struct slice uid;
	/* Empty and 0 of an article that is not in the channel any more. */
	struct slice title, slug, path, url;
	int64_t published, updated;
};

/* A page of a channel's changes. */
struct changes {
	struct slice stream;	/* names the database that counts them */
	struct change *list;
	size_t n;
	bool more;		/* there are later ones */
};

enum announcement_kind { ANNOUNCED_ARTICLE, ANNOUNCED_FEED };

/* What can be fetched now, and may be told: the press's word to the courier. */
struct announcement {
	int64_t seq;		/* ascending, never given twice */
	enum announcement_kind kind;
	int64_t article_id;	/* of an article */
	/* published, updated, minor, corrected, withdrawn, restored. */
	struct slice action;
	int64_t *channels;	/* of an article: its feeds, private too */
	size_t n_channels;
	int64_t feed_id;	/* of a feed, which is public */
	int64_t version;	/* of the article, or the feed */
	int64_t at;		/* seconds */
};

/* What a hub is asked, and what it says by itself (WebSub section 5). */
enum hub_mode { HUB_SUBSCRIBE, HUB_UNSUBSCRIBE, HUB_DENIED };

/* A request to our own hub, which was checked as far as that needs no asking:
 * the press's word to the courier. */
struct hub_request {
	int64_t seq;		/* ascending, never given twice */
	int64_t at;		/* seconds */
	enum hub_mode mode;
	struct slice topic;	/* as it was spelled */
	struct slice url;	/* what that means: an address of ours, */
	int64_t feed_id;	/* of this feed */
	struct slice callback;	/* its normal form (uri_normal) */
	struct slice secret;	/* empty: none */
	int64_t lease_s;	/* -1: not said */
	struct slice token;	/* hub.verify_token of older times */
};

struct store_counts {
	int64_t files, aside, feeds, series, topics;
	int64_t articles;	/* that are shown */
	int64_t withdrawn;
	int64_t announced;	/* last seq of announce */
};

struct store_ops {
	const char *name;

	/*
	 * Open or create; migrate; take the lock on the state directory (a
	 * second daemon is refused); start the thread.  A lost database is
	 * made anew from identity.log when that is there.  *ret_fresh: the
	 * first scan never came to its end: batches are to be adopted, and
	 * until number() is done nothing of them can be read, or is durable.
	 */
	int (*open)(const struct store_open *o, struct store **ret,
		bool *ret_fresh, struct err *e);
	/*
	 * The courier's database, state_dir/courier.db: its own lock, its own
	 * thread; only what outbox_ops, subscription_ops and fanout_ops name
	 * works on it, and what is not "inside a job" or "on a pool thread".
	 */
	int (*open_courier)(const struct store_open *o, struct store **ret,
		struct err *e);
	/*
	 * What the press of this directory stores, to be read: also when it is
	 * another process, is not there yet (all is empty), or was put back
	 * from a backup.  No lock, no thread, no jobs.
	 */
	int (*open_reading)(const char *state_dir, struct store **ret,
		struct err *e);
	/* Finish what is queued, checkpoint, close.  NULL is fine. */
	void (*close)(struct store *s);
	/* Hand a job over.  Loop thread only. */
	void (*submit)(struct store *s, struct store_job *j);
	/* Jobs submitted and not yet done. */
	size_t (*pending)(const struct store *s);
	/*
	 * Grows with every commit, before any done() of it: what was read
	 * when it was less may be old.  Loop thread only.
	 */
	uint64_t (*commits)(const struct store *s);

	/* ---- inside a job ---- */

	/*
	 * Fill `prior` of each item: by path, by moved_from, else by an
	 * article that once had this path.
	 */
	int (*recall)(struct store_tx *tx, struct batch *b, struct err *e);
	/*
	 * Carry the plans out: file rows, articles with bodies, people, links,
	 * series, feeds, feed_entry log, `wanted`; resolve related links both
	 * ways; mint ids and slugs, and log them in identity.log.  Fills
	 * article_id, and of the batch feeds, changed, doubted, orphans.
	 * While b->adopting, log numbers and related links wait for number();
	 * a batch that does not adopt ends the first scan by itself.
	 */
	int (*write)(struct store_tx *tx, struct batch *b, struct err *e);
	/*
	 * The end of the first scan: give the waiting log entries their
	 * numbers, oldest article first, let weak marks find each other, and
	 * resolve the links.  Adds to b->feeds and b->notes; of b no more is
	 * needed than an arena and the time.  Later calls do nothing.
	 */
	int (*number)(struct store_tx *tx, struct batch *b, struct err *e);
	/*
	 * Make the series follow the configuration: those that it calls one
	 * are merged, the older one stays; titles are as it says.  Fills
	 * b->feeds and b->notes; b needs an arena and the time.  Does nothing
	 * before the end of the first scan.
	 */
	int (*merge)(struct store_tx *tx, const struct config *c,
		struct batch *b, struct err *e);
	/* Remember by which rules (config_rules) the articles were read. */
	int (*set_rules)(struct store_tx *tx, uint64_t rules, struct err *e);
	/* What is held, for the guard: with what was withdrawn `since`. */
	int (*holds)(struct store_tx *tx, int64_t since,
		struct hold_counts *ret, struct err *e);
	/*
	 * Hold otherwise what is held as `from` (HOLD_NOT: in any way), below
	 * a path (empty: everywhere).  Lists the files.
	 */
	int (*move_holds)(struct store_tx *tx, enum hold from, enum hold to,
		struct slice below, struct arena *a, struct slice **ret,
		size_t *ret_n, struct err *e);
	/*
	 * Withdraw the article of a path, whatever its file says; fills
	 * b->feeds.  Again: does nothing.  ERR_MISSING: there is none.
	 */
	int (*bar)(struct store_tx *tx, struct batch *b, struct slice path,
		int64_t *ret_article, struct err *e);
	/*
	 * Take that back.  *ret_reread: the file is to be read again, which
	 * brings the article back, also after a restart; else it is back.
	 */
	int (*unbar)(struct store_tx *tx, struct batch *b, struct slice path,
		bool *ret_reread, struct err *e);
	/* Remember how often these partners came; absolute numbers. */
	int (*put_partners)(struct store_tx *tx,
		const struct partner_seen *list, size_t n, struct err *e);
	/*
	 * Keep a request to the hub; it is pruned after an hour.  ERR_BUSY:
	 * there are so many that nobody has read.
	 */
	int (*put_hub_request)(struct store_tx *tx,
		const struct hub_request *q, struct err *e);
	/* Record what is published now, and write the announce rows. */
	int (*published)(struct store_tx *tx, const struct publication *p,
		size_t n, struct err *e);

	/* ---- on a pool thread ---- */

	struct store_reader *(*reader_take)(struct store *s);
	void (*reader_give)(struct store *s, struct store_reader *r);
	/* Every feed's head. */
	int (*feeds)(struct store_reader *r, struct arena *a,
		struct feed **ret, size_t *ret_n, struct err *e);
	/* What set_rules() said last; 0: nothing. */
	int (*rules)(struct store_reader *r, uint64_t *ret, struct err *e);
	/* Every file row, in no order; the memory is the arena's. */
	int (*files)(struct store_reader *r, struct arena *a,
		struct file_row **ret, size_t *ret_n, struct err *e);
	/* One head, by id.  ERR_MISSING when there is none. */
	int (*feed)(struct store_reader *r, int64_t id, struct arena *a,
		struct feed *ret, struct err *e);
	/* The same, by kind and slug. */
	int (*feed_named)(struct store_reader *r, enum channel_kind kind,
		struct slice slug, struct arena *a, struct feed *ret,
		struct err *e);
	/*
	 * The entries of a feed's document, in document order (published
	 * desc, part desc, id asc), all fields but people, summary, html and
	 * related: all of a feed that has no archive, else the newest `max`,
	 * and whatever more is in no page yet.  Fills f->list, n, complete,
	 * gone.
	 */
	int (*feed_entries)(struct store_reader *r, struct feed *f,
		size_t max, struct arena *a, struct err *e);
	/* Every page of the archives that there are. */
	int (*feed_pages)(struct store_reader *r, struct arena *a,
		struct feed_page **ret, size_t *ret_n, struct err *e);
	/* One page.  ERR_MISSING when there is none. */
	int (*feed_page)(struct store_reader *r, int64_t feed_id, int page,
		struct feed_page *ret, struct err *e);
	/*
	 * The same of a page of its archive: what was not corrected since,
	 * for that has a newer number.
	 */
	int (*page_entries)(struct store_reader *r, struct feed *f,
		const struct feed_page *p, struct arena *a, struct err *e);
	/* The last versions before the present one, the newest first. */
	int (*versions)(struct store_reader *r, int64_t feed_id,
		struct arena *a, struct feed_version **ret, size_t *ret_n,
		struct err *e);
	/* A listed entry with all its fields, by the same reading. */
	int (*entry)(struct store_reader *r, const struct entry *listed,
		struct arena *a, struct entry *ret, struct err *e);
	/* One whole entry; ERR_MISSING when there is none. */
	int (*entry_by_slug)(struct store_reader *r, struct slice slug,
		struct arena *a, struct entry *ret, struct err *e);
	int (*entry_by_path)(struct store_reader *r, struct slice path,
		struct arena *a, struct entry *ret, struct err *e);
	/*
	 * The newest articles that share a topic with one, itself not among
	 * them: at most max, as feed_entries() reads and orders them.
	 */
	int (*news)(struct store_reader *r, int64_t article_id, size_t max,
		struct arena *a, struct entry **ret, size_t *ret_n,
		struct err *e);
	/* The feeds that an article is in. */
	int (*feeds_of)(struct store_reader *r, int64_t article_id,
		struct arena *a, struct feed **ret, size_t *ret_n,
		struct err *e);
	/* Files set aside, newest first, at most max. */
	int (*asides)(struct store_reader *r, size_t max, struct arena *a,
		struct aside **ret, size_t *ret_n, struct err *e);
	/* Every series, by title, at most max. */
	int (*series)(struct store_reader *r, size_t max, struct arena *a,
		struct series_info **ret, size_t *ret_n, struct err *e);
	/*
	 * The series that a slug, a title, or a key (fold_key of a name)
	 * means; ERR_MISSING when there is none.
	 */
	int (*series_named)(struct store_reader *r, struct slice name,
		struct slice key, struct arena *a, struct series_info *ret,
		struct err *e);
	/*
	 * Its articles in the order of the series, withdrawn ones too, at
	 * most max: what feed_entries() says of each.
	 */
	int (*series_parts)(struct store_reader *r, int64_t series_id,
		size_t max, struct arena *a, struct entry **ret,
		size_t *ret_n, struct err *e);
	/*
	 * Parts that probably belong to another series, at most max; of one
	 * series, with its id, those that belong to it.
	 */
	int (*near_misses)(struct store_reader *r, int64_t series_id,
		size_t max, struct arena *a, struct near_miss **ret,
		size_t *ret_n, struct err *e);
	/* Every series that was merged into another. */
	int (*moved)(struct store_reader *r, struct arena *a,
		struct moved_series **ret, size_t *ret_n, struct err *e);
	/* The months in which anything was published, the first first. */
	int (*months)(struct store_reader *r, struct arena *a,
		struct month **ret, size_t *ret_n, struct err *e);
	/*
	 * At most max articles that are shown and were published in [from,
	 * to), the oldest first, from behind one that it gave before (NULL:
	 * from the beginning): what feed_entries() says of each.
	 */
	int (*articles)(struct store_reader *r, int64_t from, int64_t to,
		const struct entry *behind, size_t max, struct arena *a,
		struct entry **ret, size_t *ret_n, struct err *e);
	/* Does an article that is not withdrawn name this picture? */
	int (*media_used)(struct store_reader *r, struct slice name,
		bool *ret, struct err *e);
	int (*counts)(struct store_reader *r, struct store_counts *ret,
		struct err *e);
	/* Every partner that ever came. */
	int (*partners)(struct store_reader *r, struct arena *a,
		struct partner_seen **ret, size_t *ret_n, struct err *e);
	/*
	 * What happened in a feed after a number, of what can be fetched: the
	 * first max of it.  The numbers are those of changes.stream.
	 */
	int (*changes)(struct store_reader *r, int64_t feed_id,
		int64_t after, size_t max, struct arena *a,
		struct changes *ret, struct err *e);
	/* What waits. */
	int (*waits)(struct store_reader *r, struct file_waits *ret,
		struct err *e);
	/* At most max files whose time has come. */
	int (*due)(struct store_reader *r, int64_t now, size_t max,
		struct arena *a, struct slice **ret, size_t *ret_n,
		struct err *e);
	/* At most max announcements behind a number, in their order. */
	int (*announcements)(struct store_reader *r, int64_t after,
		size_t max, struct arena *a, struct announcement **ret,
		size_t *ret_n, struct err *e);
	/*
	 * The number of the last one (0: none), and the name of the database
	 * that counts them (empty: there is none yet).
	 */
	int (*announced)(struct store_reader *r, struct arena *a,
		int64_t *ret, struct slice *ret_stream, struct err *e);
	/*
	 * At most max requests to the hub behind a number, in their order.
	 * *ret_last: the number of the last one that there is (0: none).
	 */
	int (*hub_requests)(struct store_reader *r, int64_t after, size_t max,
		struct arena *a, struct hub_request **ret, size_t *ret_n,
		int64_t *ret_last, struct err *e);
	/* One whole entry, withdrawn or not; ERR_MISSING when there is none. */
	int (*entry_by_id)(struct store_reader *r, int64_t article_id,
		struct arena *a, struct entry *ret, struct err *e);
	/* One file; of an unknown one all but `barred` is 0. */
	int (*file_state)(struct store_reader *r, struct slice path,
		struct file_state *ret, struct err *e);
};

/* SQLite: STATE/press.db (store/). */
extern const struct store_ops store_sqlite;

#endif
