/*
 * Listening: TCP, unix sockets, and what the service manager handed over.
 */
#ifndef SERVE_LISTEN_H
#define SERVE_LISTEN_H

#include <ev.h>

#include "base/err.h"
#include "model/config.h"

struct listener {
	ev_io io;	/* the accepter's */
	int fd;
	char *name;	/* "http://127.0.0.1:8080/" or "unix:/path" */
	char *path;	/* of a unix socket that we made; or NULL */
	bool inside;	/* for operators: status, not feeds */
};

/*
 * Open what the service manager handed over; without that, what the
 * configuration says.  *ret is an array that listen_close() frees.
 */
int listen_open(const struct serve_conf *c, struct listener **ret,
	size_t *ret_n, struct err *e) MUST_USE;

/* Close them, remove the unix sockets that we made, free.  NULL is fine. */
void listen_close(struct listener *l, size_t n);

#endif
