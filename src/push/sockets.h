/*
 * libcurl's multi handle on libev: its sockets and its one timer.
 */
#ifndef PUSH_SOCKETS_H
#define PUSH_SOCKETS_H

#include <curl/curl.h>
#include <ev.h>

#include "base/defs.h"

struct socket_watch;

struct sockets {
	CURLM *multi;
	struct ev_loop *loop;
	ev_timer timer;
	bool is_due;			/* sockets_run() has work to do now */
	bool has_news;			/* something happened on a socket */
	struct socket_watch *spare;
};

/* Begin; *s stays where it is. */
void sockets_init(struct sockets *s, struct ev_loop *loop);

/* Let libcurl go on with what is due now. */
void sockets_run(struct sockets *s);

/* Free the inside; no transfer is left. */
void sockets_done(struct sockets *s);

#endif
