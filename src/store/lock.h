/*
 * The lock on a state directory: one writer of each database at a time.
 */
#ifndef STORE_LOCK_H
#define STORE_LOCK_H

#include "base/err.h"

/*
 * Make the state directory if it is missing (0750), and open and lock its
 * file of that name.  Returns the descriptor that holds the lock, -1 on
 * failure: when another process has it, the error names that process.
 */
int lock_take(const char *state_dir, const char *name, struct err *e)
	MUST_USE;

#endif
