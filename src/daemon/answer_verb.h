/*
 * A verb of gazettectl, as the daemon answers it.
 *
 * A verb is a function and a line in verbs[] (answer.c).  What the loop knows
 * is taken when the request comes; what the store knows is read in the pool;
 * what changes the store runs on its thread.  The answer is sent from the loop.
 */
#ifndef DAEMON_ANSWER_VERB_H
#define DAEMON_ANSWER_VERB_H

#include <jansson.h>

#include "daemon/control.h"
#include "daemon/press.h"

struct answer_job {
	union {
		struct job job;			/* ANSWER_READ */
		struct store_job write;		/* ANSWER_WRITE */
	};
	const struct answer_verb *verb;
	struct press *press;
	struct config *config;		/* a reference */
	struct control_request *request;
	struct slice argument;		/* a path: as the store has it */
	json_t *args;			/* the whole request, a reference */
	struct arena arena;
	struct item *item;		/* of "explain" */
	int64_t feed_id;		/* of what names a feed; 0: all */
	struct reader_count *readers;	/* of "feeds" */
	size_t n_readers;
	json_t *answer;			/* an object; "ok" is there */
	struct err failed;

	/* Of what changes the store (answer_history.c). */
	struct batch *batch;		/* NULL: it touches no feeds */
	int64_t article_id;
	bool reread;
	struct slice *paths;
	size_t n_paths;
	struct ev_timer timer;		/* while it waits */
	int64_t deadline_ms;
	struct answer_job *next;	/* in press.waiting */
};

enum answer_role {
	ANSWER_PRESS,
	ANSWER_COURIER,
	ANSWER_ANY,	/* of the process; it reads no database */
};

struct answer_verb {
	const char *name;
	/* Is a path, or a name, needed?  Without it the verb is unknown. */
	bool needs_path;
	/* Whose it is; `read` and `write` get that one's database. */
	enum answer_role role;
	/*
	 * On the loop, first.  May be NULL.  May add to j->answer what the
	 * loop knows.
	 */
	void (*begin)(struct answer_job *j);
	/* In the pool: fill j->answer, or j->failed.  May be NULL. */
	void (*read)(struct answer_job *j, struct store_reader *r);
	/* On the store's thread, in a transaction: the same.  May be NULL. */
	void (*write)(struct answer_job *j, struct store_tx *tx);
	/* On the loop, when it went well.  May be NULL. */
	void (*end)(struct answer_job *j);
	/*
	 * How many feeds the answer has to wait for, which it does for a few
	 * seconds.  May be NULL.
	 */
	size_t (*pending)(const struct answer_job *j);
	/* It answers the request itself: none of the above. */
	void (*own)(struct press *p, struct control_request *r);
};

/* A slice as a JSON string. */
json_t *answer_text(struct slice s);

/* ---- answer_status.c ---- */

/* Put what the loop knows of its health into j->answer. */
void answer_status_begin(struct answer_job *j);
/* Articles, series, and what is set aside. */
void answer_status_read(struct answer_job *j, struct store_reader *r);

/* ---- answer_history.c ---- */

void answer_batch_begin(struct answer_job *j);
void answer_withdraw_write(struct answer_job *j, struct store_tx *tx);
void answer_withdraw_end(struct answer_job *j);
void answer_publish_write(struct answer_job *j, struct store_tx *tx);
void answer_publish_end(struct answer_job *j);
/* Feeds that the job touched and that are not published yet. */
size_t answer_feeds_pending(const struct answer_job *j);
void answer_confirm_write(struct answer_job *j, struct store_tx *tx);
void answer_confirm_end(struct answer_job *j);

/* ---- answer_series.c ---- */

/* Every series, or with a name that one with its articles. */
void answer_series_read(struct answer_job *j, struct store_reader *r);
/* A series as all answers have it. */
json_t *answer_series(const struct series_info *s);
/* Put at most max of them into the answer; -1: j->failed says why. */
int answer_put_series(struct answer_job *j, struct store_reader *r,
	size_t max);

/* The same of parts under nearly the name of a series (0: of any). */
int answer_put_near(struct answer_job *j, struct store_reader *r,
	int64_t series_id);

/* ---- answer_partners.c ---- */

/* Who may read private channels, and who came. */
void answer_partners_begin(struct answer_job *j);

/* ---- answer_explain.c ---- */

/* Find the file. */
void answer_explain_begin(struct answer_job *j);
/* Why a file's article has its series, part and topics. */
void answer_explain_read(struct answer_job *j, struct store_reader *r);

/* ---- answer_feed.c ---- */

/* Every feed: what is known of its readers is the loop's. */
void answer_feeds_begin(struct answer_job *j);
void answer_feeds_read(struct answer_job *j, struct store_reader *r);
/* One, by a name: its documents and archive, then its readers. */
void answer_feed_read(struct answer_job *j, struct store_reader *r);
void answer_feed_end(struct answer_job *j);
/* Which feed a name means; without a name, all: j->feed_id is 0. */
void answer_name_read(struct answer_job *j, struct store_reader *r);
/* Render it again, in full. */
void answer_rebuild_end(struct answer_job *j);
/* How much of it is not published yet. */
void answer_pending_end(struct answer_job *j);
/* How far a verification is; without a number, start one. */
void answer_verify_begin(struct answer_job *j);

/* ---- answer_article.c ---- */

/* What is published of one file, or why it is not. */
void answer_article_read(struct answer_job *j, struct store_reader *r);

#endif
