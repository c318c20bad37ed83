/*
 * Compression of what is published: whole buffers, with libdeflate.
 */
#ifndef BASE_COMPRESS_H
#define BASE_COMPRESS_H

#include "base/buf.h"

/*
 * Append s as one gzip member (RFC 1952).  Same bytes in, same bytes out.
 * Never on the loop: 0.1 ms for 32 KB.  Thread-safe.
 */
void gzip_put(struct buf *b, struct slice s);

/*
 * Is `gzip` one gzip member that unpacks to exactly `plain`?  What was read
 * back from a disk is not trusted.
 */
bool gzip_matches(struct slice gzip, struct slice plain);

#endif
