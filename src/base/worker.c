/*
 * Threads beside the loop.
 */
#include <signal.h>

#include "base/worker.h"

pthread_t
worker_start(const char *name, void *(*run)(void *), void *arg)
{
	sigset_t all, old;
	pthread_t id;

	/* A thread inherits the mask of who starts it. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	CHECK(pthread_create(&id, NULL, run, arg) == 0);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	CHECK(pthread_setname_np(id, name) == 0);
	return id;
}
