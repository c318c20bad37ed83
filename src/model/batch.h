/*
 * The baton: a set of changed paths, and all that became of them.
 *
 * One batch is one transaction and one render per feed touched, however many
 * files changed.  It passes from watch (which paths), through the pool (read,
 * parse), to the store thread (remember, decide, write), and back to the loop.
 * At any moment one thread holds it; its arena is recycled whole.
 */
#ifndef MODEL_BATCH_H
#define MODEL_BATCH_H

#include "base/arena.h"
#include "base/err.h"
#include "model/article.h"

enum {
	BATCH_PATHS_MAX = 256,
	BATCH_BYTES_MAX = 16 * 1024 * 1024,
	BATCH_CANDIDATES_MAX = 4,
	BATCH_NOTES_MAX = 64,
};

/*
 * What stat says of a file.  Unchanged means: size, mtime, ctime, inode equal.
 * The birth time tells a reused inode number from a moved file.
 */
struct file_stamp {
	uint64_t dev;
	uint64_t ino;
	int64_t btime_ns;	/* 0: the file system does not say */
	uint64_t size;
	int64_t mtime_ns;
	int64_t ctime_ns;
};

/* What kind of file a path is, by its name alone. */
enum file_kind {
	FILE_FOREIGN,	/* not looked at */
	FILE_ARTICLE,
	FILE_SIDECAR,	/* "NAME.meta.yaml": fields of NAME.* beside it */
	FILE_DEFAULTS,	/* "_defaults.meta.yaml": of its directory and below */
	FILE_PICTURE,
};

/* Nothing larger is read. */
enum {
	FIELDS_FILE_MAX = 64 * 1024,	/* sidecars and defaults */
	PICTURE_FILE_MAX = 20 * 1024 * 1024,
	PICTURE_HEAD_MAX = 64 * 1024,	/* of it, to see what it is */
};

/* A file that an article is read with. */
struct companion {
	const char *rel;	/* to the root, NUL-terminated */
	enum file_kind kind;
	bool there;		/* reconcile found it */
};

/* A picture that was looked for by its path, as it was found. */
struct sighting {
	struct slice path;	/* the store's */
	bool there;
	struct file_stamp stamp;
	struct slice name;	/* published as; empty: not a picture */
};

/* What reconcile(path) found. */
enum item_fate {
	ITEM_UNREAD,	/* not looked at yet */
	ITEM_SAME,	/* stat is as the store has it */
	ITEM_TOUCHED,	/* the stat changed, the bytes did not */
	ITEM_READ,	/* `bytes` holds the file, `article` what it says */
	ITEM_ASIDE,	/* cannot be an article: `why` says the reason */
	ITEM_GONE,	/* no such file any more; `why` if there was none */
	ITEM_BUSY,	/* it changed while it was read: try again */
};

/* What the article's history says (series/decide.c). */
enum article_change {
	CHANGE_NONE,	/* nothing that is stored or shown changes */
	CHANGE_NEW,
	CHANGE_UPDATE,	/* significant: `updated` moves */
	CHANGE_AMEND,	/* the same, but `minor: yes`: `updated` stays */
	CHANGE_CORRECT,	/* significant, and it says what was wrong */
	CHANGE_MINOR,	/* shown differently, `updated` stays */
	CHANGE_WITHDRAW,
	CHANGE_RESTORE,	/* withdrawn before, and here again */
	CHANGE_KEEP,	/* the file is gone, the article stays */
	CHANGE_HOLD,	/* the file is gone; what that means must wait */
};

/*
 * Why a deletion is held back (series/guard.c).  The store keeps these
 * numbers: append, never reorder.
 */
enum hold {
	HOLD_NOT,
	HOLD_COUNTED,	/* one of many: until the last of them is known */
	HOLD_GUARD,	/* too many at once: until somebody confirms */
	HOLD_ASK,	/* on-delete: ask */
	HOLD_PASSED,	/* not too many: to be carried out */
	HOLD_CONFIRMED,	/* to be carried out, because somebody said so */
};

/* So long the guard looks back, in seconds. */
enum { GUARD_WINDOW = 600 };

/* When a draft is released. */
#define RELEASE_NEVER INT64_MAX

enum article_state {
	STATE_LIVE,
	STATE_WITHDRAWN,
	STATE_KEPT,	/* live without a file */
};

