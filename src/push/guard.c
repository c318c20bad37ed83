/*
 * The guard: which addresses may be connected to.
 *
 * The networks are those of the IANA special-purpose registries that a public
 * host is never in.  An IPv6 address that stands for one of IPv4 is judged as
 * that one, because a gateway on the way would lead there.
 */
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/file.h"
#include "push/guard.h"

enum {
	PORT_HTTP = 80, PORT_HTTPS = 443, PORT_FREE = 1024,
	NAT64_AT = 12, SIX_TO_FOUR_AT = 2,	/* where the IPv4 address is */
	MAPPED_BITS = 96,
};

#define V4(a, b, c, d, n) \
	{ .at = { { [10] = 0xff, 0xff, a, b, c, d } }, \
		.bits = MAPPED_BITS + (n) }
#define V6(n, ...) { .at = { { __VA_ARGS__ } }, .bits = (n) }

static const struct {
	struct network network;
	const char *what;
} refused[] = {
	{ V4(0, 0, 0, 0, 8), "this network" },
	{ V4(10, 0, 0, 0, 8), "private" },
	{ V4(100, 64, 0, 0, 10), "shared" },
	{ V4(127, 0, 0, 0, 8), "loopback" },
	{ V4(169, 254, 0, 0, 16), "link-local" },
	{ V4(172, 16, 0, 0, 12), "private" },
	{ V4(192, 0, 0, 0, 24), "reserved" },
	{ V4(192, 0, 2, 0, 24), "documentation" },
	{ V4(192, 88, 99, 0, 24), "reserved" },
	{ V4(192, 168, 0, 0, 16), "private" },
	{ V4(198, 18, 0, 0, 15), "benchmarking" },
	{ V4(198, 51, 100, 0, 24), "documentation" },
	{ V4(203, 0, 113, 0, 24), "documentation" },
	{ V4(224, 0, 0, 0, 4), "multicast" },
	{ V4(240, 0, 0, 0, 4), "reserved" },
	{ V6(128, [15] = 1), "loopback" },
	{ V6(96, 0), "this network" },		/* ::, and IPv4-compatible */
	{ V6(48, 0, 0x64, 0xff, 0x9b, 0, 1), "local NAT64" },
	{ V6(64, 1), "discard" },
	{ V6(32, 0x20, 1), "Teredo" },
	{ V6(23, 0x20, 1), "reserved" },	/* for protocols */
	{ V6(32, 0x20, 1, 0xd, 0xb8), "documentation" },
	{ V6(20, 0x3f, 0xff), "documentation" },
	{ V6(7, 0xfc), "private" },
	{ V6(10, 0xfe, 0x80), "link-local" },
	{ V6(10, 0xfe, 0xc0), "private" },	/* site-local, once */
	{ V6(8, 0xff), "multicast" },
};

static const struct network nat64 = V6(96, 0, 0x64, 0xff, 0x9b);
static const struct network six_to_four = V6(16, 0x20, 2);

/* Where hosts are: all of IPv4, and what IPv6 has been given out of. */
static const struct network hosts[] = { V4(0, 0, 0, 0, 0), V6(3, 0x20) };

/* The IPv4 address that it stands for, or itself. */
static struct address
meant(const struct address *a)
{
	struct address v4 = { { [10] = 0xff, 0xff } };
	size_t at = network_has(&nat64, a) ? NAT64_AT :
		network_has(&six_to_four, a) ? SIX_TO_FOUR_AT : 0;

	if (at == 0)
		return *a;
	memcpy(v4.byte + MAPPED_BITS / 8, a->byte + at,
		sizeof(struct in_addr));
	return v4;
}

static bool
is_wildcard(const struct address *a)
{
	static const struct network none[] = { V4(0, 0, 0, 0, 32), V6(128, 0) };

	return network_has(&none[0], a) || network_has(&none[1], a);
}

/*
 * Is it an address of this machine?  Then the kernel would send from it what
 * is sent to it; asking costs no packet.
 */
