/*
 * The guard: which addresses may be connected to.
 *
 * Callbacks come from strangers, and a name can mean one address when it is
 * checked and another when it is used.  So what is judged is the address of
 * the socket itself, at the moment of connecting (client.c), and text is only
 * checked for what a decent address never has.
 */
#ifndef PUSH_GUARD_H
#define PUSH_GUARD_H

#include "base/err.h"
#include "base/network.h"

enum { GUARD_URL_MAX = 2048 };

/* A place that we listen at; the address may be the wildcard. */
struct endpoint {
	struct address at;
	uint16_t port;
};

/* What a process has to keep its own requests away from. */
struct guard {
	const struct endpoint *own;	/* borrowed */
	size_t n_own;
	/*
	 * From all of this machine, too: what it offers to itself alone may be
	 * at its public address, behind a packet filter that we stand behind.
	 */
	bool not_here;
};

/* Ports that an address may name; none: 80, 443 and 1024 to 65535. */
struct guard_ports {
	const uint16_t *list;
	size_t n;
};

/*
 * Why the address must not be connected to ("private", "link-local", ...);
 * NULL: it may.  An address in a network of `allow` (NULL: none) always may.
 * Loopback, private, shared, link-local, multicast, documentation and reserved
 * networks are refused, also as IPv4 that is embedded in IPv6 (mapped, NAT64,
 * 6to4), and so is what we listen at ourselves, or all of this machine.
 */
const char *guard_refuses(const struct guard *g, const struct sockaddr *sa,
	const struct networks *allow);

/*
 * Is it an address that a stranger may give us: http or https, a host, no
 * user, no fragment, one of the ports, at most GUARD_URL_MAX bytes, none of
 * them a control byte, a blank, a backslash or beyond ASCII?  It says nothing
 * about where the host's name leads.
 */
int guard_check_url(struct slice url, const struct guard_ports *ports,
	struct err *e) MUST_USE;

#endif
