/*
 * What the store's tests share: a store in a directory of its own, and
 * batches made of short descriptions, decided upon in the simplest way.
 */
#ifndef UNIT_STORE_KIT_H
#define UNIT_STORE_KIT_H

#include "model/store.h"

enum { KIT_LIST_MAX = 4, KIT_RULES = 0x2a };

struct kit {
	char dir[64];
	struct ev_loop *loop;
	struct store *store;
	bool fresh;
};

/* What a file says; what is left out is empty. */
struct piece {
	const char *path;
	const char *title;
	const char *body;
	const char *series;	/* its key, and its name */
	int part;
	int total;
	bool weak;		/* the title alone is not enough */
	bool last;		/* "下": part is the least it can be */
	int64_t date;
	const char *topics[KIT_LIST_MAX];
	const char *related[KIT_LIST_MAX];	/* titles */
	struct mark marks[KIT_LIST_MAX];	/* of the related titles */
	const struct media *media;	/* pictures, n_media of them */
	size_t n_media;
	const char *cover;	/* fields.cover */
	enum syndication syndication;
	const char *lang;	/* NULL: "en" */
	struct fields fields;	/* what it says of itself */
	const char *from;	/* where it was moved from */
	enum item_fate fate;	/* ITEM_UNREAD: ITEM_READ */
	enum article_change change;	/* CHANGE_NONE: the usual */
};

/* A batch on its way through the store, with all that it needs. */
struct kit_batch {
	struct batch batch;
	struct store_job job;
	struct err e;
	bool done;
	bool fail;	/* the job says so after writing */
	enum hold hold;	/* with CHANGE_HOLD */
};

/* The one that a test works with. */
extern struct kit kit;

/* Make the directory and open the store in it; close and remove both. */
void kit_setup(struct kit *k);
void kit_teardown(struct kit *k);

/* The same for cmocka, with `kit`: nothing in it, or a first scan behind it. */
int kit_begin_fresh(void **state);
int kit_begin(void **state);
int kit_end(void **state);
#define KIT_TEST_FRESH(test) \
	cmocka_unit_test_setup_teardown(test, kit_begin_fresh, kit_end)
#define KIT_TEST(test) \
	cmocka_unit_test_setup_teardown(test, kit_begin, kit_end)

void kit_open(struct kit *k);
void kit_close(struct kit *k);
/* Remove a file of the state directory; the store must be closed. */
void kit_remove(const struct kit *k, const char *name);
/* Its path; good until the next call. */
const char *kit_path(const struct kit *k, const char *name);

/* Fill a batch; kit_done() frees it. */
void kit_fill(struct kit_batch *b, const struct piece *pieces, size_t n);
void kit_submit(struct kit *k, struct kit_batch *b);
void kit_wait(struct kit *k, const struct kit_batch *b);
void kit_done(struct kit_batch *b);

/* The whole way of one batch that must succeed. */
void kit_write(struct kit *k, const struct piece *pieces, size_t n,
	bool adopting);
#define SAVE(k, ...) \
	kit_write((k), (struct piece[]){ __VA_ARGS__ }, \
		COUNT_OF(((struct piece[]){ __VA_ARGS__ })), false)
#define ADOPT(k, ...) \
	kit_write((k), (struct piece[]){ __VA_ARGS__ }, \
		COUNT_OF(((struct piece[]){ __VA_ARGS__ })), true)

/* The end of the first scan, read by KIT_RULES. */
void kit_number(struct kit *k);
/* Call what every feed wants published. */
void kit_publish_all(struct kit *k);
/* Publish one feed. */
void kit_publish(struct kit *k, const char *slug, bool changed);

/* Read, with an arena that lives until the next kit_forget(). */
struct entry kit_entry(struct kit *k, const char *path);
bool kit_has(struct kit *k, const char *path);
struct feed kit_feed(struct kit *k, const char *slug);
struct store_counts kit_counts(struct kit *k);
/* "title / title / ..." of a feed in document order. */
const char *kit_titles(struct kit *k, const char *slug);
/* A value from the database itself, as text; NULL when there is no row. */
const char *kit_sql(struct kit *k, const char *sql);
/* The same of another file of its directory. */
const char *kit_sql_of(struct kit *k, const char *file, const char *sql);
/* Run SQL on the closed or open database. */
void kit_change(struct kit *k, const char *sql);
void kit_forget(void);

#endif
