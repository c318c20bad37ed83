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
};

/* How much of an article its entry holds. */
enum content_mode { CONTENT_FULL, CONTENT_SUMMARY, CONTENT_TITLE };

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
};

struct feed {
	int64_t id;
	enum channel_kind kind;
	struct slice slug;	/* "all", or of the series or topic */
	struct slice title;
	struct slice uid;
	int64_t born;		/* seconds: `updated` of an empty feed */
	int64_t wanted;		/* raised by each change */
	int64_t published;	/* the `wanted` that is published */
	int64_t mtime;		/* seconds; 0: never published */
	char etag[33];		/* hash of the published bytes; "" before */
	size_t entries;		/* live ones */
	uint64_t look;		/* config_look() of what is published */
	bool is_private;	/* nothing that is for all may name it */

	/* Only from store_ops.feed_entries: in document order. */
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
	bool delta;		/* RFC 3229: only what changed is in the list */
	struct tombstone *gone;	/* the latest first */
	size_t n_gone;
};

#endif
