/*
 * A verb of gazettectl, as the daemon answers it.
 *
 * A verb is a function and a line in verbs[] (answer.c).  What the loop knows
 * is taken when the request comes; what the store knows is read in the pool;
 * what changes the store runs on its thread.  The answer is sent from the loop.
 * A verb of more steps than that starts them itself (`start`), one behind the
 * other, and ends with answer_end().
 */
#ifndef DAEMON_ANSWER_VERB_H
#define DAEMON_ANSWER_VERB_H

#include <jansson.h>

#include "daemon/control.h"
#include "daemon/press.h"
#include "push/engine.h"

struct handling;

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

	/* Of what has several steps (answer_read(), answer_order()). */
	void (*read)(struct answer_job *j, struct store_reader *r);
	void (*then)(struct answer_job *j);
	size_t under_way;		/* orders */
	int64_t n;			/* that were carried out, or would be */
	bool is_dry;
	const struct handling *handling;	/* answer_act.c's own */
	int64_t *chosen;		/* deliveries */
	size_t n_chosen;
	int64_t id;			/* of a delivery */
	struct engine_preview preview;
	struct engine_login login;
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
	/* On the loop, instead of read, write and end; see above. */
	void (*start)(struct answer_job *j);
	/* It answers the request itself: none of the above. */
	void (*own)(struct press *p, struct control_request *r);
};

/* A slice as a JSON string. */
json_t *answer_text(struct slice s);

/* ---- answer.c ---- */

/*
 * Read in the pool; then, on the loop, `then` goes on, unless j->failed was
 * set, which ends it.
 */
void answer_read(struct answer_job *j,
	void (*read)(struct answer_job *j, struct store_reader *r),
	void (*then)(struct answer_job *j));

/* It is over: answer with j->answer, or j->failed. */
void answer_end(struct answer_job *j);

/* What the request says at a key; empty: nothing. */
struct slice answer_word(const struct answer_job *j, const char *key);

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
/* The feed that a name means in press.db; -1: j->failed says why not. */
int answer_find_feed(struct answer_job *j, const struct store_ops *ops,
	struct store_reader *press, struct feed *ret) MUST_USE;
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

/* ---- answer_order.c ---- */

/*
 * Have the engine do it, all of them at once; then go on.  Of one, what fails
 * is j->failed, and ends it; of several, those count that went well: j->n.
 */
void answer_order(struct answer_job *j, const struct engine_order *list,
	size_t n, void (*then)(struct answer_job *j));

/* "changed", "what" and a "note" (may be NULL): the end of many an order. */
void answer_changed(struct answer_job *j, const char *what,
	const char *note);

/* The number of a delivery; false: the text is none. */
bool answer_parse_id(struct slice text, int64_t *ret);

/* ---- answer_outbox.c ---- */

/* How many of each target are in which state, and a list. */
void answer_outbox_read(struct answer_job *j, struct store_reader *r);
/* One delivery as answers have it. */
json_t *answer_delivery(struct answer_job *j, const struct outbox_row *row,
	struct store_reader *press);

/* ---- answer_act.c ---- */

/* Something with one delivery, or with those of a target that it fits. */
void answer_retry(struct answer_job *j);
void answer_release(struct answer_job *j);
void answer_discard(struct answer_job *j);
void answer_resolve(struct answer_job *j);
void answer_approve(struct answer_job *j);

/* ---- answer_preview.c ---- */

/* One delivery, and what is sent of it. */
void answer_show(struct answer_job *j);
/* What would be sent of an article. */
void answer_preview(struct answer_job *j);

/* ---- answer_owe.c ---- */

/* Send an article to a target; again, if that is said. */
void answer_post(struct answer_job *j);
/* Send what was published before, by date. */
void answer_backfill(struct answer_job *j);

/* ---- answer_targets.c ---- */

/* Every target: its state, and how its deliveries go. */
void answer_targets_begin(struct answer_job *j);
void answer_targets_read(struct answer_job *j, struct store_reader *r);
void answer_pause(struct answer_job *j);
void answer_resume(struct answer_job *j);
void answer_adopt(struct answer_job *j);
/* Try one: the answer is the delivery, which is under way. */
void answer_target_test(struct answer_job *j);
/* Say in the answer that it waits, if it does; -1: j->failed says why not. */
int answer_note_target(struct answer_job *j, struct store_reader *r,
	struct slice name);

/* ---- answer_auth.c ---- */

/* Begin a login for a target, or take what somebody brought from there. */
void answer_target_auth(struct answer_job *j);

/* ---- answer_hub.c ---- */

/* Who subscribed, of all feeds or of one. */
void answer_subscribers_read(struct answer_job *j, struct store_reader *r);
/* How the hub is. */
void answer_hub_read(struct answer_job *j, struct store_reader *r);

#endif
