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

/* Would that change nothing? */
bool uri_is_segment(struct slice s, bool keep_slash);

/*
 * s as a value in a query: all but unreserved characters are encoded, as what
 * takes a query apart may give any of them a meaning.
 */
struct slice uri_query_value(struct slice s, struct arena *a);

/*
 * Decode %XX.  -1 (an empty slice with ptr NULL) when an escape is broken or
 * gives a NUL byte.
 */
struct slice uri_decode(struct slice s, struct arena *a);

/* Is s an absolute http or https address with a host and no control byte? */
bool uri_is_http(struct slice s);

enum { URI_MAX = 4096 };	/* bytes of an address; no longer one is read */

/* The scheme that s begins with, without ":"; ptr NULL: it has none. */
struct slice uri_scheme(struct slice s);

/*
 * The address that a reference means on a page (RFC 3986 section 5.2).  ptr
 * NULL: one of the two is longer than URI_MAX, or none has a scheme.
 */
struct slice uri_resolve(struct slice base, struct slice ref,
	struct arena *a);

/*
 * An absolute http(s) address as all its spellings have it in common, as far
 * as nobody can see the difference (RFC 3986 sections 6.2.2.1 and 6.2.2.2):
 * scheme and host in lower case, and what needs no percent-encoding decoded.
 * Everything else is kept byte by byte.
 */
struct slice uri_normal(struct slice s, struct arena *a);

/* The host of an absolute http(s) address, without port and userinfo. */
struct slice uri_host(struct slice s);

#endif
