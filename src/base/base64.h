/*
 * Base64 (RFC 4648 section 4), and the form of it for addresses (section 5).
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/arena.h"
#include "base/buf.h"

/*
 * Decode the form with padding.  ptr NULL: it is not that, down to the bits
 * that nobody needs.  What comes out may hold any bytes.
 */
struct slice base64_decode(struct slice s, struct arena *a);

/* Append the bytes, with padding. */
void base64_put(struct buf *b, struct slice s);

/* Append the bytes in letters that need no escape anywhere, unpadded. */
void base64_put_url(struct buf *b, struct slice s);

#endif
