/*
 * What a status usually means.
 *
 * 1. What speaks of the request (400, 403, 413 ...) will not be better the
 *    next time; what speaks of the moment (404 while somebody installs a new
 *    version, 409, 425, 429) may be.
 * 2. A redirect is not followed: a secret, or an article, would go to where
 *    nobody wanted it.  Nor will it go away: the target is held.
 * 3. From 500 on the peer may have done it and failed afterwards.
 */
#include "push/target.h"

/* It may be applied. */
static struct verdict
in_doubt(const struct delivery *d, const struct response *r)
{
	return d->target->ops->can & CAN_REPEAT ?
		verdict_retry(r->retry_after_ms) : verdict_unknown();
}

/* The peer did not do it, because of the moment. */
static bool
is_later(int status)
{
	static const int later[] = { 404, 405, 409, 423, 424, 425, 429 };

	for (size_t i = 0; i < COUNT_OF(later); i++)
		if (status == later[i])
			return true;
	return false;
}

struct verdict
target_judge(const struct delivery *d, const char *who,
	const struct response *r, struct err *e)
{
	if (r->status / 100 == 2)
		return verdict_done();
	response_tell(r, who, e);
	if (is_later(r->status))
		return verdict_retry(r->retry_after_ms);
	switch (r->status) {
	case 401:
	case 407:
		err_hint(e, "See whether its credentials are still good.");
		return verdict_auth();
	case 408:
		return in_doubt(d, r);
	case 410:
		err_hint(e, "It is gone for good: take the target out of the "
			"configuration.");
		return verdict_hold();
	}
	if (r->status / 100 == 3) {
		err_hint(e, "Redirects are not followed: write down the "
			"address that it has now.");
		return verdict_hold();
	}
	return r->status / 100 == 4 ? verdict_reject() : in_doubt(d, r);
}
