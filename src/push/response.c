/*
 * A response, and what it says.
 */
#include "base/utf8.h"
#include "push/head.h"
#include "push/request.h"
#include "push/response.h"

struct slice
response_header(const struct response *r, struct slice name)
{
	return head_find(r->head, name);
}

/* The first line with anything in it. */
static struct slice
first_line(struct slice text)
{
	struct slice line;

	while (slice_next_line(&text, &line)) {
		line = slice_trim(line);
		if (line.len > 0)
			return line;
	}
	return S("");
}

/* Before it is cut: half a secret would be found by nobody. */
static struct slice
without_secrets(const struct response *r, struct slice line)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(3 * line.len + 1);

	if (!r->to)
		return line;
	request_mask(r->to, line, &b);
	return arena_copy(r->a, buf_slice(&b));
}

struct slice
response_quote(const struct response *r)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(2 * RESPONSE_QUOTE_MAX);
	struct slice body = r->is_secret ? S("") : r->body;
	struct slice line = without_secrets(r, first_line(body));
	struct slice cut = slice_sub(line, 0, RESPONSE_QUOTE_MAX);
	size_t good = utf8_check(cut);

	/* A character may be cut in two at the end, but nowhere else. */
	if (good < cut.len && (cut.len == line.len || cut.len - good > 3))
		return S("");
	utf8_put_shown(&b, slice_sub(cut, 0, good));
	if (good < line.len)
		buf_put(&b, S("..."));
	return arena_copy(r->a, buf_slice(&b));
}

void
response_tell(const struct response *r, const char *who, struct err *e)
{
	struct slice quote = response_quote(r);

	err_set(e, ERR_REFUSED, "%s answered %d%s%.*s", who, r->status,
		quote.len ? ": " : "", ARG(quote));
}
