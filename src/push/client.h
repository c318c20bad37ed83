/*
 * The client: many HTTP exchanges at once, by libcurl, on the loop.
 *
 * 1. A call that was sent is done exactly once, on the loop, and never from
 *    inside client_send().  It is done before the loop waits again: a test
 *    that turns the loop until then has to ev_break() it.
 * 2. No more than `total` calls are on their way at once (besides them, `slow`
 *    of the slow lane), and no more than `per_host` to one host; what waits
 *    goes host by host in turn, and within a host in order.
 * 3. The address of every connection is judged by the guard, for every call
 *    that uses it.  Redirects are not followed, proxies not asked, and
 *    certificates are always verified.
 * 4. Whatever a peer does, a call ends by its deadline, and no more of the
 *    answer is kept than its limit.
 *
 * A "host" is the host of the address, whatever the port: who serves many
 * ports is still one machine.
 */
#ifndef PUSH_CLIENT_H
#define PUSH_CLIENT_H

#include <ev.h>

#include "base/err.h"
#include "base/network.h"
#include "push/guard.h"

enum {
	CALL_HEADERS_MAX = 32,		/* of a request */
	CALL_ANSWER_MAX = 1024 * 1024,	/* where the call does not say */
	CALL_ANSWER_CUT = 4096,		/* enough of what nobody reads */
	CALL_HEAD_MAX = 32 * 1024,	/* bytes of an answer's head */
	CALL_LINES_MAX = 128,		/* and lines */
	CALL_CONNECT_MS = 5000,
	CALL_TOTAL_MS = 10000,
};

/* Hosts that keep failing have slots of their own. */
enum call_lane {
	CALL_NORMAL,
	CALL_SLOW,
	CALL_LANES,
};

/*
 * One HTTP exchange.  The caller fills the first part and leaves all of it
 * alone from client_send() until done(), which may free it or send it again.
 */
struct call {
	const char *method;		/* "GET", "POST", "PUT", ... */
	const char *url;
	const char *const *headers;	/* "Name: value" */
	size_t n_headers;
	struct slice body;
	size_t answer_max;		/* bytes, decoded; 0: CALL_ANSWER_MAX */
	int64_t connect_ms, total_ms;	/* from its turn on; 0: the usual */
	/*
	 * The body of the answer does not matter: past answer_max, or the
	 * deadline, once there is a status, the call ends well (`whole` tells).
	 * Else that is an error.
	 */
	bool cut;
	bool compressed;		/* ask for a compressed answer */
	/*
	 * On a new HTTP/1.1 connection that nobody uses again: libcurl sends
	 * a request again on its own when a connection that it kept is dead,
	 * and some must not be sent twice.
	 */
	bool fresh;
	enum call_lane lane;
	const struct networks *allow;	/* may be connected to all the same */
	void (*done)(struct call *);
	/*
	 * The result.  failed.kind is ERR_NONE when an HTTP answer came,
	 * whatever its status; ERR_REFUSED: the guard said no; ERR_LIMIT: the
	 * answer is too large; ERR_SYNTAX: not an address, or not HTTP;
	 * ERR_BUSY: the client was freed; ERR_IO: everything else.  The slices
	 * live until done() returns.
	 */
	struct err failed;
	bool sent;			/* false: certainly not a byte left */
	bool whole;			/* the answer's body ended by itself */
	int status;			/* 0: none came */
	struct slice head;		/* the answer's header lines */
	struct slice type, location, retry_after;	/* of them; ptr NULL */
	struct slice answer;
	int64_t took_ms;		/* since its turn */
	/* The client's own. */
	struct call *next;
	struct client_host *host;
};

struct client_limits {
	unsigned total, per_host, slow;	/* calls at once; 0: 256, 8, 16 */
	const char *agent;		/* "gazetted/1.0 (+https://...)" */
	const char *ca_file;		/* certificates; NULL: the system's */
	struct guard guard;		/* own addresses; borrowed */
	/* For tests: "host:port:address", what names mean; NULL at the end. */
	const char *const *names;
};

struct client;

/*
 * A client on the loop, which it keeps running; *l is copied with its texts,
 * guard and names are borrowed.  It is used from the loop's thread only.
 */
struct client *client_new(struct ev_loop *loop, const struct client_limits *l);

/*
 * Other limits from now on (0: the usual): with fewer, what is on its way comes
 * to its end.
 */
void client_set_caps(struct client *c, unsigned total, unsigned per_host);

/* Take a call: it waits for its turn, and then for its answer. */
void client_send(struct client *c, struct call *call);

/* Calls that are not done. */
size_t client_pending(const struct client *c);

/*
 * The first header of that name in the answer's head, without blanks around
 * it; ptr NULL: there is none.  For done().
 */
struct slice call_header(const struct call *call, struct slice name);

/*
 * Free it; what is not done is done before, with ERR_BUSY.  Nothing may be
 * sent from there any more.
 */
void client_free(struct client *c);

#endif
