/*
 * What calls remember for each other: a libcurl share, counted.
 */
#include <stdlib.h>

#include "push/memory.h"

struct memory *
memory_new(int64_t now)
{
	struct memory *m = x_calloc(1, sizeof(*m));

	m->share = curl_share_init();
	m->refs = 1;
	m->until = now + MEMORY_MS;
	CHECK(m->share);
	CHECK(curl_share_setopt(m->share, CURLSHOPT_SHARE,
		CURL_LOCK_DATA_DNS) == CURLSHE_OK);
	CHECK(curl_share_setopt(m->share, CURLSHOPT_SHARE,
		CURL_LOCK_DATA_SSL_SESSION) == CURLSHE_OK);
	return m;
}

struct memory *
memory_ref(struct memory *m)
{
	m->refs++;
	return m;
}

void
memory_unref(struct memory *m)
{
	if (!m || --m->refs > 0)
		return;
	CHECK(curl_share_cleanup(m->share) == CURLSHE_OK);
	free(m);
}
