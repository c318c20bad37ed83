/*
 * OAuth 1.0a (RFC 5849): a request signed by who sends it and for whom, with
 * HMAC-SHA1.
 *
 * What is signed is the method, the address with its query, and the fields of
 * a form; a body of another kind is not.
 */
#ifndef BASE_OAUTH1_H
#define BASE_OAUTH1_H

#include "base/buf.h"
#include "base/form.h"

enum { OAUTH1_NONCE = 16, OAUTH1_HEADER_MAX = 4096 };

/* Who signs. */
struct oauth1 {
	struct slice consumer_key, consumer_secret;
	struct slice token, token_secret;	/* both may be empty */
	struct slice nonce;	/* no other request of that second has it */
	int64_t now;		/* seconds */
	bool is_bare;		/* without oauth_version, which is optional */
};

/* A nonce made of chance: hex digits. */
struct slice oauth1_nonce(uint64_t chance, char ret[static OAUTH1_NONCE + 1]);

/*
 * Append the value of the header Authorization for a request.  url is absolute,
 * as it is sent, with its query; form: the decoded fields of a body that is
 * application/x-www-form-urlencoded, else NULL.  -1: the address cannot be
 * signed, or b is full.
 */
int oauth1_put(struct buf *b, const struct oauth1 *o, const char *method,
	struct slice url, const struct form *form, struct err *e) MUST_USE;

/* Append the text that is signed (section 3.4.1); for tests. */
int oauth1_put_base(struct buf *b, const struct oauth1 *o,
	const char *method, struct slice url, const struct form *form,
	struct err *e) MUST_USE;

#endif
