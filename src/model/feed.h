/*
 * A feed as a renderer sees it: a head and its entries, from the store.
 *
 * Memory is the arena of the job that renders.
 */
#ifndef MODEL_FEED_H
#define MODEL_FEED_H

#include "model/article.h"
#include "model/batch.h"

enum {
	FEED_LIVE_MAX = 50,	/* entries of an archived feed's document */
	FEED_SERIES_MAX = 200,	/* entries of a complete feed */
	FEED_BYTES_MAX = 1024 * 1024,
	FEED_GONE_MAX = 50,	/* tombstones of a document, */
	FEED_GONE_S = 30 * 86400,	/* younger than this */
	FEED_FORMATS_MAX = 4,
	FEED_VERSIONS_MAX = 64,	/* older ones that a delta can start from */
};

/* How much of an article its entry holds. */
enum content_mode { CONTENT_FULL, CONTENT_SUMMARY, CONTENT_TITLE };

/* What the configuration calls them; NULL at the end. */
extern const char *const content_words[];

/* The part before or after one, in the order of the series. */
struct neighbour {
	int64_t article_id;	/* 0: there is none */
	struct slice slug;
	struct slice path;
	struct slice url;	/* its own page, elsewhere */
	struct slice title;
	struct slice headline;
	int part;
};

/* A topic that an article is in. */
struct topic {
	struct slice slug;
	struct slice title;	/* as the store has it; see feed_title() */
};

/* An article inside a feed document, or on its page. */
struct entry {
	int64_t article_id;
	int64_t revision;	/* raised whenever it is rendered differently */
	/* In a list: its number in the feed's log, and by which version of
	 * the feed it last changed. */
	int64_t seq, changed;
	struct slice uid;	/* "tag:..." */
	struct slice slug;
	struct slice path;	/* of its file: finds the permalink template */
	struct slice title;	/* the entry title */
	struct slice headline;
	int64_t published;
	int64_t updated;
	enum article_state state;
	struct slice lang;
	struct slice summary;
	struct slice html;
	struct person *people;
	size_t n_people;
	struct slice related_label;
	struct related *related;
	size_t n_related;
	struct fields fields;
	struct media *media;
	size_t n_media;

	/* Its series; series_id 0: none. */
	int64_t series_id;
	struct slice series_title;
	struct slice series_slug;
	int part;
	struct slice part_label;
	struct slice series_uid;	/* of its feed */
	struct topic *topics;
	size_t n_topics;
	/* Only from store_ops.entry_by_slug: they are no part of an entry. */
	struct neighbour prev, next;
};

/* An article that left: a reader may still show it. */
struct tombstone {
	struct slice uid;
	int64_t when;		/* seconds; later than its entry */
	int64_t changed;	/* the version of the feed that lost it */
};

/* A document as it is published, in one format. */
struct copy {
	char etag[33];		/* hash of its bytes; "": never published */
	int64_t mtime;		/* seconds */
};

/*
 * A page of an archive: consecutive numbers of the feed's log, from the one
 * behind the page before up to `last`.  It is published like a feed.
 */
struct feed_page {
	int64_t feed_id;
	int page;		/* from 1 */
	int64_t first, last;
	int64_t wanted, published;
	uint64_t look;
	struct copy copies[FEED_FORMATS_MAX];
};

struct feed {
	int64_t id;
	enum channel_kind kind;
	struct slice slug;	/* "all", or of the series or topic */
	struct slice key;	/* of its channel; empty: the slug */
	struct slice title;
	struct slice uid;
	int64_t born;		/* seconds: `updated` of an empty feed */
	int64_t wanted;		/* raised by each change */
	int64_t published;	/* the `wanted` that is published */
	struct copy copies[FEED_FORMATS_MAX];	/* by format */
	size_t entries;		/* live ones */
	/*
	 * RFC 5005: a series is one complete document until it is too long;
	 * everything else, and such a series for ever, has an archive.
	 */
	bool archived;
	int pages;		/* of the archive */
	int64_t last_seq;	/* of the log */
	int64_t sealed;		/* the last number that is in a page */
	int64_t left;		/* the version at which a member last left */
	uint64_t look;		/* config_look() of what is published */

	/* Only from feed_entries and page_entries: in document order. */
	struct entry *list;
	size_t n;
	/* Parts of a series that are known of and not here; for its page. */
	int *missing;
	size_t n_missing;
	bool complete;		/* all of its entries are in the list */
	enum content_mode content;
	/* RFC 5005 section 4: 0 is the subscription document. */
	int page;
	int prev_page;		/* the next older document; 0: there is none */
	/* RFC 3229: only what changed is in the list; of the whole one. */
	bool delta;
	int64_t updated;
	struct tombstone *gone;	/* the latest first */
	size_t n_gone;
};

/*
 * For qsort(3), over struct entry: published desc, part desc, id asc.  It is
 * total, so that a rebuild has it again.
 */
int entry_order(const void *left, const void *right);

#endif
