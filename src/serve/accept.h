/*
 * Accepting: connections come in here, within the limits.
 */
#ifndef SERVE_ACCEPT_H
#define SERVE_ACCEPT_H

#include "serve/server.h"

/* Accept on all listeners; and not any more. */
void accept_start(struct serve *s);
void accept_stop(struct serve *s);

/* A connection of this peer has ended. */
void accept_release(struct serve *s, struct peer *p);

#endif
