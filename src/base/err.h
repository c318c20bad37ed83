/*
 * Errors: what failed, told from the outside in, with what to do about it.
 *
 * A function that can fail returns 0 or -1, is MUST_USE, and fills the
 * caller's struct err.  Each level adds what it knows; nobody logs on the way.
 * Wording: lower case, no full stop, names in double quotes, "cannot" + verb +
 * object + reason.  The hint is a full sentence that says what to do.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/defs.h"

enum err_kind {
	ERR_NONE,
	ERR_IO,		/* the system said no */
	ERR_LIMIT,	/* larger than a limit allows */
	ERR_SYNTAX,	/* bytes from outside are not what they should be */
	ERR_CONFIG,	/* a setting is wrong */
	ERR_MISSING,	/* what was asked for is not there */
	ERR_BUSY,	/* changing right now; try again */
	ERR_STORE,	/* the database said no */
	ERR_REFUSED,	/* a peer said no */
};

struct err {
	enum err_kind kind;
	char text[480];
	char hint[240];
};

/* Set the error and return -1.  "%m" in fmt is errno's text. */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/* Put "what: " before the text and return -1. */
int err_in(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * Is it of that kind, which is no failure here?  Then *e is empty again, and 0
 * is returned; else -1.
 */
int err_forgive(struct err *e, enum err_kind kind) MUST_USE;

/* Say what to do about it and return -1. */
int err_hint(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
