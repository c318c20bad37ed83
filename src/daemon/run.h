/*
 * Running the daemon: the loop with its signals, control socket and service
 * manager around a press.
 */
#ifndef DAEMON_RUN_H
#define DAEMON_RUN_H

#include "daemon/press.h"

/* The documented exit codes. */
enum { EXIT_OK, EXIT_FAILED, EXIT_USAGE };

enum role { ROLE_BOTH, ROLE_PRESS, ROLE_COURIER };

struct run {
	enum role role;
	struct config *config;		/* taken over */
	const char *config_path;	/* NULL: made without a file */
	bool progress;			/* show the first scan, on a terminal */
	/* Called once the first scan is in the feeds.  May be NULL. */
	void (*on_reconciled)(struct press *p);
};

/* Run until a signal says stop; returns the exit code. */
int run_daemon(const struct run *r);

#endif
