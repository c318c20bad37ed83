/*
 * Addresses of clients, and networks of them.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

#include "base/network.h"

enum { ALL_BITS = 128, MAPPED_BITS = 96, CLIENT_BITS = 64 };

static const struct address mapped = { { [10] = 0xff, [11] = 0xff } };

static bool
same_bits(const struct address *a, const struct address *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	return memcmp(a->byte, b->byte, whole) == 0 && (rest == 0 ||
		((a->byte[whole] ^ b->byte[whole]) >> (8 - rest)) == 0);
}

static bool
is_v4(const struct address *a)
{
	return same_bits(a, &mapped, MAPPED_BITS);
}

static void
from_v4(const struct in_addr *v4, struct address *ret)
{
	*ret = mapped;
	memcpy(ret->byte + MAPPED_BITS / 8, v4, sizeof(*v4));
}

bool
address_of(const struct sockaddr *sa, struct address *ret)
{
	switch (sa ? sa->sa_family : AF_UNSPEC) {
	case AF_INET:
		from_v4(&((const struct sockaddr_in *)sa)->sin_addr, ret);
		return true;
	case AF_INET6:
		memcpy(ret->byte, &((const struct sockaddr_in6 *)sa)->sin6_addr,
			sizeof(ret->byte));
		return true;
	default:
		return false;
	}
}

bool
address_parse(struct slice text, struct address *ret)
{
	char copy[ADDRESS_TEXT];
	struct in_addr v4;

	if (text.len == 0 || text.len >= sizeof(copy))
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	if (inet_pton(AF_INET, copy, &v4) == 1) {
		from_v4(&v4, ret);
		return true;
	}
	return inet_pton(AF_INET6, copy, ret->byte) == 1;
}

void
address_print(const struct address *a, char ret[static ADDRESS_TEXT])
{
	bool v4 = is_v4(a);

	CHECK(inet_ntop(v4 ? AF_INET : AF_INET6, a->byte + (v4 ?
		MAPPED_BITS / 8 : 0), ret, ADDRESS_TEXT));
}

struct address
address_client(const struct address *a)
{
	struct address client = *a;

	if (!is_v4(a))
		memset(client.byte + CLIENT_BITS / 8, 0,
			(ALL_BITS - CLIENT_BITS) / 8);
	return client;
}

bool
network_parse(struct slice text, struct network *ret)
{
	ssize_t slash = slice_find_byte(text, '/');
	struct network n = { .bits = ALL_BITS };
	int64_t bits;
	bool v4;

	if (!address_parse(slash < 0 ? text : slice(text.ptr, (size_t)slash),
		&n.at))
		return false;
	if (slash >= 0) {
		v4 = is_v4(&n.at);
		bits = slice_number(slice_from(text, (size_t)slash + 1),
			v4 ? ALL_BITS - MAPPED_BITS : ALL_BITS);
		if (bits < 0)
			return false;
		n.bits = (unsigned)bits + (v4 ? MAPPED_BITS : 0);
	}
	*ret = n;
	return true;
}

bool
network_has(const struct network *n, const struct address *a)
{
	return same_bits(&n->at, a, n->bits);
}

bool
networks_have(const struct networks *n, const struct address *a)
{
	for (size_t i = 0; n && i < n->n; i++)
		if (network_has(&n->list[i], a))
			return true;
	return false;
}
