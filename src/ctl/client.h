/*
 * The other end of the control socket.
 */
#ifndef CTL_CLIENT_H
#define CTL_CLIENT_H

#include <jansson.h>

#include "base/arena.h"
#include "base/err.h"

enum { CLIENT_PATHS_MAX = 8, CLIENT_TIMEOUT_S = 30 };

/* Where a daemon may be listening, the most likely first. */
struct client_paths {
	const char *list[CLIENT_PATHS_MAX];
	size_t n;
};

/*
 * Where to look: `socket` alone when it is given; else what the configuration
 * names; else the places of a service and of a user.
 */
void client_find(const char *socket, const char *config,
	struct client_paths *ret, struct arena *a);

/* The same for the courier: its own socket first, then the daemon's. */
void client_find_courier(const char *socket, const char *config,
	struct client_paths *ret, struct arena *a);

/* Only the courier's own socket; false: it does not run apart, it seems. */
bool client_find_apart(const char *socket, const char *config,
	struct client_paths *ret, struct arena *a);

/*
 * Ask the first daemon that can be reached.  *ret is the caller's, an object.
 * -1: none can be reached, or it did not answer.
 */
int client_ask(const struct client_paths *paths, const json_t *request,
	json_t **ret, struct err *e) MUST_USE;

#endif
