/*
 * URIs (RFC 3986): percent-encoding, and the few parts that are looked at.
 */
#include "base/uri.h"

/* pchar of section 3.3, without what HTML or a tag: URI would rather encode. */
#define UNRESERVED "-._~"
#define PCHAR UNRESERVED "!$()*+,;=:@"

static bool
is_one_of(unsigned char c, const char *also)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || (c && strchr(also, c));
}

static size_t
encode(struct slice s, const char *kept, char *out)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t len = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (is_one_of(c, kept)) {
			out[len++] = (char)c;
			continue;
		}
		out[len++] = '%';
		out[len++] = hex[c >> 4];
		out[len++] = hex[c & 15];
	}
	return len;
}

static const char *
kept_in_segment(bool keep_slash)
{
	return keep_slash ? PCHAR "/" : PCHAR;
}

void
uri_put_segment(struct buf *b, struct slice s, bool keep_slash)
{
	char *p = buf_reserve(b, s.len * 3);

	if (p)
		buf_commit(b, encode(s, kept_in_segment(keep_slash), p));
}

static struct slice
encoded(struct slice s, const char *kept, struct arena *a)
{
	char *p = arena_text(a, s.len * 3);
	size_t len = encode(s, kept, p);

	p[len] = '\0';
	return slice(p, len);
}

struct slice
uri_segment(struct slice s, bool keep_slash, struct arena *a)
{
	return encoded(s, kept_in_segment(keep_slash), a);
}

bool
uri_is_segment(struct slice s, bool keep_slash)
{
	const char *kept = kept_in_segment(keep_slash);

	for (size_t i = 0; i < s.len; i++)
		if (!is_one_of((unsigned char)s.ptr[i], kept))
			return false;
	return true;
}

struct slice
uri_query_value(struct slice s, struct arena *a)
{
	return encoded(s, UNRESERVED, a);
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The byte that the escape at i stands for; -1: there is none. */
static int
escaped(struct slice s, size_t i)
{
	int hi, lo;

	if (s.ptr[i] != '%' || i + 2 >= s.len ||
		(hi = hex_digit(s.ptr[i + 1])) < 0 ||
		(lo = hex_digit(s.ptr[i + 2])) < 0)
		return -1;
	return hi << 4 | lo;
}

struct slice
uri_decode(struct slice s, struct arena *a)
{
	char *out = arena_alloc(a, s.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < s.len; i++) {
		int byte;

		if (s.ptr[i] != '%') {
			out[len++] = s.ptr[i];
			continue;
		}
		byte = escaped(s, i);
		if (byte <= 0)
			return slice(NULL, 0);
		out[len++] = (char)byte;
		i += 2;
	}
	return slice(out, len);
}

/* What follows "http://" or "https://"; ptr NULL when neither is there. */
static struct slice
after_scheme(struct slice s)
{
	if (slice_starts_nocase(s, S("http://")))
		return slice_from(s, 7);
	if (slice_starts_nocase(s, S("https://")))
		return slice_from(s, 8);
	return slice(NULL, 0);
}

/* Where the host of an http(s) address ends, with its port. */
static size_t
authority_end(struct slice s)
{
	size_t end = s.len - after_scheme(s).len;

	while (end < s.len && !strchr("/?#", s.ptr[end]))
		end++;
	return end;
}

struct slice
uri_host(struct slice s)
{
	struct slice rest = after_scheme(s);
	ssize_t at;

	if (!rest.ptr)
		return rest;
	rest = slice_sub(s, s.len - rest.len, authority_end(s));
	if ((at = slice_rfind_byte(rest, '@')) >= 0)
		rest = slice_from(rest, (size_t)at + 1);
	if (rest.len > 0 && rest.ptr[0] == '[') {
		at = slice_find_byte(rest, ']');
		return at < 0 ? slice(NULL, 0) :
			slice(rest.ptr, (size_t)at + 1);
	}
	if ((at = slice_rfind_byte(rest, ':')) >= 0)
		rest = slice(rest.ptr, (size_t)at);
	return rest;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

struct slice
uri_normal(struct slice s, struct arena *a)
{
	char *out = arena_text(a, s.len);
	size_t len = 0, host_end = after_scheme(s).ptr ? authority_end(s) : 0;

	for (size_t i = 0; i < s.len; i++) {
		int byte = escaped(s, i);

		if (byte > 0 && is_one_of((unsigned char)byte, UNRESERVED)) {
			out[len++] = (char)byte;
			i += 2;
		} else {
			out[len++] = i < host_end ? lower(s.ptr[i]) : s.ptr[i];
		}
	}
	out[len] = '\0';
	return slice(out, len);
}

bool
uri_is_http(struct slice s)
{
	if (!after_scheme(s).ptr || uri_host(s).len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] <= ' ' || s.ptr[i] == 0x7f)
			return false;
	return true;
}
