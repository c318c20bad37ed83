/*
 * Logging in for a target: an address to open, and what came of it.
 */
#ifndef CTL_LOGIN_H
#define CTL_LOGIN_H

#include "ctl/ask.h"

/*
 * Tell the address, read what somebody brings from standard input, and hand it
 * to the daemon.
 */
int login_target(const struct options *o, const char *name);

#endif
