/*
 * A body in a file without a name, so that the kernel can send it by itself.
 */
#ifndef SERVE_BODY_FILE_H
#define SERVE_BODY_FILE_H

#include "base/pool.h"
#include "model/document.h"

struct body_file;

/* Where they are made.  It outlives all of them. */
struct body_files {
	struct pool *pool;	/* NULL: nowhere */
	char *dir;
	size_t n, bytes;	/* that have a holder */
};

/*
 * Begin to write a body into a file, which the caller holds.  NULL: there are
 * as many as may be, or as large.
 */
struct body_file *body_file_new(struct body_files *all, struct document *d,
	enum coding c);

/*
 * Its descriptor, for whoever asks first after it was written; it is theirs to
 * close.  Else -1, and also when it could not be written.
 */
int body_file_take(struct body_file *f);

/* One more holder: somebody to whom it is being sent.  NULL is fine. */
struct body_file *body_file_ref(struct body_file *f);

/* NULL is fine. */
void body_file_unref(struct body_file *f);

#endif
