/*
 * Forms with files: multipart/form-data (RFC 7578).
 *
 * 1. Nothing that is given can end a line, a quoted text or a part: names are
 *    refused, names of files are rewritten, and no part holds the boundary.
 *    Those who read this disagree on how a quote is escaped (RFC 2183, HTML,
 *    RFC 8187), so there is never one to be escaped.
 * 2. The boundary comes from the chance of the attempt: who writes a picture
 *    does not know it, and a preview with the same chance has the same one.
 */
#include <stdio.h>

#include "base/utf8.h"
#include "push/request_parts.h"

/* ---- what is between the parts ---- */

void
request_multipart(struct request *q, uint64_t chance)
{
	char type[80];
	int len;

	if (q->boundary.len > 0) {
		request_wrong(q, ERR_SYNTAX, "a form in a form");
		return;
	}
	q->boundary = arena_printf(q->a, "\r\n--gazetted-%016jx",
		(uintmax_t)chance);
	len = snprintf(type, sizeof(type), "multipart/form-data; "
		"boundary=%.*s", ARG(slice_from(q->boundary, 4)));
	CHECK(len > 0 && (size_t)len < sizeof(type));
	request_takes(q, REQUEST_MULTIPART, type);
}

/* The first one has no line before it. */
static void
put_boundary(struct request *q)
{
	buf_put(&q->text, slice_from(q->boundary, q->text.len ? 0 : 2));
}

void
request_close_multipart(struct request *q)
{
	if (q->boundary.len == 0)
		return;		/* it is closed */
	if (q->text.len == 0) {
		request_wrong(q, ERR_SYNTAX, "a form without a part");
		return;
	}
	put_boundary(q);
	buf_put_str(&q->text, "--\r\n");
	q->boundary = slice(NULL, 0);
}

/* ---- names ---- */

/* Can it stand between quotes, for whoever reads them? */
static bool
is_name(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] < ' ' ||
			(unsigned char)s.ptr[i] >= 0x7f ||
			memchr("\"\\%;", s.ptr[i], 4))
			return false;
	return s.len > 0 && s.len <= REQUEST_NAME_MAX;
}

/* "image/jpeg" */
static bool
is_media_type(struct slice s)
{
	struct slice kind;

	return s.len <= REQUEST_NAME_MAX && slice_next_field(&s, '/', &kind) &&
		request_is_token(kind) && request_is_token(s);
}

/* The name of a file, of any: letters of all scripts stay. */
static void
put_file_name(struct request *q, struct slice s)
{
	bool is_text = utf8_valid(s);

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		bool stays = c < 0x80 ? c >= ' ' && c != 0x7f &&
			!memchr("\"\\%;/:", c, 6) : is_text;

		/* Not hidden, and no directory. */
		buf_put_byte(&q->text, stays && (c != '.' || i > 0) ? (char)c :
			'_');
	}
	if (s.len == 0)
		buf_put_byte(&q->text, '_');
}

/* ---- parts ---- */

/* False: a fault is told. */
static bool
open_part(struct request *q, const char *name)
{
	if (q->wrong.kind != ERR_NONE)
		return false;
	if (q->boundary.len == 0) {
		request_wrong(q, ERR_SYNTAX, "a part \"%.60s\" of no form",
			name);
		return false;
	}
	if (!is_name(slice_str(name))) {
		request_wrong(q, ERR_SYNTAX, "\"%.*s\" cannot be the name of "
			"a part", ARG(utf8_first(slice_str(name), 60)));
		return false;
	}
	put_boundary(q);
	buf_printf(&q->text, "\r\nContent-Disposition: form-data; name=\"%s\"",
		name);
	return true;
}

/* Behind the first line of a part: neither may hold the boundary. */
static bool
is_inside(struct request *q, struct slice text)
{
	if (slice_find(text, slice_from(q->boundary, 2), 0) < 0)
		return true;
	request_wrong(q, ERR_SYNTAX, "a part holds the boundary");
	return false;
}

void
request_part(struct request *q, const char *name, struct slice value)
{
	if (!open_part(q, name) || !is_inside(q, value))
		return;
	if (!utf8_valid(value)) {
		request_wrong(q, ERR_SYNTAX, "the part \"%s\" is not UTF-8",
			name);
		return;
	}
	buf_put_str(&q->text, "\r\n\r\n");
	buf_put(&q->text, value);
}

void
request_file(struct request *q, const char *name, struct slice file,
	struct slice type, struct slice bytes)
{
	if (!open_part(q, name) || !is_inside(q, file) ||
		!is_inside(q, bytes))
		return;
	if (file.len > REQUEST_NAME_MAX) {
		request_wrong(q, ERR_LIMIT, "the name of the file \"%s\" is "
			"longer than %d bytes", name, REQUEST_NAME_MAX);
		return;
	}
	if (!is_media_type(type)) {
		request_wrong(q, ERR_SYNTAX, "\"%.*s\" is no media type",
			ARG(utf8_first(type, 60)));
		return;
	}
	buf_put_str(&q->text, "; filename=\"");
	put_file_name(q, file);
	buf_printf(&q->text, "\"\r\nContent-Type: %.*s\r\n\r\n", ARG(type));
	request_put_blob(q, bytes);
}
