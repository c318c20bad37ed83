/*
 * A secret: what a file in the credentials directory says.
 *
 * 1. Nobody outside secret.c knows what a struct secret is made of, so no
 *    formatter prints one by accident; secret_value() and secret_text() are
 *    the places to look for.
 * 2. Its memory is its own, and is wiped when it is freed.
 * 3. A file that others can read is no secret, and is refused.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/err.h"
#include "base/slice.h"

enum {
	SECRET_MAX = 64 * 1024,	/* bytes of a file */
	SECRET_VALUES_MAX = 8,	/* of them valid at the same time */
};

struct secret;

/* May a file be called so?  A way to somewhere else is no name. */
bool secret_is_name(struct slice name);

/*
 * Read the file of that name in the directory.  It is a regular file, belongs
 * to root or to us, and nobody else may read it; in the directory that systemd
 * made for us ($CREDENTIALS_DIRECTORY) it may be the group's.
 */
int secret_read(const char *dir, struct slice name, struct secret **ret,
	struct err *e) MUST_USE;

/* A secret of these bytes, which are copied. */
struct secret *secret_of(struct slice bytes);

/*
 * Values, one on a line, the one to be used first; more of them while one
 * replaces another.  There is always a first.
 */
size_t secret_count(const struct secret *s);
struct slice secret_value(const struct secret *s, size_t i);

/* All of it, without blanks at its end: a key in PEM. */
struct slice secret_text(const struct secret *s);

/* Wipe and free it.  NULL is fine. */
void secret_free(struct secret *s);

#endif
