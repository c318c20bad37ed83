/*
 * What the tests of the readers share: an article, read from a text as from a
 * file of some name.
 */
#ifndef UNIT_READ_KIT_H
#define UNIT_READ_KIT_H

#include "assert_slice.h"
#include "read/read.h"

/* What was read last, and its memory; why it was not. */
extern struct arena arena;
extern struct article article;
extern struct err err;

/* Forget it all: every test's teardown. */
int reset(void **state);

/* Read the bytes as a file's: 0, or -1. */
int try_read(struct slice path, struct slice bytes);

/* Read a text as a file's; the test fails when that cannot be done. */
void read_as(const char *path, const char *text);

#endif
