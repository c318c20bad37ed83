/*
 * Forms, as browsers and programs post them (URL Standard section 5,
 * application/x-www-form-urlencoded): "name=value&name=value".
 */
#ifndef BASE_FORM_H
#define BASE_FORM_H

#include "base/arena.h"
#include "base/err.h"

enum { FORM_FIELDS_MAX = 100 };

struct form_field {
	struct slice name, value;	/* decoded */
};

struct form {
	struct form_field *list;
	size_t n;
};

/*
 * Take a body apart; everything lies in the arena.  It fails where an escape
 * is broken or gives a NUL byte, and with more than FORM_FIELDS_MAX fields.
 * Which bytes values are made of otherwise is up to who sent it.
 */
int form_parse(struct slice body, struct arena *a, struct form *ret,
	struct err *e) MUST_USE;

/* How many fields have that name; *ret: the value of the first, or ptr NULL. */
size_t form_find(const struct form *f, struct slice name, struct slice *ret);

#endif
