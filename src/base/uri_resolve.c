/*
 * Resolving a reference against a base: RFC 3986 section 5.2, strictly.
 */
#include "base/uri.h"

/* The parts of section 3; ptr NULL: not there, as an empty one can be. */
struct parts {
	struct slice scheme;
	struct slice authority;
	struct slice path;
	struct slice query;
	struct slice fragment;
};

/* Cut what is behind the first byte c off *s; ptr NULL: there is no c. */
static struct slice
cut_behind(struct slice *s, char c)
{
	ssize_t at = slice_find_byte(*s, c);
	struct slice rest;

	if (at < 0)
		return slice(NULL, 0);
	rest = slice_from(*s, (size_t)at + 1);
	s->len = (size_t)at;
	return rest;
}

static bool
is_scheme_byte(char c, bool first)
{
	char lower = c | 0x20;

	if (lower >= 'a' && lower <= 'z')
		return true;
	return !first && ((c >= '0' && c <= '9') || c == '+' || c == '-' ||
		c == '.');
}

struct slice
uri_scheme(struct slice s)
{
	size_t n = 0;

	while (n < s.len && is_scheme_byte(s.ptr[n], n == 0))
		n++;
	return n > 0 && n < s.len && s.ptr[n] == ':' ? slice(s.ptr, n) :
		slice(NULL, 0);
}

static struct parts
split(struct slice s)
{
	struct parts p = { 0 };
	size_t n = 0;

	p.fragment = cut_behind(&s, '#');
	p.query = cut_behind(&s, '?');
	p.scheme = uri_scheme(s);
	if (p.scheme.ptr)
		s = slice_from(s, p.scheme.len + 1);
	if (slice_starts(s, S("//"))) {
		s = slice_from(s, 2);
		while (n < s.len && s.ptr[n] != '/')
			n++;
		p.authority = slice(s.ptr, n);
		s = slice_from(s, n);
	}
	p.path = s;
	return p;
}

/* Up to its last "/", kept. */
static struct slice
folder_of(struct slice path)
{
	return slice(path.ptr, (size_t)(slice_rfind_byte(path, '/') + 1));
}

/* Take the last segment, with its "/", off what is written. */
static void
drop_segment(struct buf *b, size_t from)
{
	struct slice path = slice_from(buf_slice(b), from);
	ssize_t at = slice_rfind_byte(path, '/');

	buf_cut(b, from + (at < 0 ? 0 : (size_t)at));
}

/* Section 5.2.4: append a path without its "." and "..". */
static void
put_path(struct buf *b, struct slice path)
{
	size_t from = b->len, n;

	while (path.len > 0) {
		bool rooted = path.ptr[0] == '/';
		struct slice segment;

		for (n = rooted; n < path.len && path.ptr[n] != '/'; n++)
			;
		segment = slice_sub(path, rooted, n);
		if (slice_eq(segment, S("..")))
			drop_segment(b, from);
		else if (!slice_eq(segment, S(".")))
			buf_put(b, slice(path.ptr, n));
		if (n == path.len && (slice_eq(segment, S("..")) ||
			slice_eq(segment, S("."))))
			buf_put_byte(b, '/');
		path = slice_from(path, n);
	}
}

static void
put_part(struct buf *b, const char *before, struct slice part,
	const char *behind)
{
	if (!part.ptr)
		return;
	buf_put_str(b, before);
	buf_put(b, part);
	buf_put_str(b, behind);
}

/* Section 5.2.2, for a reference without a scheme. */
static void
put_relative(struct buf *b, const struct parts *base, const struct parts *ref)
{
	CLEANUP(buf_done) struct buf path = BUF_INIT(URI_MAX * 2);
	struct slice query = ref->query;

	put_part(b, "//", ref->authority.ptr ? ref->authority :
		base->authority, "");
	if (ref->authority.ptr || slice_starts(ref->path, S("/"))) {
		put_path(b, ref->path);
	} else if (ref->path.len == 0) {
		buf_put(b, base->path);
		if (!query.ptr)
			query = base->query;
	} else {
		if (base->authority.ptr && base->path.len == 0)
			buf_put_byte(&path, '/');
		buf_put(&path, folder_of(base->path));
		buf_put(&path, ref->path);
		put_path(b, buf_slice(&path));
	}
	put_part(b, "?", query, "");
}

struct slice
uri_resolve(struct slice base, struct slice ref, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(URI_MAX * 2 + 8);
	struct parts from = split(base), to = split(ref);

	if (base.len > URI_MAX || ref.len > URI_MAX)
		return slice(NULL, 0);
	if (to.scheme.ptr) {
		put_part(&b, "", to.scheme, ":");
		put_part(&b, "//", to.authority, "");
		put_path(&b, to.path);
		put_part(&b, "?", to.query, "");
	} else if (from.scheme.ptr) {
		put_part(&b, "", from.scheme, ":");
		put_relative(&b, &from, &to);
	} else {
		return slice(NULL, 0);
	}
	put_part(&b, "#", to.fragment, "");
	return arena_copy(a, buf_slice(&b));
}
