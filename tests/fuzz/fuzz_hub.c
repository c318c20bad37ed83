/*
 * Fuzz target: any bytes as what is posted to the hub.
 *
 * The first byte chooses the configuration.  What is taken holds all that the
 * courier relies on: a callback that may be called and has a host, a mode that
 * can be asked for, and everything within its limits.
 */
#include "base/uri.h"
#include "daemon/hub_form.h"
#include "push/guard.h"
#include "fuzz.h"

static void
check_taken(const struct hub_conf *h, const struct hub_request *r)
{
	struct err e;

	CHECK(guard_check_url(r->callback, NULL, &e) == 0);
	CHECK(r->callback.len <= GUARD_URL_MAX);
	CHECK(uri_host(r->callback).len > 0);
	CHECK(slice_starts(r->callback, S("http://")) ||
		slice_starts(r->callback, S("https://")));
	CHECK(r->mode == HUB_SUBSCRIBE || r->mode == HUB_UNSUBSCRIBE);
	CHECK(r->topic.len > 0 && r->topic.len <= HUB_TOPIC_MAX);
	CHECK(r->secret.len <= HUB_SECRET_MAX);
	CHECK(r->secret.len == 0 || h->plain_secrets ||
		slice_starts(r->callback, S("https://")));
	CHECK(r->lease_s >= -1 && r->lease_s <= HUB_LEASE_ENDLESS);
	CHECK(r->mode == HUB_SUBSCRIBE || r->lease_s == -1);
	CHECK(r->token.ptr && r->token.len <= HUB_TOKEN_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice body = slice((const char *)bytes, len);
	struct hub_conf h = { .plain_secrets = len > 0 && bytes[0] & 1 };
	struct hub_request r;
	struct err e = { 0 };

	if (hub_form_read(&h, slice_from(body, 1), &a, &r, &e) == 0)
		check_taken(&h, &r);
	else
		CHECK(e.kind != ERR_NONE && e.text[0]);
	return 0;
}
