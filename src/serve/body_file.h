/*
 * A body in a file in memory, so that the kernel can send it by itself.
 */
#ifndef SERVE_BODY_FILE_H
#define SERVE_BODY_FILE_H

#include "model/document.h"

struct body_file;

/*
 * Copy the bytes into a file, and hold it once.  Its descriptor is *ret_fd,
 * and the caller's.  NULL when there are count_max of them, or the system has
 * no more: then the bytes are to be sent from where they are.
 *
 * *count says how many there are; it must live as long as any of them.
 */
struct body_file *body_file_new(struct slice bytes, size_t *count,
	size_t count_max, int *ret_fd);

/* One more holder: somebody to whom it is being sent.  NULL is fine. */
struct body_file *body_file_ref(struct body_file *f);

/* NULL is fine. */
void body_file_unref(struct body_file *f);

#endif
