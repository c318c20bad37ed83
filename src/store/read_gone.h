/*
 * Reading tombstones: the articles that a feed's readers may still show.
 */
#ifndef STORE_READ_GONE_H
#define STORE_READ_GONE_H

#include "store/reader.h"

/* Fill f->gone of a document, or of a page (p); the entries are there. */
int read_gone(struct store_reader *r, struct feed *f,
	const struct feed_page *p, struct arena *a, struct err *e) MUST_USE;

#endif
