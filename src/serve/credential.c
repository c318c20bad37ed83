/*
 * Credentials: the token that a request shows.
 *
 * Feed readers know three ways to show one: a field of their own (Bearer, RFC
 * 6750 section 2.1), the user and password of an address (Basic, RFC 7617),
 * and nothing but the address itself.  The last one ends up in histories and
 * logs, so the other two go before it; who can only do that can do that.
 */
#include "base/base64.h"
#include "base/uri.h"
#include "serve/credential.h"

/* What follows the scheme; ptr NULL: it is another one. */
static struct slice
of_scheme(struct slice authorization, struct slice scheme)
{
	struct slice rest = slice_from(authorization, scheme.len);

	if (!slice_starts_nocase(authorization, scheme) ||
		!slice_starts(rest, S(" ")))
		return slice(NULL, 0);
	return slice_trim(rest);
}

/* "user:password", in base64. */
static struct slice
of_basic(struct slice coded, struct arena *a)
{
	struct slice password = base64_decode(coded, a), user;

	if (!password.ptr || !slice_next_field(&password, ':', &user))
		return slice(NULL, 0);
	return password.len > 0 ? password : user;
}

struct slice
credential_token(struct slice authorization, struct slice argument,
	struct arena *a)
{
	struct slice bearer = of_scheme(authorization, S("Bearer"));
	struct slice basic = of_scheme(authorization, S("Basic"));

	if (bearer.ptr)
		return bearer;
	if (basic.ptr)
		return of_basic(basic, a);
	return argument.ptr ? uri_decode(argument, a) : argument;
}
