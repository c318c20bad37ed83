/*
 * What a delivery is made of: words, and credentials.
 */
#include "base/err.h"
#include "base/utf8.h"
#include "push/delivery.h"

struct slice
delivery_action_name(enum delivery_action action)
{
	static const struct slice words[ACTION_COUNT] = {
		[ACTION_PUBLISHED] = S_INIT("published"),
		[ACTION_UPDATED] = S_INIT("updated"),
		[ACTION_MINOR] = S_INIT("minor"),
		[ACTION_CORRECTED] = S_INIT("corrected"),
		[ACTION_WITHDRAWN] = S_INIT("withdrawn"),
		[ACTION_RESTORED] = S_INIT("restored"),
	};

	return words[action];
}

bool
delivery_action_parse(struct slice word, enum delivery_action *ret)
{
	for (int i = 0; i < ACTION_COUNT; i++)
		if (slice_eq(word, delivery_action_name(i))) {
			*ret = i;
			return true;
		}
	return false;
}

const struct secret *
delivery_secret(const struct delivery *d, struct slice name, struct err *e)
{
	const struct credential *c = d->credentials;

	for (; c < d->credentials + d->n_credentials; c++) {
		if (!slice_eq(c->name, name))
			continue;
		if (c->secret)
			return c->secret;
		*e = *c->why;
		e->kind = ERR_CONFIG;
		return NULL;
	}
	err_set(e, ERR_CONFIG, "there is no credential \"%.*s\"",
		ARG(utf8_first(name, 60)));
	err_hint(e, "Put the file into the directory \"credentials\" of "
		"\"courier\".");
	return NULL;
}
