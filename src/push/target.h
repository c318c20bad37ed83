/*
 * A target: a place that is pushed to, as pure functions.
 *
 * No socket, no loop, no clock, no SQL: a target says what to send
 * (compose) and what the answer means (judge).  The engine does everything
 * else: when, how often, how fast, TLS, deadlines, remembering.
 *
 * 1. All functions are pure and may run on any thread, at any time, as often
 *    as anybody likes.  Memory is that of the request's arena, the delivery,
 *    or the response.
 * 2. More than one request (token, upload, create, publish): NEXT with a memo.
 *    The memo is saved with the delivery, and a restart goes on at that step.
 * 3. A step that is not repeatable is sent once.  Whether it was applied when
 *    no answer came is asked for by the read-back pair, or nobody knows.
 * 4. Secrets come by name (delivery_secret) and are told to the request
 *    (request_hide), so that nothing can print them.
 * 5. A token is asked for by the engine, once for all deliveries that wait for
 *    it, and is committed before one of them has it (d->token).
 */
#ifndef PUSH_TARGET_H
#define PUSH_TARGET_H

#include "base/setting.h"
#include "push/delivery.h"
#include "push/login.h"
#include "push/request.h"
#include "push/response.h"
#include "push/verdict.h"

/* What a target is told of, and what may be promised of it. */
enum target_can {
	CAN_ARTICLES = 1 << 0,	/* DELIVER_ARTICLE */
	CAN_FEEDS = 1 << 1,	/* DELIVER_FEED, once for a feed */
	CAN_TOPICS = 1 << 2,	/* DELIVER_TOPIC, once for each document */
	/*
	 * Of feeds and topics only the latest version matters: a delivery that
	 * waits is replaced, and of one subject one is on its way at a time.
	 */
	CAN_LATEST = 1 << 3,
	/* Exactly one of these: what becomes of a delivery in doubt. */
	CAN_BLIND = 1 << 4,	/* it stays unknown: at most once */
	CAN_REPEAT = 1 << 5,	/* it is sent again, with its id */
	CAN_READ_BACK = 1 << 6,	/* it is looked for: ask and answer */
	/* It leads to its own posts of related articles: delivery.links. */
	CAN_LINK = 1 << 7,
};

struct target_ops {
	const char *name;	/* the word for `type:` */
	const char *help;	/* one sentence, for people */
	const struct setting *settings;	/* its own words */
	size_t conf_size;	/* of what they fill: target.conf */
	unsigned can;		/* of enum target_can */

	/*
	 * Is the target to be told?  Only target, subject, action and feed of
	 * the delivery are there; what it can not is not asked.
	 */
	bool (*wants)(const struct delivery *d);
	/*
	 * What it wants to show of an article, in this step; NULL: nothing.
	 * All of the delivery is there but token and pictures; *w is empty.
	 */
	void (*pictures)(const struct delivery *d, struct picture_wish *w);
	/*
	 * What is sent.  -1: it cannot be said, and is rejected with *e;
	 * ERR_CONFIG holds the target.
	 */
	int (*compose)(const struct delivery *d, struct request *q,
		struct err *e);
	/* What the answer means, whatever it is. */
	struct verdict (*judge)(const struct delivery *d,
		const struct response *r, struct err *e);
	/*
	 * Both or none: how to find out whether a delivery that is UNKNOWN was
	 * applied, and what that says: DONE, NEXT (this step was, and the next
	 * one goes on), RETRY (it was not), WAIT (ask again), UNKNOWN (it
	 * cannot be told), AUTH, HOLD.
	 */
	int (*ask)(const struct delivery *d, struct request *q,
		struct err *e);
	struct verdict (*answer)(const struct delivery *d,
		const struct response *r, struct err *e);

	/* ---- a token: all NULL where none is needed ---- */

