/*
 * Addresses of clients, and networks of them.
 *
 * An IPv4 address is kept as IPv6 maps it (::ffff:192.0.2.1), so that one
 * comparison serves both, and a client is the same whichever socket it used.
 */
#ifndef BASE_NETWORK_H
#define BASE_NETWORK_H

#include <sys/socket.h>

#include "base/slice.h"

enum { ADDRESS_TEXT = 46 };

struct address {
	unsigned char byte[16];
};

struct network {
	struct address at;
	unsigned bits;	/* of it that count */
};

/* Some of them. */
struct networks {
	const struct network *list;
	size_t n;
};

/* From a socket's; false: it has none (a unix socket). */
bool address_of(const struct sockaddr *sa, struct address *ret);

/* From text, as "192.0.2.1" or "2001:db8::1"; no brackets, no port. */
bool address_parse(struct slice text, struct address *ret);

/* As text with a NUL. */
void address_print(const struct address *a, char ret[static ADDRESS_TEXT]);

/*
 * The part of an address that is one client: all of IPv4, and a /64 of IPv6,
 * which is what one customer gets.
 */
struct address address_client(const struct address *a);

/* From text, as "10.0.0.0/8", "2001:db8::/32" or a single address. */
bool network_parse(struct slice text, struct network *ret);

/* Is the address in the network? */
bool network_has(const struct network *n, const struct address *a);

/* Is it in one of them?  NULL is none. */
bool networks_have(const struct networks *n, const struct address *a);

#endif
