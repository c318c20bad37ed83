/*
 * What calls remember for each other: what names mean, and TLS sessions.
 *
 * libcurl looks through all names that it knows after every transfer, for
 * those that are old; with thousands of subscribers that costs more than the
 * transfer.  So names are kept for good here, and the whole memory is replaced
 * every minute by an empty one.  Who holds the old one finishes with it.
 */
#ifndef PUSH_MEMORY_H
#define PUSH_MEMORY_H

#include <curl/curl.h>

#include "base/defs.h"

enum { MEMORY_MS = 60000 };

struct memory {
	CURLSH *share;
	unsigned refs;
	int64_t until;		/* clock_mono_ms() */
};

/* An empty one, for MEMORY_MS from now on. */
struct memory *memory_new(int64_t now);

/* One holder more; one less, which frees it with the last (NULL is fine). */
struct memory *memory_ref(struct memory *m);
void memory_unref(struct memory *m);

#endif
