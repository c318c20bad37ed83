/*
 * Responses: status, headers and body, ready to be queued.
 */
#ifndef SERVE_RESPOND_H
#define SERVE_RESPOND_H

#include <microhttpd.h>

#include "model/document.h"
#include "serve/body_file.h"
#include "serve/negotiate.h"

struct serve_reply;	/* serve.h */

/* What is queued; the holder calls respond_done(). */
struct answer {
	unsigned status;
	struct MHD_Response *response;
	bool shared;	/* somebody else's: not to be changed, nor destroyed */
	struct body_file *file;	/* its body is there; NULL: in memory */
};

/* No answer any more; one that is empty is fine. */
void respond_done(struct answer *a);

/*
 * The document in the variant that the request asks for, or 304, or 406.
 * The reference is taken over: the response holds it while it sends.
 */
struct answer respond_document(const struct head *h, struct document *d);

/* The same for a choice that was made before. */
struct answer respond_choice(const struct head *h, struct document *d,
	struct choice choice);

/*
 * The document in a variant whose bytes are in the file fd, which is taken
 * over.  Not for 226.
 */
struct answer respond_from_file(const struct document *d, enum coding c,
	int fd);

/* A status with a line of text, never stored. */
struct answer respond_text(unsigned status, struct slice text);

/* The same with what some statuses need; the text is copied. */
struct answer respond_reply(const struct serve_reply *what);

/* 429: the client may ask again in so many seconds. */
struct answer respond_wait(unsigned seconds);

/* The connection is to be closed behind it. */
void respond_is_last(struct answer *a);

/*
 * A status with a line of text, and the connection is closed behind it.
 * is_hub: it was asked for what is only posted to.
 */
struct answer respond_and_close(unsigned status, bool is_hub);

/* 301 to a path that begins with one "/"; 404 for anything else. */
struct answer respond_redirect(struct slice path);

/* What OPTIONS gives: the methods, and the answer to a browser's preflight. */
struct answer respond_options(bool is_hub);

#endif
