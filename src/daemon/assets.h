/*
 * What all pages share, at fixed addresses: the style sheet, the icon, the
 * picture for previews, the code of the WeChat account.
 */
#ifndef DAEMON_ASSETS_H
#define DAEMON_ASSETS_H

#include "model/config.h"
#include "serve/serve.h"

struct assets;

/* Those of a configuration, ready to be served. */
struct assets *assets_new(const struct config *c);

/* Answer a request for one of them.  False: it is the caller's still. */
bool assets_serve(const struct assets *a, struct slice path,
	struct serve_request *r);

/* The page of an address that has nothing; a reference for the caller. */
struct document *assets_nothing(const struct assets *a);

/* The page of what only partners may read, and no token was shown. */
struct document *assets_denied(const struct assets *a);

/* NULL is fine. */
void assets_free(struct assets *a);

#endif
