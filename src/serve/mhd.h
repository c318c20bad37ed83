/*
 * libmicrohttpd in the loop.
 */
#ifndef SERVE_MHD_H
#define SERVE_MHD_H

#include <sys/socket.h>

#include "serve/server.h"

/* Start the library and its watchers. */
int mhd_start(struct serve *s, struct err *e) MUST_USE;

/*
 * Hand it a connection that is counted for its peer (or NULL), and came by a
 * listener for operators or for everybody.
 */
void mhd_add(struct serve *s, int fd, const struct sockaddr_storage *ss,
	socklen_t len, struct peer *peer, bool inside);

/* Close every connection and end it; half-started is fine. */
void mhd_stop(struct serve *s);

#endif
