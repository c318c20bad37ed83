/*
 * serve: answers HTTP.
 *
 * libmicrohttpd parses, its epoll descriptor sits in the loop; we accept,
 * gate, keep the deadlines, choose the variant and say 304.  What an address
 * serves is asked of the owner, who may answer later.
 *
 * 1. The loop never waits for a client, and never for a disk.
 * 2. A request that another parser could read differently gets 400 and a
 *    closed connection.
 * 3. Every connection has a deadline at every moment.
 * 4. The program ignores SIGPIPE: sendfile(2) cannot be told not to raise it.
 */
#ifndef SERVE_SERVE_H
#define SERVE_SERVE_H

#include <ev.h>

#include "base/err.h"
#include "base/network.h"
#include "base/pool.h"
#include "model/config.h"
#include "model/document.h"
#include "serve/gate.h"

struct serve;
struct serve_request;

struct serve_ops {
	/*
	 * Find what the path serves (raw, as sent, without the query; starts
	 * with "/").  Either call serve_answer() at once, or keep r and call
	 * it later, from the loop: exactly once either way.
	 */
	void (*find)(void *ctx, struct slice path, struct serve_request *r);
	/* The same, for who asks at a listener for operators. */
	void (*find_inside)(void *ctx, struct slice path,
		struct serve_request *r);
	/*
	 * A form was posted to the hub; it lives until the answer.  NULL:
	 * there is no hub, and that is 404.
	 */
	void (*post)(void *ctx, struct slice form, struct serve_request *r);
	/* A limit was hit (at most once a minute each), or MHD complained. */
	void (*trouble)(void *ctx, const char *what, bool is_limit);
};

struct serve_status {
	uint64_t requests, not_modified, limited, refused;
	size_t connections;
};

/*
 * Listen as configured (or on the sockets inherited from systemd, when there
 * are any).  The addresses really bound are in serve_address().
 */
int serve_new(struct ev_loop *loop, const struct serve_conf *c,
	const struct serve_ops *ops, void *ctx, struct serve **ret,
	struct err *e) MUST_USE;

/*
 * Large bodies that many ask for may be sent from files without names in dir,
 * which jobs of the pool write; when the server is freed, none may be pending.
 * Without this, all is sent from memory.
 */
void serve_use_files(struct serve *s, struct pool *pool, const char *dir);

/* The n-th listener as "http://127.0.0.1:8080/" or "unix:/path"; NULL: none. */
const char *serve_address(const struct serve *s, size_t n);

/*
 * The head of the request, until it is answered: copy what is to outlive that.
 * NULL: the client is gone, and nobody will read the answer.
 */
const struct head *serve_head(const struct serve_request *r);

/*
 * The value of "?name=value" as it was sent, but for "+", which is a space by
 * now; ptr NULL: there is none, or the client is gone.  It lives as the head.
 */
struct slice serve_argument(const struct serve_request *r, struct slice name);

/*
 * Who asks: the peer, or whom a trusted proxy names.  False: nobody knows (a
 * proxy's socket, and it does not say), or the client is gone.
 */
bool serve_client(const struct serve_request *r, struct address *ret);

/*
 * The request may have private documents.  From here on it gets nothing else:
 * one that was rendered for everybody, or for partners, and is so no more, is
 * answered to nobody (503, once).
 */
void serve_admit(struct serve_request *r);

/*
 * Answer with a document (the reference is taken over); NULL is 404.
 * The variant, 304, HEAD and the headers are chosen here.
 */
void serve_answer(struct serve_request *r, struct document *d);

/* A few words, with what some statuses need. */
struct serve_reply {
	unsigned status;
	struct slice text;	/* borrowed */
	unsigned wait_s;	/* Retry-After; 0: none */
	const char *allow;	/* Allow, static; NULL: none */
};

/* Answer with a line of text, which nobody keeps. */
void serve_say(struct serve_request *r, const struct serve_reply *what);

/* Answer 301 to the path, or to an http(s) address elsewhere. */
void serve_redirect(struct serve_request *r, struct slice path);

/* Counts since the start, and the connections now. */
void serve_get_status(const struct serve *s, struct serve_status *ret);

/*
 * Begin to stop: accept nothing more, and close each connection behind its
 * next answer.
 */
void serve_drain(struct serve *s);

/*
 * Has everybody been answered?  After five seconds that is true in any case,
 * and those who have not begun to ask are waited for a quarter of one.
 */
bool serve_is_drained(const struct serve *s);

/* Stop accepting, close, free.  NULL is fine. */
void serve_free(struct serve *s);

#endif
