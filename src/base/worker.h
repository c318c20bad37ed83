/*
 * Threads beside the loop.
 */
#ifndef BASE_WORKER_H
#define BASE_WORKER_H

#include <pthread.h>

#include "base/defs.h"

/*
 * Start a thread, named (at most 15 bytes) for ps(1) and perf(1), with every
 * signal blocked: signals belong to the loop.  Ended by pthread_join(3).
 */
pthread_t worker_start(const char *name, void *(*run)(void *), void *arg);

#endif
