/*
 * Showing a request, and what a peer says of it, without its secrets.
 *
 * Secrets are looked for in the finished text, not left out while it is
 * written: so it does not matter where one stands, who put it there, or that
 * a peer sent it back.  A secret may hold another, and two may overlap: all
 * bytes of all of them are masked, and a run of them is one "***".
 */
#include "base/uri.h"
#include "push/request.h"

/* A secret makes at most three bytes of one. */
#define PRINT_MAX (3 * (REQUEST_BODY_MAX + REQUEST_URL_MAX + \
	REQUEST_HEADERS_MAX * (REQUEST_HEADER_MAX + 8)))

/* ---- what is secret ---- */

static void
hide(struct request *q, struct slice text)
{
	for (size_t i = 0; i < q->n_secrets; i++)
		if (slice_eq(q->secrets[i], text))
			return;
	if (q->n_secrets == REQUEST_SECRETS_MAX)
		request_wrong(q, ERR_LIMIT, "more than %d secrets",
			REQUEST_SECRETS_MAX);
	else
		q->secrets[q->n_secrets++] = arena_copy(q->a, text);
}

void
request_hide(struct request *q, struct slice text)
{
	CLEANUP(buf_done) struct buf json = BUF_INIT(text.len * 6);

	if (text.len == 0)
		return;
	buf_put_json(&json, text);
	hide(q, text);
	if (json.len > 0)
		hide(q, buf_slice(&json));
	hide(q, uri_query_value(text, q->a));
	hide(q, uri_segment(text, false, q->a));
	hide(q, uri_segment(text, true, q->a));
}

/* ---- masking ---- */

/* The longest secret that s begins with, in bytes; 0: none does. */
static size_t
secret_at(const struct request *q, struct slice s)
{
	size_t longest = 0;

	for (size_t i = 0; i < q->n_secrets; i++)
		if (q->secrets[i].len > longest &&
			slice_starts(s, q->secrets[i]))
			longest = q->secrets[i].len;
	return longest;
}

void
request_mask(const struct request *q, struct slice text, struct buf *b)
{
	bool begins[256] = { false };
	size_t until = 0, shown = 0;	/* masked; written or masked */

	for (size_t i = 0; i < q->n_secrets; i++)
		begins[(unsigned char)q->secrets[i].ptr[0]] = true;
	for (size_t i = 0; i < text.len; i++) {
		size_t len = begins[(unsigned char)text.ptr[i]] ?
			secret_at(q, slice_from(text, i)) : 0;

		if (len == 0)
			continue;
		if (i > until || shown == 0) {
			buf_put(b, slice_sub(text, shown, i));
			buf_put(b, S("***"));
		}
		until = MAX(until, i + len);
		shown = until;
	}
	buf_put(b, slice_from(text, shown));
}

/* ---- showing ---- */

/* "[12 bytes, sha256 9f86d0...]" */
static void
put_blob(struct buf *b, struct slice bytes)
{
	struct sha256 hash = sha256_of(bytes);
	char hex[SHA256_HEX + 1];

	sha256_hex(&hash, hex);
	buf_printf(b, "[%zu bytes, sha256 %s]", bytes.len, hex);
}

static void
put_body(struct buf *b, const struct request *q)
{
	size_t at = 0;

	for (size_t i = 0; i < q->n_blobs; i++) {
		const struct request_blob *blob = &q->blobs[i];

		buf_put(b, slice_sub(q->body, at, blob->at));
		at = blob->at + blob->len;
		put_blob(b, slice_sub(q->body, blob->at, at));
	}
	buf_put(b, slice_from(q->body, at));
}

void
request_print_masked(const struct request *q, struct buf *b)
{
	CLEANUP(buf_done) struct buf all = BUF_INIT(PRINT_MAX);

	if (!q->method || q->wrong.kind != ERR_NONE)
		return;
	buf_printf(&all, "%s %s\n", q->method, q->url);
	for (size_t i = 0; i < q->n_headers; i++)
		buf_printf(&all, "%s\n", q->headers[i]);
	buf_put_byte(&all, '\n');
	put_body(&all, q);
	request_mask(q, buf_slice(&all), b);
}

struct sha256
request_hash(const struct request *q)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(PRINT_MAX);

	request_print_masked(q, &b);
	return sha256_of(buf_slice(&b));
}
