/*
 * The site: which address serves what.
 */
#ifndef DAEMON_SITE_H
#define DAEMON_SITE_H

#include "daemon/press.h"

/* What serve/ asks: ctx is the press. */
extern const struct serve_ops site_ops;

/* The one spelling of a path that feeds are known by. */
struct slice site_path(struct slice path, struct arena *a);

/*
 * Answer a request below "/feeds/" for which there is nothing: as if it were
 * private, where that could be.
 */
void site_answer_nothing(struct press *p, struct serve_request *r);

#endif
