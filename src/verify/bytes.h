/*
 * Are the bytes of a document those that were published, in every coding?
 */
#ifndef VERIFY_BYTES_H
#define VERIFY_BYTES_H

#include "model/document.h"
#include "verify/finding.h"

/*
 * Add what is wrong with the bodies of d, as read from `place`: etag is the
 * hash that was published.
 */
void bytes_check(const struct document *d, const char *etag,
	struct slice place, struct slice hint, struct findings *ret);

#endif
