/*
 * URIs (RFC 3986): percent-encoding, and the few parts that are looked at.
 */
#ifndef BASE_URI_H
#define BASE_URI_H

#include "base/arena.h"
#include "base/buf.h"

/*
 * Append s as one path segment: unreserved characters and the sub-delims that
 * are safe everywhere stay, the rest is percent-encoded byte by byte
 * (section 2.1).  "/" is encoded too unless keep_slash.
 */
void uri_put_segment(struct buf *b, struct slice s, bool keep_slash);

/* The same as a slice in the arena. */
struct slice uri_segment(struct slice s, bool keep_slash, struct arena *a);

/*
 * Decode %XX.  -1 (an empty slice with ptr NULL) when an escape is broken or
 * gives a NUL byte.
 */
struct slice uri_decode(struct slice s, struct arena *a);

/* Is s an absolute http or https address with a host and no control byte? */
bool uri_is_http(struct slice s);

/* The host of an absolute http(s) address, without port and userinfo. */
struct slice uri_host(struct slice s);

#endif
