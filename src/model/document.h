/*
 * A document: what one address serves, in every coding, immutable.
 *
 * The loop swaps pointers to documents; whoever sends one holds a reference,
 * so a transfer under way ends with the bytes that it began with.
 */
#ifndef MODEL_DOCUMENT_H
#define MODEL_DOCUMENT_H

#include <stdatomic.h>

#include "base/hash.h"
#include "base/slice.h"

enum coding { CODING_IDENTITY, CODING_GZIP, CODING_BROTLI, CODING_COUNT };

enum { GZIP_LEAST = 200 };	/* bytes; below, gzip makes it longer */

/* What a file of a coding ends in, behind its name; "" for the plain one. */
extern const char *const coding_endings[CODING_COUNT];

struct document {
	atomic_uint refs;
	const char *type;	/* Content-Type, static */
	int64_t mtime;		/* Last-Modified, seconds; not in the future */
	int max_age;		/* Cache-Control, seconds */
	bool immutable;		/* these bytes for ever, at this address */
	bool is_private;	/* no shared cache may keep it */
	int status;		/* 200, 226, 401, 404, 410 */
	char etag[HASH_HEX + 1];	/* of the identity form, no quotes */
	/*
	 * With status 226 (RFC 3229), what the body is the difference to; then
	 * etag is that of the whole document which it leads to.
	 */
	char delta_base[HASH_HEX + 1];
	const char *challenge;	/* WWW-Authenticate, static; with 401 */
	struct slice body[CODING_COUNT];	/* ptr NULL: no such variant */
	struct slice links;	/* value of the Link header; may be empty */
	const char *csp;	/* Content-Security-Policy, static; or NULL */
};

/* A document with one reference; the caller fills it. */
struct document *document_new(void);

/* Take over a malloc()ed body for a coding. */
void document_set_body(struct document *d, enum coding c, char *bytes,
	size_t len);

/* Copy the value of the Link header. */
void document_set_links(struct document *d, struct slice links);

/* One more holder.  Any thread. */
struct document *document_ref(struct document *d);

/* Any thread; NULL is fine. */
void document_unref(struct document *d);

/* Bytes of memory that it holds. */
size_t document_size(const struct document *d);

#endif
