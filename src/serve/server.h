/*
 * What the files of serve/ share: the server, its connections, a request.
 *
 * Owner of it all is the loop's thread.
 */
#ifndef SERVE_SERVER_H
#define SERVE_SERVER_H

#include <microhttpd.h>

#include "base/buf.h"
#include "base/table.h"
#include "serve/client.h"
#include "serve/gate.h"
#include "serve/limit.h"
#include "serve/listen.h"
#include "serve/ready.h"
#include "serve/respond.h"
#include "serve/serve.h"

/* Where a connection is; see conn.c for the picture. */
enum phase {
	PHASE_HEADER,	/* its request's head is on the way */
	PHASE_IDLE,	/* answered; kept alive */
	PHASE_ASKED,	/* the owner was asked */
	PHASE_SENDING,
	PHASE_CLOSING,	/* shut down; libmicrohttpd has not noticed yet */
	PHASE_COUNT,
};

/* How many connections one address has. */
struct peer {
	size_t connections;
	struct address client;
};

struct conn {
	struct serve *serve;
	struct MHD_Connection *mhd;
	struct conn *prev, *next;	/* in its phase's list */
	enum phase phase;
	int64_t due;			/* monotonic ms */
	int fd;				/* libmicrohttpd's; only to shut down */
	struct peer *peer;		/* NULL: a unix socket */
	uint64_t acked;			/* bytes the client had, last look */
	unsigned stalls;		/* looks in a row without progress */
	size_t target_len;		/* of the request target, as sent */
	bool judged;			/* the gate let this request pass */
	bool inside;			/* came by a listener for operators */
	bool has_address;		/* else it is a unix socket */
	struct address address;		/* of the peer */
	bool suspended;
	struct head head;
	struct buf form;		/* a POST's body */
	struct serve_request *request;	/* the owner has it */
	struct answer answer;		/* to be queued */
	struct body_file *file;		/* what is sent from; or NULL */
};

/* What the owner holds; it outlives its connection. */
struct serve_request {
	struct conn *conn;	/* NULL: the client is gone */
	bool admitted;		/* it may have what is private */
};

/* The connections of one phase, oldest first: all wait equally long. */
struct conn_list {
	struct conn *head, *tail;
	int64_t wait_ms;
};

enum trouble { TROUBLE_TOTAL, TROUBLE_ADDRESS, TROUBLE_WHOLE,
	TROUBLE_FILES, TROUBLE_LIBRARY, TROUBLE_COUNT };

struct serve {
	struct ev_loop *loop;
	const struct serve_ops *ops;
	void *ctx;
	struct listener *listeners;
	size_t n_listeners;
	struct MHD_Daemon *daemon;
	ev_io io;		/* libmicrohttpd's epoll descriptor */
	ev_prepare prepare;	/* runs it before the loop sleeps */
	ev_idle idle;		/* keeps the loop awake: there is more */
	ev_timer timer;		/* libmicrohttpd's own next deadline */
	ev_timer tick;		/* our deadlines */
	bool wake;		/* libmicrohttpd has something to do */
	bool paused;		/* out of descriptors: not accepting */
	int64_t drain_from;	/* monotonic ms; 0: not draining */
	struct conn *arriving;	/* being handed to libmicrohttpd */
	struct conn_list lists[PHASE_COUNT];
	struct table peers;
	size_t max_connections, max_per_address;
	struct proxies proxies;
	struct limit *limit;	/* NULL: none */
	struct ready *ready;
	int64_t told[TROUBLE_COUNT];	/* when we last said so */
	struct serve_status status;
};

/* Tell the owner, at most once a minute for each kind. */
void serve_trouble(struct serve *s, enum trouble kind, const char *what);

#endif
