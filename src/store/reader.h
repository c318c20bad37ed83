/*
 * Readers: read-only connections for pool threads, kept for the next one who
 * asks.  A reader sees the store as it was when it first looked after it was
 * taken, until it is given back.
 */
#ifndef STORE_READER_H
#define STORE_READER_H

#include <pthread.h>
#include <sys/types.h>

#include "model/store.h"
#include "store/sqlite.h"

struct store_reader {
	struct db db;
	unsigned generation;		/* of the file that it was opened on */
	struct store_reader *next;	/* when nobody has it */
};

struct readers {
	pthread_mutex_t lock;
	struct store_reader *spare;	/* under the lock */
	bool nothing;			/* under the lock: there is no file */
	unsigned generation;		/* under the lock: raised with a file */
	dev_t dev;			/* under the lock, and only of a */
	ino_t ino;			/* file that another process makes */
	bool follows;
	char *path;
};

/*
 * None open yet; they will be opened on the database at `path`.  nothing:
 * there is none before readers_begin(), and who reads sees an empty one.
 */
void readers_init(struct readers *r, const char *path, bool nothing);

/* The database is there.  Any thread. */
void readers_begin(struct readers *r);

/*
 * The file is made by another process: there is one with this inode now, or
 * none (ino 0).  Any thread.
 */
void readers_follow(struct readers *r, dev_t dev, ino_t ino);

/* All must have been given back. */
void readers_done(struct readers *r);

/* Never NULL: one that could not be opened fails in everything it is asked. */
struct store_reader *readers_take(struct readers *r);
void readers_give(struct readers *r, struct store_reader *reader);

/* ---- store_ops, see there ---- */

int read_feeds(struct store_reader *r, struct arena *a, struct feed **ret,
	size_t *ret_n, struct err *e) MUST_USE;
int read_rules(struct store_reader *r, uint64_t *ret, struct err *e) MUST_USE;
int read_files(struct store_reader *r, struct arena *a,
	struct file_row **ret, size_t *ret_n, struct err *e) MUST_USE;
int read_feed(struct store_reader *r, int64_t id, struct arena *a,
	struct feed *ret, struct err *e) MUST_USE;
int read_feed_named(struct store_reader *r, enum channel_kind kind,
	struct slice slug, struct arena *a, struct feed *ret, struct err *e)
	MUST_USE;
int read_feed_entries(struct store_reader *r, struct feed *f, size_t max,
	struct arena *a, struct err *e) MUST_USE;
int read_feed_pages(struct store_reader *r, struct arena *a,
	struct feed_page **ret, size_t *ret_n, struct err *e) MUST_USE;
int read_feed_page(struct store_reader *r, int64_t feed_id, int page,
	struct feed_page *ret, struct err *e) MUST_USE;
int read_page_entries(struct store_reader *r, struct feed *f,
	const struct feed_page *p, struct arena *a, struct err *e) MUST_USE;
int read_versions(struct store_reader *r, int64_t feed_id, struct arena *a,
	struct feed_version **ret, size_t *ret_n, struct err *e) MUST_USE;
int read_feeds_of(struct store_reader *r, int64_t article_id,
	struct arena *a, struct feed **ret, size_t *ret_n, struct err *e)
	MUST_USE;
int read_news(struct store_reader *r, int64_t article_id, size_t max,
	struct arena *a, struct entry **ret, size_t *ret_n, struct err *e)
	MUST_USE;
int read_entry(struct store_reader *r, const struct entry *listed,
	struct arena *a, struct entry *ret, struct err *e) MUST_USE;
int read_entry_by_slug(struct store_reader *r, struct slice slug,
	struct arena *a, struct entry *ret, struct err *e) MUST_USE;
int read_entry_by_path(struct store_reader *r, struct slice path,
	struct arena *a, struct entry *ret, struct err *e) MUST_USE;
/* The media of an entry, without those that are not here. */
int read_media(struct store_reader *r, struct arena *a, struct entry *ret,
	struct err *e) MUST_USE;
int read_media_used(struct store_reader *r, struct slice name, bool *ret,
	struct err *e) MUST_USE;
int read_months(struct store_reader *r, struct arena *a, struct month **ret,
	size_t *ret_n, struct err *e) MUST_USE;
int read_articles(struct store_reader *r, int64_t from, int64_t to,
	const struct entry *behind, size_t max, struct arena *a,
	struct entry **ret, size_t *ret_n, struct err *e) MUST_USE;
int read_asides(struct store_reader *r, size_t max, struct arena *a,
	struct aside **ret, size_t *ret_n, struct err *e) MUST_USE;
int read_series(struct store_reader *r, size_t max, struct arena *a,
	struct series_info **ret, size_t *ret_n, struct err *e) MUST_USE;
int read_waits(struct store_reader *r, struct file_waits *ret, struct err *e)
	MUST_USE;
int read_due(struct store_reader *r, int64_t now, size_t max, struct arena *a,
	struct slice **ret, size_t *ret_n, struct err *e) MUST_USE;
int read_file_state(struct store_reader *r, struct slice path,
	struct file_state *ret, struct err *e) MUST_USE;
int read_series_named(struct store_reader *r, struct slice name,
	struct slice key, struct arena *a, struct series_info *ret,
	struct err *e) MUST_USE;
int read_series_parts(struct store_reader *r, int64_t series_id, size_t max,
	struct arena *a, struct entry **ret, size_t *ret_n, struct err *e)
	MUST_USE;
int read_near_misses(struct store_reader *r, int64_t series_id, size_t max,
	struct arena *a, struct near_miss **ret, size_t *ret_n,
	struct err *e) MUST_USE;
int read_moved(struct store_reader *r, struct arena *a,
	struct moved_series **ret, size_t *ret_n, struct err *e) MUST_USE;
int read_partners(struct store_reader *r, struct arena *a,
	struct partner_seen **ret, size_t *ret_n, struct err *e) MUST_USE;
int read_changes(struct store_reader *r, int64_t feed_id, int64_t after,
	size_t max, struct arena *a, struct changes *ret, struct err *e)
	MUST_USE;
int read_announcements(struct store_reader *r, int64_t after, size_t max,
	struct arena *a, struct announcement **ret, size_t *ret_n,
	struct err *e) MUST_USE;
int read_announced(struct store_reader *r, struct arena *a, int64_t *ret,
	struct slice *ret_stream, struct err *e) MUST_USE;
int read_hub_requests(struct store_reader *r, int64_t after, size_t max,
	struct arena *a, struct hub_request **ret, size_t *ret_n,
	int64_t *ret_last, struct err *e) MUST_USE;
int read_entry_by_id(struct store_reader *r, int64_t article_id,
	struct arena *a, struct entry *ret, struct err *e) MUST_USE;
int read_counts(struct store_reader *r, struct store_counts *ret,
	struct err *e) MUST_USE;

#endif
