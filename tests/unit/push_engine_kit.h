/*
 * What the engine's tests share: a press (store_kit.h) that announces, a
 * courier's databases with an engine over them, a peer (push_peer.h) that
 * takes what is sent, and targets that do as the test says.
 *
 * The targets post to the peer, say nothing of the article but its id, and
 * judge whatever comes by the script: the first verdict of it that is left.
 */
#ifndef UNIT_PUSH_ENGINE_KIT_H
#define UNIT_PUSH_ENGINE_KIT_H

#include "push/engine_parts.h"
#include "push_peer.h"
#include "store_kit.h"

enum { DESK_SENT_MAX = 100, DESK_SCRIPT_MAX = 20, DESK_TARGETS_MAX = 4 };

/* The targets' types. */
extern const struct target_ops desk_blind, desk_repeat, desk_back, desk_topics;

/* What one of them was asked to send. */
struct desk_sent {
	char target[20], id[DELIVERY_ID_MAX + 1], memo[40], title[80],
		action[20], topic[80];
	unsigned step, attempt;
	bool asked;		/* it was only asked about */
};

struct desk {
	struct courier courier;
	struct target targets[DESK_TARGETS_MAX];
	size_t n_targets;
	struct channel *channels;	/* of the configuration */
	size_t n_channels;
	const char *path;	/* of the peer; NULL: nothing is sent */
	const char *instance;
	struct verdict script[DESK_SCRIPT_MAX];	/* then: DONE */
	size_t n_script, at;
	struct desk_sent sent[DESK_SENT_MAX];
	size_t n_sent;
	unsigned told[COURIER_NEWS_COUNT];
	struct err why;			/* of what was told last */
	bool needs_secret;		/* a file "key" */
};

extern struct desk desk;

/* A press without articles, its first scan behind it, and a peer. */
int desk_begin(void **state);
int desk_end(void **state);
#define DESK_TEST(test) \
	cmocka_unit_test_setup_teardown(test, desk_begin, desk_end)

/* A target of the configuration, from the next desk_open() on. */
struct target *desk_target(const char *name, const struct target_ops *ops);

/* What judge() says next; `why` is "scripted". */
void desk_will(struct verdict v);

/* Start the engine, and stop it as the daemon does. */
void desk_open(void);
void desk_close(void);

/* Save articles, publish them, and wake the engine. */
#define NEWS(...) \
	do { SAVE(&kit, __VA_ARGS__); desk_publish(); } while (0)
void desk_publish(void);

/* Run the loop until nothing is left to do that is due. */
void desk_settle(void);

/* Run it until that many were prepared. */
void desk_wait_sent(size_t n);

/* The rows of courier.db, oldest first: "1 app a1 done / 2 app a2 ready". */
const char *desk_rows(void);

/* The first value that SQL gives on courier.db. */
int64_t desk_sql(const char *sql);

/* Let time pass, at most nine minutes; what is due begins. */
void desk_later(int64_t ms);

/* Give the engine an order that must succeed; returns its n. */
int64_t desk_order(struct engine_order o);

/* One that must fail; its reason. */
const char *desk_refused(struct engine_order o);

/* What would be sent; engine_preview_done() it. */
struct engine_preview desk_preview(int64_t id, const char *path);

#endif
