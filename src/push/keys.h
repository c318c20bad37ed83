/*
 * Keys: what a delivery goes in with, read for it: credentials by files, and
 * the token that was kept for its target.
 */
#ifndef PUSH_KEYS_H
#define PUSH_KEYS_H

#include "base/sha256.h"
#include "push/courier.h"
#include "push/target.h"

enum {
	/*
	 * A token is over for us so long before it is, or for a quarter of its
	 * life if that is shorter: a request that has begun comes to its end.
	 */
	TOKEN_MARGIN_MS = 2 * 60 * 1000,
	TOKEN_LIFE_MIN_MS = 10 * 1000,	/* a shorter one is no use */
};

struct keys {
	struct secret **secrets;
	size_t n_secrets;
	bool has_token;			/* a row, whatever is in it */
	struct token token;
	char made_with[SHA256_HEX + 1];	/* that a token of now would have */
};

/*
 * Read them for d->target.  d has the credentials afterwards, in the order of
 * its settings; one that cannot be read says why.  -1: courier.db cannot be
 * read.  *ret is freed by keys_done() in either case.
 */
int keys_read(const struct courier *c, const char *dir, struct delivery *d,
	struct keys *ret, struct arena *a, struct err *e) MUST_USE;

/* Wipe and free the secrets; d must not be used any more. */
void keys_done(struct keys *k);

/* Can a delivery go with the token, or has one to be fetched first? */
bool keys_are_good(const struct keys *k, int64_t now_ms);

/*
 * What there is to get the next token by; NULL: credentials alone.  A token
 * that was got with other credentials is none, unless somebody logged in for
 * it: then it is tried.
 */
const struct token *keys_before(const struct keys *k);

/*
 * A preview needs no token: what it shows of any is masked.  This one stands
 * for the one that will be there.
 */
const struct token *keys_stand_in(const struct keys *k, struct arena *a);

#endif
