/*
 * A peer on loopback that behaves as the path asks it to, a thread for each
 * connection; and a client on a loop of this thread.
 *
 *	/ok /chunked /none (204) /gone (410) /moved (302 to /ok) /hints (103)
 *	/big/N (N bytes) /endless /drip /silent /half-head /garbage /many-lines
 *	/long-head /reset /reset-mid /bomb (gzip) /echo (the request itself)
 *	/slow (SLOW_MS) /one-only (ends the connection at the second request)
 *	/agree (the value of hub.challenge) /agree-more (and a line end)
 */
#ifndef UNIT_PUSH_PEER_H
#define UNIT_PUSH_PEER_H

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "push/client.h"

enum { PEER_THREADS_MAX = 512, SLOW_MS = 30, PEER_HEAD_MAX = 16384,
	PEER_TARGET_MAX = 1024 };

struct peer {
	int fd, port;
	pthread_t thread, threads[PEER_THREADS_MAX];
	int fds[PEER_THREADS_MAX];
	atomic_int connections, requests, at_once, most;
	pthread_mutex_t lock;
	char target[PEER_TARGET_MAX];	/* of the last request */
	struct ev_loop *loop;
	struct client *client;
	size_t n_done;
	struct call *done[PEER_THREADS_MAX];	/* in this order */
};

/* The state of each test; client limits are those of the argument. */
extern struct peer peer;

/* Start the peer and a client; fit for a test's setup and teardown. */
int peer_begin(void **state);
int peer_end(void **state);

/* Another client, with these limits. */
void peer_limits(const struct client_limits *l);

/* The address of a path at one of its hosts, "127.0.0.1". */
const char *peer_url(const char *host, const char *path);

/* What the last request was for. */
const char *peer_target(void);

/* A call of that method, which may go to loopback. */
struct call peer_call(const char *method, const char *path);

/* Send it. */
void peer_send(struct call *call);

/* Turn the loop until so many are done. */
void peer_wait(size_t n);

/* Send it and wait; the answer is copied, up to a limit. */
struct slice peer_ask(struct call *call);

#endif
