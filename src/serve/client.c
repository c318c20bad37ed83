/*
 * Who asks.
 *
 * Each proxy adds at the right end whom it talked to, and what stands left of
 * that is hearsay.  So we go from the right, as long as those who say it are
 * trusted: the first who is not is the client.
 */
#include "serve/client.h"

static bool
is_trusted(const struct proxies *p, const struct address *a)
{
	for (size_t i = 0; i < p->n; i++)
		if (network_has(&p->list[i], a))
			return true;
	return false;
}

/* Cut the last item off a list; false when there is none. */
static bool
cut_last(struct slice *list, struct slice *ret)
{
	ssize_t comma = slice_rfind_byte(*list, ',');

	if (list->len == 0)
		return false;
	*ret = slice_trim(slice_from(*list, (size_t)(comma + 1)));
	*list = slice(list->ptr, (size_t)MAX(comma, 0));
	return true;
}

/* "192.0.2.1", "[2001:db8::1]", and either with a port, as some write it. */
static bool
parse_hop(struct slice hop, struct address *ret)
{
	ssize_t colon = slice_find_byte(hop, ':');
	ssize_t end = slice_find_byte(hop, ']');

	if (slice_starts(hop, S("[")) && end > 0)
		return address_parse(slice_sub(hop, 1, (size_t)end), ret);
	if (colon >= 0 && colon == slice_rfind_byte(hop, ':'))
		hop.len = (size_t)colon;
	return address_parse(hop, ret);
}

bool
client_find(const struct proxies *trusted, const struct address *peer,
	struct slice forwarded, struct address *ret)
{
	struct slice hop;
	bool known = peer != NULL;

	if (known)
		*ret = *peer;
	while ((!known || is_trusted(trusted, ret)) &&
		cut_last(&forwarded, &hop) && parse_hop(hop, ret))
		known = true;
	return known;
}