static bool
is_local(const struct sockaddr *sa)
{
	CLEANUP(fd_close) int fd = socket(sa->sa_family,
		SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t len = sa->sa_family == AF_INET ?
		sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
	struct sockaddr_storage own;
	socklen_t own_len = sizeof(own);
	struct address to, from;

	return fd >= 0 && connect(fd, sa, len) == 0 &&
		getsockname(fd, (struct sockaddr *)&own, &own_len) == 0 &&
		address_of(sa, &to) &&
		address_of((struct sockaddr *)&own, &from) &&
		memcmp(&to, &from, sizeof(to)) == 0;
}

static uint16_t
port_of(const struct sockaddr *sa)
{
	return ntohs(sa->sa_family == AF_INET ?
		((const struct sockaddr_in *)sa)->sin_port :
		((const struct sockaddr_in6 *)sa)->sin6_port);
}

static bool
is_own(const struct guard *g, const struct sockaddr *sa,
	const struct address *a)
{
	uint16_t port = port_of(sa);

	for (size_t i = 0; i < g->n_own; i++) {
		const struct endpoint *own = &g->own[i];

		if (own->port == port && (is_wildcard(&own->at) ?
			is_local(sa) : memcmp(&own->at, a, sizeof(*a)) == 0))
			return true;
	}
	return false;
}

const char *
guard_refuses(const struct guard *g, const struct sockaddr *sa,
	const struct networks *allow)
{
	static const struct networks in_use = { hosts, COUNT_OF(hosts) };
	struct address a, real;

	if (!address_of(sa, &a))
		return "not of the internet";
	if (networks_have(allow, &a))
		return NULL;
	real = meant(&a);
	for (size_t i = 0; i < COUNT_OF(refused); i++)
		if (network_has(&refused[i].network, &real))
			return refused[i].what;
	if (!networks_have(&in_use, &real))
		return "reserved";
	if (is_own(g, sa, &real))
		return "our own";
	return g->not_here && is_local(sa) ? "this machine's" : NULL;
}

/* ---- text ---- */

static bool
port_is_fine(uint16_t port, const struct guard_ports *ports)
{
	if (!ports || ports->n == 0)
		return port == PORT_HTTP || port == PORT_HTTPS ||
			port >= PORT_FREE;
	for (size_t i = 0; i < ports->n; i++)
		if (ports->list[i] == port)
			return true;
	return false;
}

/* What follows the scheme; ptr NULL: it is neither http nor https. */
static struct slice
after_scheme(struct slice url)
{
	static const struct slice schemes[] = {
		S_INIT("http://"), S_INIT("https://"),
	};

	for (size_t i = 0; i < COUNT_OF(schemes); i++)
		if (slice_starts_nocase(url, schemes[i]))
			return slice_from(url, schemes[i].len);
	return slice(NULL, 0);
}

static int
check_bytes(struct slice url, struct err *e)
{
	if (url.len > GUARD_URL_MAX)
		return err_set(e, ERR_LIMIT, "the address has %zu bytes, at "
			"most %d", url.len, GUARD_URL_MAX);
	for (size_t i = 0; i < url.len; i++) {
		unsigned char c = (unsigned char)url.ptr[i];

		if (c > ' ' && c < 0x7f && c != '\\')
			continue;
		err_set(e, ERR_SYNTAX, "the address has the byte 0x%02x in it",
			c);
		return err_hint(e, "Percent-encode it: %%%02X.", c);
	}
	return 0;
}

static void
url_free(CURLU **u)
{
	curl_url_cleanup(*u);
}

static void
part_free(char **part)
{
	curl_free(*part);
}

/* Does libcurl, who will use it, understand it, and which port does it mean? */
static int
check_parts(const char *url, const struct guard_ports *ports, struct err *e)
{
	CLEANUP(url_free) CURLU *u = curl_url();
	CLEANUP(part_free) char *port = NULL;
	int64_t number;
	CURLUcode bad;

	CHECK(u);
	bad = curl_url_set(u, CURLUPART_URL, url, 0);
	if (!bad)
		bad = curl_url_get(u, CURLUPART_PORT, &port,
			CURLU_DEFAULT_PORT);
	if (bad)
		return err_set(e, ERR_SYNTAX, "\"%.200s\" is no address: %s",
			url, curl_url_strerror(bad));
	number = slice_number(slice_str(port), UINT16_MAX);
	if (number < 0 || !port_is_fine((uint16_t)number, ports))
		return err_set(e, ERR_REFUSED, "the port %s is not one of "
			"those that are allowed", port);
	return 0;
}

/* "user@host:port", of what follows the scheme. */
static struct slice
authority(struct slice rest)
{
	size_t len = 0;

	while (len < rest.len && rest.ptr[len] != '/' && rest.ptr[len] != '?')
		len++;
	return slice(rest.ptr, len);
}

int
guard_check_url(struct slice url, const struct guard_ports *ports,
	struct err *e)
{
	struct slice rest = after_scheme(url), host = authority(rest);
	char copy[GUARD_URL_MAX + 1];

	if (check_bytes(url, e) < 0)
		return -1;
	if (!rest.ptr)
		return err_set(e, ERR_SYNTAX, "\"%.*s\" is neither http:// nor "
			"https://", (int)MIN(url.len, (size_t)200), url.ptr);
	if (slice_find_byte(rest, '#') >= 0)
		return err_set(e, ERR_SYNTAX, "the address has a fragment "
			"(\"#\") in it");
	if (host.len == 0)
		return err_set(e, ERR_SYNTAX, "the address has no host");
	if (slice_find_byte(host, '@') >= 0)
		return err_set(e, ERR_SYNTAX, "the address has a user (\"@\") "
			"in it");
	memcpy(copy, url.ptr, url.len);
	copy[url.len] = '\0';
	return check_parts(copy, ports, e);
}