/* What the store knew of an item before this batch. */
struct prior {
	int64_t file_id;	/* 0: no such file */
	int64_t article_id;	/* 0: no article yet */
	enum article_state state;
	int64_t published;
	int64_t updated;
	uint64_t digest;
	uint64_t form;
	uint64_t hash;		/* of the file */
	uint64_t correction;	/* hash of its text; 0: none */
	int64_t release;	/* what the file waits for; 0: nothing */
	enum hold held;
	bool barred;		/* withdrawn by the operator */
};

/* A channel that an article belongs to. */
enum channel_kind { CHANNEL_ALL, CHANNEL_SERIES, CHANNEL_TOPIC };

struct channel_ref {
	enum channel_kind kind;
	struct slice key;	/* series key or topic slug; "all" */
	struct slice title;	/* used when the channel is born */
	int limit;		/* of entries in a document; 0: not said */
};

/* What is to be written, decided by a pure function. */
struct plan {
	enum article_change change;
	int64_t published;
	int64_t updated;
	struct channel_ref *channels;
	size_t n_channels;
	uint64_t correction;
	int64_t release;	/* not shown before; 0: it is not for that */
	enum hold held;		/* with CHANGE_HOLD */
};

/* One path of a batch. */
struct item {
	struct slice path;	/* the store's: [prefix/] + relative path */
	const char *rel;	/* relative to the root, NUL-terminated */
	int root_fd;		/* borrowed from watch */
	size_t root;		/* index of the content root */
	bool hot;		/* from an event: somebody is waiting */
	bool made;		/* seen being made, not yet closed */
	bool held;		/* its deletion was seen, and waited for */
	int64_t seen_ms;	/* monotonic: when watch first knew */
	unsigned tries;		/* how often it could not be settled before */
	unsigned rules;		/* watch's: by which it is read */
	enum file_kind kind;
	bool doubted;		/* to be read, though it did not change */
	/* Of an article: what it is read with, defaults from the root down,
	 * the sidecar, the pictures that have its name in their order. */
	struct companion *with;
	size_t n_with;

	/* What watch remembered of it (a copy); known false: nothing. */
	bool known;
	struct file_stamp known_stamp;
	uint64_t known_hash;
	/* Vanished files that this one may have been (watch_guess_moves). */
	struct slice candidates[BATCH_CANDIDATES_MAX];
	size_t n_candidates;
	struct slice moved_from;	/* the one that it was; empty: none */

	/* From the pool. */
	enum item_fate fate;
	bool missing;			/* ITEM_BUSY: not there, but not held */
	struct file_stamp stamp;
	uint64_t hash;			/* XXH3-64 of the bytes */
	struct slice bytes;		/* of a picture, its head */
	struct article *article;	/* with ITEM_READ */
	struct err why;			/* with ITEM_ASIDE, ITEM_GONE */
	uint64_t with_sum;	/* of the stamps of what it was read with */
	struct sighting *sightings;	/* pictures that it names */
	size_t n_sightings;

	/* From the store thread. */
	struct prior prior;
	struct plan plan;
	int64_t article_id;
};

/* What an operator should know of, found while a batch was stored. */
enum note_kind {
	NOTE_PART_TWICE,	/* `path` claims the part that `other` has */
	/* `path` made the series `other`, and may be meant for `series` */
	NOTE_NEAR_MISS,
	NOTE_MERGED,		/* the series `other` is `series` now */
};

struct note {
	enum note_kind kind;
	struct slice path, other;
	struct slice series;	/* its title */
	int part;
	struct slice hint;
};

/* A page of a feed's archive. */
struct page_ref {
	int64_t feed_id;
	int page;
};

struct batch {
	struct arena arena;
	struct item *items;
	size_t n;
	size_t bytes;
	bool adopting;		/* part of the very first scan of all */
	int64_t now;		/* wall clock, seconds: one for all */
	int64_t ahead;		/* of which that may be wrong (base/steady.h) */
	size_t gone_waiting;	/* more deletions on their way */
	size_t gone_recent;	/* from recall: that the guard counts too */

	/* Feeds whose `wanted` the transaction raised. */
	int64_t *feeds;
	size_t n_feeds;
	/* And pages of archives. */
	struct page_ref *pages;
	size_t n_pages;
	size_t changed;		/* articles that are not CHANGE_NONE */
	struct note *notes;	/* at most BATCH_NOTES_MAX */
	size_t n_notes;
	/* Paths of articles that name a picture of this batch. */
	struct slice *doubted;
	size_t n_doubted;
	/* Published pictures that no article may name any more. */
	struct slice *orphans;
	size_t n_orphans;
	bool holds;		/* a deletion was held, or is no more */
	bool releases;		/* a file began to wait, or does no more */
	struct err failed;	/* kind ERR_NONE: committed */
};

#endif
