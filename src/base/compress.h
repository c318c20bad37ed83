/*
 * Compression of what is published: whole buffers, gzip and brotli.
 */
#ifndef BASE_COMPRESS_H
#define BASE_COMPRESS_H

#include "base/buf.h"

/*
 * Append s as one gzip member (RFC 1952).  Same bytes in, same bytes out.
 * Never on the loop: 0.1 ms for 32 KB.  Thread-safe.
 */
void gzip_put(struct buf *b, struct slice s);

enum { BROTLI_QUICK = 5, BROTLI_BEST = 11 };

/*
 * Append s in brotli (RFC 7932), with a quality of 0 to 11.  BROTLI_BEST takes
 * a hundred times as long as gzip_put(): for what has been still for a while.
 */
void brotli_put(struct buf *b, struct slice s, int quality);

/* Like gzip_matches(). */
bool brotli_matches(struct slice brotli, struct slice plain);

/*
 * Is `gzip` one gzip member that unpacks to exactly `plain`?  What was read
 * back from a disk is not trusted.
 */
bool gzip_matches(struct slice gzip, struct slice plain);

#endif
