/*
 * Credentials: the token that a request shows.  Pure.
 */
#ifndef SERVE_CREDENTIAL_H
#define SERVE_CREDENTIAL_H

#include "base/arena.h"
#include "serve/gate.h"

/*
 * The token, from the value of Authorization (Bearer, or Basic with the token
 * as the password; without a password, as the user), else from the raw value
 * of "?token=".  ptr NULL: none is shown, or it cannot be read.
 */
struct slice credential_token(struct slice authorization,
	struct slice argument, struct arena *a);

#endif
