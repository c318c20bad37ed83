/*
 * A login: how a person gives us a token, by OAuth 2.0 with PKCE (RFC 7636).
 *
 * He opens an address, says yes there, and is sent to another one with a code
 * in it; that he gives to `gazettectl target auth`.  The state tells whether
 * the code belongs to this login, the verifier, which never leaves us before,
 * makes it worthless for anybody else.
 */
#ifndef PUSH_LOGIN_H
#define PUSH_LOGIN_H

#include "base/arena.h"
#include "base/err.h"

enum {
	LOGIN_MS = 15 * 60 * 1000,	/* as long it is good for */
	LOGIN_STATE = 22,	/* letters: 128 bits */
	LOGIN_VERIFIER = 43,	/* 256 bits, as the challenge has */
	LOGIN_CODE_MAX = 4096,
};

struct login {
	char state[LOGIN_STATE + 1];
	char verifier[LOGIN_VERIFIER + 1];
	char challenge[LOGIN_VERIFIER + 1];	/* code_challenge, S256 */
	int64_t until;		/* ms */
	struct slice code;	/* that was brought; empty: not yet */
};

/* A new one. */
void login_init(struct login *l, int64_t now_ms);

/*
 * The code in what somebody brought: the address that he was sent to, whose
 * state must be that of the login, or only its query.  *ret_code is of the
 * arena.
 */
int login_take(const struct login *l, struct slice brought, int64_t now_ms,
	struct arena *a, struct slice *ret_code, struct err *e) MUST_USE;

#endif
