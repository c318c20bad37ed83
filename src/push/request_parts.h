/*
 * The builders of a request, for each other.
 */
#ifndef PUSH_REQUEST_PARTS_H
#define PUSH_REQUEST_PARTS_H

#include "push/request.h"

/* Is the body of that kind, or can it still be?  False: a fault is told. */
bool request_takes(struct request *q, enum request_form form,
	const char *type);

/* Is it one word, as RFC 9110 section 5.6.2 wants names? */
bool request_is_token(struct slice s);

/* What comes next, and is so long, is no text. */
void request_put_blob(struct request *q, struct slice bytes);

/* Write the end of a form with files. */
void request_close_multipart(struct request *q);

#endif
