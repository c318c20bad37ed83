/*
 * A real server on loopback in a thread of its own, and a client that reads
 * exactly what is sent: no library's opinion lies between test and wire.
 */
#ifndef UNIT_SERVE_FIXTURE_H
#define UNIT_SERVE_FIXTURE_H

#include <ev.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>

#include <cmocka.h>

#include "serve/serve.h"

enum { REPLY_HEAD_MAX = 8192, BIG_BODY = 8 * 1024 * 1024, LATE_MS = 60,
	POPULAR = 100, POPULAR_PARTS = 1000,
	HUGE_PARTS = 200 * 1000 };


#define FEED_ETAG "00112233445566778899aabbccddeeff"
#define FEED_BASE "ffeeddccbbaa99887766554433221100"
#define FEED_TAG "\"" FEED_ETAG "\""
#define FEED_GZIP_TAG "\"" FEED_ETAG "-gz\""
#define FEED_DATE "Wed, 15 May 2024 08:00:00 GMT"
#define FEED_PART "<entry>All of it, again and again.</entry>\n"

/*
 * What it serves: /feed.atom (with gzip), /plain (without), /empty, /gone
 * (410), /null (no document), /moved (to /feed.atom), /elsewhere (an open
 * redirect, if there were one), /late (after LATE_MS), /never (not until the
 * server is gone), /big, /future (dated 2041), /private, /login (401), /delta
 * (226), /hot (one document for all who ask), /popular/N (the same, with
 * POPULAR_PARTS + N parts), /huge (the same, HUGE_PARTS).  "?token=partner" is
 * admitted to what is private.  A form posted to the hub is answered with 200,
 * what is asked at status_port with that path.
 */
struct fixture {
	struct serve_conf conf;
	struct slice listen[1];
	struct ev_loop *loop;
	const char *files;	/* a folder for bodies; NULL: none */
	struct pool *pool;
	struct serve *serve;
	struct serve_request *kept[16];
	size_t n_kept;
	ev_async stop;
	ev_timer look;
	pthread_t thread;
	int port, status_port;
	atomic_uint asked;		/* how often find() was called */
	atomic_size_t connections;	/* a moment ago */
	char last_path[256], last_token[64], last_agent[64];
	struct document *hot;		/* of "/hot", always this one */
	struct document *popular[POPULAR], *huge;
	char last_form[64], last_client[ADDRESS_TEXT];
	bool no_hub;			/* it takes no POST */
	char limit[96], complaint[256];	/* what trouble() last said */
	struct serve_status status;	/* set by fixture_stop() */
};

/* A configuration with ample limits, on a free port of 127.0.0.1. */
void fixture_init(struct fixture *f);
/* Start; the port is known afterwards. */
void fixture_start(struct fixture *f);
/* Stop the loop, so that this thread may touch the server; and go on. */
void fixture_pause(struct fixture *f);
void fixture_go(struct fixture *f);
/* End the server, then answer what was kept, as an owner might. */
void fixture_stop(struct fixture *f);

struct reply {
	int status;
	char head[REPLY_HEAD_MAX];
	char *body;
	size_t body_len;
};

/* A connection to the server; and one that sends something at once. */
int client_connect(const struct fixture *f);
int client_send(const struct fixture *f, const char *bytes);
void send_bytes(int fd, const char *bytes);

/* Read one reply; without_body for HEAD.  status 0: closed instead. */
struct reply reply_read(int fd, bool without_body);
void reply_done(struct reply *r);
/* The value of a header of the reply, or NULL; valid until the next call. */
const char *reply_header(const struct reply *r, const char *name);
/* How often the header is there. */
int reply_count(const struct reply *r, const char *name);

/* It has this value; NULL: there is no such header. */
void assert_header(const struct reply *r, const char *name,
	const char *value);

/* Ask for it on a new connection, which is then closed. */
struct reply ask(const struct fixture *f, const char *method, const char *path,
	const char *headers);

/* Does the server close within ms?  Reads and drops what it sends. */
bool is_closed_within(int fd, int ms);

#endif
