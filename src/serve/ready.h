/*
 * Answers kept ready: what is asked for again and again is made once.
 */
#ifndef SERVE_READY_H
#define SERVE_READY_H

#include "base/pool.h"
#include "model/document.h"
#include "serve/gate.h"
#include "serve/respond.h"

struct ready;

/* None yet. */
struct ready *ready_new(void);

/* Large bodies may be sent from files in dir, which jobs of the pool write. */
void ready_use_files(struct ready *r, struct pool *pool, const char *dir);

/*
 * What respond_document() gives, but it may be one that others send, too: it
 * must be queued before anything else is asked of r.
 */
struct answer ready_document(struct ready *r, const struct head *h,
	struct document *d);

/*
 * Called now and then: what nobody asked for since the last time is let go,
 * so that no document lives much longer than its owner wants.
 */
void ready_sweep(struct ready *r);

/* No job of the pool may be pending, nor an answer sent.  NULL is fine. */
void ready_free(struct ready *r);

#endif
