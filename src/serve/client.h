/*
 * Who asks: the peer of the connection, or whom a trusted proxy names.
 */
#ifndef SERVE_CLIENT_H
#define SERVE_CLIENT_H

#include "base/network.h"

/* The networks that may say who their client is. */
struct proxies {
	struct network *list;
	size_t n;
};

/*
 * The client of a request; peer NULL: it came through a unix socket, which
 * only a proxy of this machine does.  forwarded is the last X-Forwarded-For.
 * False: nobody knows.
 */
bool client_find(const struct proxies *trusted, const struct address *peer,
	struct slice forwarded, struct address *ret);

#endif
