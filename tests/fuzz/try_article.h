/*
 * A file of any bytes through the reader of its format: what the targets of
 * the readers share.
 */
#ifndef FUZZ_TRY_ARTICLE_H
#define FUZZ_TRY_ARTICLE_H

#include "fuzz.h"
#include "read/read.h"

/*
 * Read the bytes as the file `path`: either an error with a hint, or an article
 * that check() finds to keep its promises.
 */
void try_article(struct slice path, const uint8_t *bytes, size_t len,
	void (*check)(const struct article *));

#endif
