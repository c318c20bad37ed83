/*
 * Reloading: read the configuration again; in force as a whole, or not at all.
 */
#ifndef DAEMON_RELOAD_H
#define DAEMON_RELOAD_H

#include "daemon/control.h"
#include "daemon/press.h"

/* On SIGHUP: faults go to the log. */
void reload_by_signal(struct press *p);

/* On request: faults go to the asker. */
void reload_by_request(struct press *p, struct control_request *r);

#endif