	/*
	 * Does it need one, as it is configured?  NULL: always, if it has
	 * fetch.  Any thread.
	 */
	bool (*keeps_token)(const struct target *t);
	/*
	 * How it is got: by d->token, if there is one (refresh, or is_refused:
	 * the peer did not want the last one, though it was not over), else by
	 * credentials.  Of the delivery there are config, target, credentials,
	 * token, id, now_ms and chance.  -1: ERR_CONFIG holds the target;
	 * target_needs_login() says the usual.
	 */
	int (*fetch)(const struct delivery *d, struct request *q,
		struct err *e);
	/*
	 * What the answer means.  DONE: *ret is it; its texts may borrow from
	 * the answer and from d, got, serial and made_with are not asked.
	 * RETRY, UNKNOWN: again, later.  AUTH: what it was asked with is not
	 * good: a refresh token is forgotten, and fetch asked once more
	 * without; else, and by HOLD, REJECT, the target is held.
	 */
	struct verdict (*fetched)(const struct delivery *d,
		const struct response *r, struct token *ret, struct err *e);
	/*
	 * Both or none: somebody has to log in there (gazettectl target auth).
	 * The address that he opens; and, when he brought l->code, how that is
	 * changed for a token: fetched() has the answer.
	 */
	int (*login)(const struct delivery *d, const struct login *l,
		struct buf *ret, struct err *e);
	int (*redeem)(const struct delivery *d, const struct login *l,
		struct request *q, struct err *e);
};

/* Every type, by name; NULL at the end.  Made from PUSH_TARGETS. */
extern const struct target_ops *const push_targets[];

/* ---- for those who run targets ---- */

/* The type of that name; NULL: there is none. */
const struct target_ops *push_target_find(struct slice name);

/* The settings of the target that a hub of hub.publish is. */
const void *target_hub_conf(struct slice url, struct arena *a);

/* Has the target a word for this delivery: is it able to, and does it want? */
bool push_wants(const struct delivery *d);

/* Is the channel of that feed among those that it is to be told of? */
bool target_wants_channel(const struct config *c, const struct target *t,
	const struct feed *f);

/* The credential files that a target's settings name; how many. */
size_t target_credentials(const struct target *t, struct slice **ret,
	struct arena *a);

/*
 * What is sent for the delivery, as it is: finished and checked.  *q is to be
 * freed with request_done() in either case.
 */
int push_compose(const struct delivery *d, struct arena *a, struct request *q,
	struct err *e) MUST_USE;

/* The same of the question whether it was applied; the target CAN_READ_BACK. */
int push_ask(const struct delivery *d, struct arena *a, struct request *q,
	struct err *e) MUST_USE;

/*
 * What the answer to that request means.  Unless it is DONE or NEXT, *e says
 * why; what the peer quoted of the request's secrets is masked there.
 */
struct verdict push_judge(const struct delivery *d, const struct request *q,
	const struct response *r, struct err *e);

/* The same of the answer to push_ask(). */
struct verdict push_answer(const struct delivery *d, const struct request *q,
	const struct response *r, struct err *e);

/* Does the target need a token? */
bool push_keeps_token(const struct target *t);

/*
 * The request for a token, or for the one that l->code is good for (l not
 * NULL), as push_compose() has one of a delivery.
 */
int push_fetch(const struct delivery *d, const struct login *l,
	struct arena *a, struct request *q, struct err *e) MUST_USE;

/* What its answer means: of DONE, *ret is a token whose memory is r->a's. */
struct verdict push_fetched(const struct delivery *d, const struct request *q,
	const struct response *r, struct token *ret, struct err *e);

/* ---- for those who write them ---- */

/*
 * Say that somebody has to log in (again), as ERR_CONFIG, with the command as
 * the hint; returns -1.
 */
int target_needs_login(const struct delivery *d, struct err *e) MUST_USE;

/*
 * A setting.check, for words that name a credential file; a list, or a text.
 * target_credentials() knows them by it.
 */
int target_check_credential(struct slice text, struct err *e) MUST_USE;

/*
 * What a status usually means, where a target has nothing of its own to say;
 * `who` answered ("the hub").  What may have been applied is UNKNOWN, or RETRY
 * for a target that CAN_REPEAT.
 */
struct verdict target_judge(const struct delivery *d, const char *who,
	const struct response *r, struct err *e);

#endif
