/*
 * OAuth 1.0a: what is signed is put in an order that both sides find by
 * themselves.
 *
 * All parameters, of the address, of the form and of the header, are encoded,
 * sorted by name and then by value, joined, and encoded once more behind the
 * method and the address.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base64.h"
#include "base/hmac.h"
#include "base/oauth1.h"
#include "base/uri.h"

enum {
	BASE_MAX = 64 * 1024,
	OWN_MAX = 7,	/* of the header */
	PAIRS_MAX = OWN_MAX + 2 * FORM_FIELDS_MAX,
};

/* Both are encoded. */
struct pair {
	struct slice name, value;
};

/* Everything that is signed, and where it lies. */
struct signing {
	struct arena arena;
	struct pair list[PAIRS_MAX];
	size_t n;
};

static void
signing_done(struct signing *s)
{
	arena_done(&s->arena);
}

static void
add(struct signing *s, struct slice name, struct slice value)
{
	CHECK(s->n < PAIRS_MAX);
	s->list[s->n++] = (struct pair){
		uri_query_value(name, &s->arena),
		uri_query_value(value, &s->arena),
	};
}

static void
add_form(struct signing *s, const struct form *f)
{
	CHECK(f->n <= FORM_FIELDS_MAX);
	for (size_t i = 0; i < f->n; i++)
		add(s, f->list[i].name, f->list[i].value);
}

/* Those of the header, but for the signature: the first ones. */
static void
add_own(struct signing *s, const struct oauth1 *o)
{
	struct slice now = arena_printf(&s->arena, "%" PRId64, o->now);

	add(s, S("oauth_consumer_key"), o->consumer_key);
	add(s, S("oauth_nonce"), o->nonce);
	add(s, S("oauth_signature_method"), S("HMAC-SHA1"));
	add(s, S("oauth_timestamp"), now);
	if (o->token.len > 0)
		add(s, S("oauth_token"), o->token);
	if (!o->is_bare)
		add(s, S("oauth_version"), S("1.0"));
}

/* The query of the address, without "?". */
static int
add_query(struct signing *s, struct slice url, struct err *e)
{
	ssize_t at = slice_find_byte(url, '?');
	struct form f;

	if (at < 0)
		return 0;
	if (form_parse(slice_from(url, (size_t)at + 1), &s->arena, &f, e) < 0)
		return err_in(e, "the query of the address");
	add_form(s, &f);
	return 0;
}

static int
gather(struct signing *s, const struct oauth1 *o, struct slice url,
	const struct form *form, struct err *e)
{
	add_own(s, o);
	if (form)
		add_form(s, form);
	return add_query(s, url, e);
}

/* ---- the base string ---- */

static int
by_name(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int order = slice_cmp(x->name, y->name);

	return order ? order : slice_cmp(x->value, y->value);
}

/* Without the port that its scheme has anyway. */
static struct slice
without_port(struct slice authority, bool is_tls)
{
	struct slice usual = is_tls ? S(":443") : S(":80");

	return slice_ends(authority, usual) ? slice_sub(authority, 0,
		authority.len - usual.len) : authority;
}

/* Section 3.4.1.2: without query, fragment and usual port. */
static struct slice
base_of(struct slice url, struct arena *a)
{
	bool is_tls = slice_starts_nocase(url, S("https:"));
	size_t from = is_tls ? sizeof("https://") - 1 : sizeof("http://") - 1;
	size_t to = from, end;

	url = uri_normal(url, a);
	while (to < url.len && !strchr("/?#", url.ptr[to]))
		to++;
	for (end = to; end < url.len && !strchr("?#", url.ptr[end]);)
		end++;
	return arena_printf(a, "%.*s%.*s%.*s", ARG(slice_sub(url, 0, from)),
		ARG(without_port(slice_sub(url, from, to), is_tls)),
		ARG(end > to ? slice_sub(url, to, end) : S("/")));
}

/* Sorted and joined. */
static struct slice
joined(struct signing *s, struct buf *b)
{
	qsort(s->list, s->n, sizeof(*s->list), by_name);
	for (size_t i = 0; i < s->n; i++)
		buf_printf(b, "%s%.*s=%.*s", i ? "&" : "",
			ARG(s->list[i].name), ARG(s->list[i].value));
	return buf_slice(b);
}

static int
put_base(struct buf *b, struct signing *s, const char *method,
	struct slice url, struct err *e)
{
	CLEANUP(buf_done) struct buf pairs = BUF_INIT(BASE_MAX);
	struct slice list = uri_query_value(joined(s, &pairs), &s->arena);

	buf_printf(b, "%s&%.*s&%.*s", method, ARG(uri_query_value(base_of(url,
		&s->arena), &s->arena)), ARG(list));
	return buf_ok(b) && buf_ok(&pairs) ? 0 : err_set(e, ERR_LIMIT,
		"what is to be signed is longer than %d bytes", BASE_MAX);
}

int
oauth1_put_base(struct buf *b, const struct oauth1 *o, const char *method,
	struct slice url, const struct form *form, struct err *e)
{
	CLEANUP(signing_done) struct signing s = { 0 };

	if (!uri_is_http(url))
		return err_set(e, ERR_SYNTAX, "the address is not one of http "
			"or https");
	if (gather(&s, o, url, form, e) < 0)
		return -1;
	return put_base(b, &s, method, url, e);
}

/* ---- the header ---- */

static void
put_signature(struct buf *b, const struct oauth1 *o, struct slice base,
	struct arena *a)
{
	struct slice key = arena_printf(a, "%.*s&%.*s",
		ARG(uri_query_value(o->consumer_secret, a)),
		ARG(uri_query_value(o->token_secret, a)));
	CLEANUP(buf_done) struct buf text = BUF_INIT(2 * HMAC_MAX);
	struct hmac *h = hmac_new(HMAC_SHA1);
	unsigned char mac[HMAC_MAX];
	size_t len = hmac_sign(h, key, base, mac);

	hmac_free(h);
	base64_put(&text, slice((char *)mac, len));
	buf_put(b, uri_query_value(buf_slice(&text), a));
}

int
oauth1_put(struct buf *b, const struct oauth1 *o, const char *method,
	struct slice url, const struct form *form, struct err *e)
{
	CLEANUP(buf_done) struct buf base = BUF_INIT(4 * BASE_MAX);
	CLEANUP(signing_done) struct signing own = { 0 };

	if (oauth1_put_base(&base, o, method, url, form, e) < 0)
		return -1;
	add_own(&own, o);
	buf_put(b, S("OAuth "));
	for (size_t i = 0; i < own.n; i++)
		buf_printf(b, "%.*s=\"%.*s\", ", ARG(own.list[i].name),
			ARG(own.list[i].value));
	buf_put(b, S("oauth_signature=\""));
	put_signature(b, o, buf_slice(&base), &own.arena);
	buf_put_byte(b, '"');
	return buf_ok(b) ? 0 : err_set(e, ERR_LIMIT, "the signature is too "
		"long for a header");
}

struct slice
oauth1_nonce(uint64_t chance, char ret[static OAUTH1_NONCE + 1])
{
	snprintf(ret, OAUTH1_NONCE + 1, "%016" PRIx64, chance);
	return slice(ret, OAUTH1_NONCE);
}
