/*
 * The site: which address serves what.
 */
#ifndef DAEMON_SITE_H
#define DAEMON_SITE_H

#include "daemon/press.h"

/* What serve/ asks: ctx is the press. */
extern const struct serve_ops site_ops;

#endif
