/*
 * Where things are when the configuration does not say: for the whole machine,
 * or for one user who just tries gazetted out.
 */
#ifndef DAEMON_CONFIG_DEFAULTS_H
#define DAEMON_CONFIG_DEFAULTS_H

#include "base/arena.h"

/* The configuration of a service. */
#define CONFIG_FILE SYSCONFDIR "/gazetted/gazetted.yaml"

struct config_defaults {
	const char *state_dir;
	const char *publish_dir;
	const char *control;	/* NULL: "control.sock" in state_dir */
};

/*
 * The places of a service: those that systemd prepared ($STATE_DIRECTORY,
 * $CACHE_DIRECTORY, $RUNTIME_DIRECTORY), else /var/lib, /var/cache and /run.
 */
void config_defaults_system(struct config_defaults *ret, struct arena *a);

/* The places of a user, by the XDG base directory specification. */
void config_defaults_user(struct config_defaults *ret, struct arena *a);

/*
 * Those of the service for root, under systemd, and for a user who may write
 * its state directory; else the user's.
 */
void config_defaults(struct config_defaults *ret, struct arena *a);

#endif
