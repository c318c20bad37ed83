/*
 * What is posted to the hub, read and checked.
 *
 * Parameters that we do not know are ignored, also those of older versions of
 * the protocol (hub.verify), but what we know must not stand there twice: the
 * one who reads the first would do something else than who reads the last.
 */
#include "base/form.h"
#include "base/uri.h"
#include "daemon/hub_form.h"
#include "push/guard.h"

static int
take(const struct form *f, struct slice name, struct slice *ret,
	struct err *e)
{
	if (form_find(f, name, ret) > 1)
		return err_set(e, ERR_SYNTAX, "%.*s stands in the form more "
			"than once", ARG(name));
	return 0;
}

static int
need(const struct form *f, struct slice name, struct slice *ret,
	struct err *e)
{
	if (take(f, name, ret, e) < 0)
		return -1;
	return ret->len > 0 ? 0 : err_set(e, ERR_MISSING,
		"%.*s is missing, or empty", ARG(name));
}

static int
read_mode(const struct form *f, enum hub_mode *ret, struct err *e)
{
	struct slice text;

	if (need(f, S("hub.mode"), &text, e) < 0)
		return -1;
	if (slice_eq(text, S("subscribe"))) {
		*ret = HUB_SUBSCRIBE;
		return 0;
	}
	if (slice_eq(text, S("unsubscribe"))) {
		*ret = HUB_UNSUBSCRIBE;
		return 0;
	}
	err_set(e, ERR_SYNTAX, "hub.mode is neither \"subscribe\" nor "
		"\"unsubscribe\"");
	if (slice_eq(text, S("publish")))
		err_hint(e, "This hub knows its topics, and when they change: "
			"nobody has to tell it.");
	return -1;
}

static int
read_topic(const struct form *f, struct slice *ret, struct err *e)
{
	if (need(f, S("hub.topic"), ret, e) < 0)
		return -1;
	return ret->len <= HUB_TOPIC_MAX ? 0 : err_set(e, ERR_LIMIT,
		"hub.topic has %zu bytes, at most %d", ret->len,
		HUB_TOPIC_MAX);
}

/*
 * The ports are those of the configuration; where the host leads is looked at
 * when it is connected to.
 */
static int
read_callback(const struct hub_conf *h, const struct form *f,
	struct arena *a, struct slice *ret, struct err *e)
{
	const struct guard_ports ports = { h->ports.list, h->ports.n };
	struct slice text;

	if (need(f, S("hub.callback"), &text, e) < 0)
		return -1;
	*ret = uri_normal(text, a);
	return guard_check_url(*ret, &ports, e) < 0 ?
		err_in(e, "hub.callback") : 0;
}

static int
read_secret(const struct hub_conf *h, const struct form *f,
	struct slice callback, struct slice *ret, struct err *e)
{
	if (take(f, S("hub.secret"), ret, e) < 0)
		return -1;
	if (ret->len > HUB_SECRET_MAX)
		return err_set(e, ERR_LIMIT, "hub.secret has %zu bytes, at "
			"most %d", ret->len, HUB_SECRET_MAX);
	if (ret->len == 0 || h->plain_secrets ||
		slice_starts(callback, S("https://")))
		return 0;
	err_set(e, ERR_REFUSED, "hub.secret is only taken with a callback of "
		"https");
	return err_hint(e, "Over http everybody on the way could read what it "
		"signs.  Use https, or no secret.");
}

static bool
is_digits(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	return s.len > 0;
}

/* What unsubscribes has no lease, whatever it says. */
static int
read_lease(const struct form *f, enum hub_mode mode, int64_t *ret,
	struct err *e)
{
	struct slice text;

	*ret = -1;
	if (mode == HUB_UNSUBSCRIBE)
		return 0;
	if (take(f, S("hub.lease_seconds"), &text, e) < 0)
		return -1;
	if (text.len == 0)
		return 0;
	if (!is_digits(text))
		return err_set(e, ERR_SYNTAX,
			"hub.lease_seconds is no whole number");
	*ret = slice_number(text, HUB_LEASE_ENDLESS);
	if (*ret < 0)
		*ret = HUB_LEASE_ENDLESS;
	return 0;
}

/* Subscribers of version 0.3 know their own verifications by it. */
static int
read_token(const struct form *f, struct slice *ret, struct err *e)
{
	if (take(f, S("hub.verify_token"), ret, e) < 0)
		return -1;
	if (!ret->ptr)
		*ret = S("");
	return ret->len <= HUB_TOKEN_MAX ? 0 : err_set(e, ERR_LIMIT,
		"hub.verify_token has %zu bytes, at most %d", ret->len,
		HUB_TOKEN_MAX);
}

int
hub_form_read(const struct hub_conf *h, struct slice body, struct arena *a,
	struct hub_request *ret, struct err *e)
{
	struct hub_request r = { 0 };
	struct form f;

	if (form_parse(body, a, &f, e) < 0 || read_mode(&f, &r.mode, e) < 0 ||
		read_topic(&f, &r.topic, e) < 0 ||
		read_callback(h, &f, a, &r.callback, e) < 0 ||
		read_secret(h, &f, r.callback, &r.secret, e) < 0 ||
		read_lease(&f, r.mode, &r.lease_s, e) < 0 ||
		read_token(&f, &r.token, e) < 0)
		return -1;
	*ret = r;
	return 0;
}
