/*
 * The control socket: what gazettectl asks, and what it is told.
 *
 * One connection is one request: a line of JSON, {"verb":"status"} and the
 * verb's own words, answered by a line of JSON, {"ok":true, ...} or
 * {"ok":false,"code":4,"error":"...","hint":"..."}; then it is closed.
 *
 * 1. A request is answered exactly once, at once or later; that its client is
 *    gone by then makes no difference to whoever answers.
 * 2. The loop waits for no client: every one has a deadline, and there are at
 *    most CONTROL_CLIENTS_MAX, the others wait in the kernel's queue.
 */
#ifndef DAEMON_CONTROL_H
#define DAEMON_CONTROL_H

#include <ev.h>
#include <jansson.h>

#include "base/err.h"

enum {
	CONTROL_REQUEST_MAX = 64 * 1024,
	CONTROL_CLIENTS_MAX = 32,
	CONTROL_DEADLINE_S = 5,
};

/* The exit status of gazettectl, and the "code" of a failure. */
enum control_code {
	CONTROL_OK = 0,
	CONTROL_FAILED = 1,
	CONTROL_USAGE = 2,
	CONTROL_UNREACHABLE = 3,
	CONTROL_NOT_FOUND = 4,
};

struct control;
struct control_request;

struct control_ops {
	/*
	 * A request has come: call control_answer() or control_fail(), at once
	 * or later, from the loop.  verb and args (the whole object) live
	 * until then.
	 */
	void (*request)(void *ctx, struct control_request *r,
		const char *verb, json_t *args);
};

/*
 * Listen at path, mode 0660; its folder is made if it is missing.  A socket
 * that nobody answers at is removed; one that is alive is an error.
 */
int control_new(struct ev_loop *loop, const char *path,
	const struct control_ops *ops, void *ctx, struct control **ret,
	struct err *e) MUST_USE;

/*
 * Answer with an object, whose reference is taken over.  "ok": true is added
 * unless "ok" is there.
 */
void control_answer(struct control_request *r, json_t *result);

/* Answer that it failed, with the exit status that gazettectl ends with. */
void control_fail(struct control_request *r, enum control_code code,
	const struct err *e);

/*
 * Close, and remove the socket.  Requests that are still kept must be answered
 * all the same, which then only frees them.  NULL is fine.
 */
void control_free(struct control *c);

#endif
