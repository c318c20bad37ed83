/*
 * Making a token for a partner.
 */
#ifndef CTL_TOKEN_H
#define CTL_TOKEN_H

#include <jansson.h>

/*
 * A new token and its hash, {"ok":true,"token":"...","sha256":"..."}; nobody
 * keeps the token, so it is shown once.
 */
json_t *token_make(void);

/* Print it for people: what goes to the partner, and what is written down. */
void token_show(const json_t *made);

#endif
