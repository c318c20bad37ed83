/*
 * A request, built piece by piece by a target's compose().
 *
 *	request_post(q, conf->url);
 *	request_header(q, "Idempotency-Key", d->id);
 *	request_json(q, "text", d->entry->title);
 *	return request_check(q, e);
 *
 * 1. A builder that fails makes the request wrong, and the later ones do
 *    nothing: request_check() tells the first fault.
 * 2. All memory is the arena's, and the body's its own; what is given is
 *    copied, but for names and methods, which are constants.
 * 3. Printed, no secret that it was told of can be seen, wherever it stands
 *    and however it is encoded there; of bytes that are no text their hash
 *    is.  The hash of the request is that of the print.
 * 4. One that is not marked repeatable is sent on a fresh connection, for on
 *    a kept one the library repeats it by itself.
 * 5. It is not to be copied: its writer points into it.
 */
#ifndef PUSH_REQUEST_H
#define PUSH_REQUEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json_out.h"
#include "base/sha256.h"

enum {
	REQUEST_URL_MAX = 4096,
	REQUEST_HEADERS_MAX = 24,
	REQUEST_HEADER_MAX = 8 * 1024,	/* bytes of one */
	REQUEST_BODY_MAX = 16 * 1024 * 1024,
	REQUEST_DEPTH_MAX = 16,		/* brackets of JSON */
	REQUEST_SECRETS_MAX = 64,	/* in all their spellings */
	REQUEST_TIMEOUT_MAX = 600 * 1000,
	REQUEST_BLOBS_MAX = 32,
	REQUEST_NAME_MAX = 200,		/* of a part, or a file */
};

/* How a body is being written. */
enum request_form {
	REQUEST_NO_BODY,
	REQUEST_RAW,
	REQUEST_JSON,
	REQUEST_FORM,
	REQUEST_MULTIPART,
};

/* Bytes of a body that are no text: printed is their hash. */
struct request_blob {
	size_t at, len;
};

struct request {
	struct arena *a;
	const char *method;	/* NULL: nothing is sent, and judge() is asked
				 * at once, with status 0 */
	const char *url;
	const char *headers[REQUEST_HEADERS_MAX];	/* "Name: value" */
	size_t n_headers;
	struct slice body;	/* whole after request_check() */
	bool repeatable;
	int64_t timeout_ms;	/* 0: the usual */

	/* The builders' own. */
	enum request_form form;
	struct buf text;
	struct json_out json;
	char open[REQUEST_DEPTH_MAX];	/* brackets that are */
	size_t depth;
	struct slice secrets[REQUEST_SECRETS_MAX];
	size_t n_secrets;
	struct request_blob blobs[REQUEST_BLOBS_MAX];	/* in their order */
	size_t n_blobs;
	struct slice boundary;	/* of multipart: "\r\n--" and its name */
	struct err wrong;
};

/* An empty request with memory from the arena. */
void request_init(struct request *q, struct arena *a);

/* Free what is not the arena's; fit for CLEANUP. */
void request_done(struct request *q);

/* The method and the address: absolute, http or https. */
void request_get(struct request *q, struct slice url);
void request_post(struct request *q, struct slice url);
void request_to(struct request *q, const char *method, struct slice url);

/*
 * A header, which stands once.  A value that is empty, or has a control byte,
 * is a fault; so is a header that the transport writes.
 */
void request_header(struct request *q, const char *name, struct slice value);

/* Sending it twice is as good as once.  A GET always is. */
void request_repeatable(struct request *q);

/* How long it may take. */
void request_timeout(struct request *q, int64_t ms);

/* A whole body.  One that is not UTF-8 is printed as its hash. */
void request_body(struct request *q, const char *type, struct slice body);

/*
 * A JSON body: the members of an object, in their order and as UTF-8 without
 * escapes that need not be.  key is NULL inside of an array.  The outermost
 * bracket is closed by request_check().
 */
void request_json(struct request *q, const char *key, struct slice text);
void request_json_number(struct request *q, const char *key, int64_t n);
void request_json_bool(struct request *q, const char *key, bool yes);
void request_json_open(struct request *q, const char *key, char bracket);
void request_json_close(struct request *q, char bracket);

/* A field of a form (application/x-www-form-urlencoded). */
void request_field(struct request *q, const char *name, struct slice value);

/*
 * A form with files (multipart/form-data, RFC 7578): begin it with the chance
 * of the delivery, which makes the boundary; then its parts, in their order.
 * In a file's name what could end it, or mean a directory, is "_"; a part that
 * holds the boundary is a fault.  A file is printed as its size and hash.
 */
void request_multipart(struct request *q, uint64_t chance);
void request_part(struct request *q, const char *name, struct slice value);
void request_file(struct request *q, const char *name, struct slice file,
	struct slice type, struct slice bytes);

/*
 * The text is secret: it is in the address, a header or the body, and must
 * never be shown.  Text that is derived from one (a signature) is said here,
 * too; that it is escaped or percent-encoded somewhere is known.
 */
void request_hide(struct request *q, struct slice text);

/* Say that it cannot be built, and why; the first reason stays. */
void request_wrong(struct request *q, enum err_kind kind, const char *fmt,
	...) PRINTF_LIKE(3, 4);

/* Finish it: is all of it as it should be?  Twice is as good as once. */
int request_check(struct request *q, struct err *e) MUST_USE;

/*
 * Append what is sent: the method and the address, the headers, an empty line,
 * the body; secrets are shown as "***".  Of a request that sends nothing,
 * nothing.
 */
void request_print_masked(const struct request *q, struct buf *b);

/* Append the text, which may hold what the request keeps secret, masked. */
void request_mask(const struct request *q, struct slice text, struct buf *b);

/* The hash of the print: the same for the same request. */
struct sha256 request_hash(const struct request *q);

#endif
