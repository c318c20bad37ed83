/*
 * The request gate: what libmicrohttpd lets through and we do not.
 *
 * RFC 9112: exactly one valid Host (3.2), no space before a colon (5.1), no
 * control byte (5.5), one Content-Length of digits only, or one
 * Transfer-Encoding that is "chunked", never both, and none with HTTP/1.0
 * (6.1 to 6.3).  RFC 9110 9.3.1 lets us refuse a GET with a body; we do.
 */
#include "serve/gate.h"

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9');
}

/* Is every byte of s alphanumeric or one of these?  Empty is not. */
static bool
consists_of(struct slice s, const char *also)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_alnum(s.ptr[i]) &&
			(!s.ptr[i] || !strchr(also, s.ptr[i])))
			return false;
	return s.len > 0;
}

static bool
is_token(struct slice s)
{
	return consists_of(s, "!#$%&'*+-.^_`|~");
}

static bool
is_host(struct slice s)
{
	return consists_of(s, "-._~%!$&'()*+,;=[]:");
}

static bool
has_control(struct slice s, bool tab_allowed)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c == 0x7f || (c < ' ' && !(c == '\t' && tab_allowed)))
			return true;
	}
	return false;
}

static enum method
method_of(struct slice s)
{
	static const struct {
		struct slice name;
		enum method method;
	} known[] = {
		{ S_INIT("GET"), METHOD_GET },
		{ S_INIT("HEAD"), METHOD_HEAD },
		{ S_INIT("OPTIONS"), METHOD_OPTIONS },
		{ S_INIT("POST"), METHOD_POST },
		{ S_INIT("PUT"), METHOD_OTHER },
		{ S_INIT("DELETE"), METHOD_OTHER },
		{ S_INIT("PATCH"), METHOD_OTHER },
		{ S_INIT("CONNECT"), METHOD_OTHER },
		{ S_INIT("TRACE"), METHOD_OTHER },
	};

	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (slice_eq(s, known[i].name))
			return known[i].method;
	return METHOD_UNKNOWN;
}

/*
 * The path of a target in origin-form or absolute-form (RFC 9112 3.2); "*"
 * belongs to OPTIONS and counts as "/".  Empty: neither.
 */
static struct slice
path_of(struct slice target, enum method method)
{
	ssize_t at = slice_find_byte(target, '?');

	if (at >= 0)
		target = slice(target.ptr, (size_t)at);
	if (method == METHOD_OPTIONS && slice_eq(target, S("*")))
		return S("/");
	if (slice_starts_nocase(target, S("http://")))
		target = slice_from(target, 7);
	else if (slice_starts_nocase(target, S("https://")))
		target = slice_from(target, 8);
	else
		return slice_starts(target, S("/")) ? target : S("");
	at = slice_find_byte(target, '/');
	if (!is_host(at < 0 ? target : slice(target.ptr, (size_t)at)))
		return S("");
	return at < 0 ? S("/") : slice_from(target, (size_t)at);
}

void
gate_begin(struct head *h, struct slice method, struct slice target,
	struct slice version)
{
	*h = (struct head){ .method = method_of(method) };
	h->path = path_of(target, h->method);
	h->cost = method.len + target.len;
	h->old = slice_eq(version, S("HTTP/1.0"));
	h->bad = !is_token(method) || has_control(target, false);
	/* What another method aims at ("host:port") is not our business. */
	if (h->path.len == 0 && h->method <= METHOD_OPTIONS)
		h->bad = true;
}

static void
add_line(struct lines *l, struct slice value)
{
	if (l->n < HEAD_LINES_MAX)
		l->line[l->n++] = value;
}

static void
take_length(struct head *h, struct slice value)
{
	int64_t length = slice_number(value, INT64_MAX);

	h->lengths++;
	h->length = length;
	h->body |= length > 0;
	h->bad |= length < 0;
}

static void
take_encoding(struct head *h, struct slice value)
{
	h->encodings++;
	h->body = true;
	h->bad |= !slice_eq_nocase(value, S("chunked"));
}

/* A field that the answer depends on. */
static void
keep_field(struct head *h, struct slice name, struct slice value)
{
	const struct {
		struct slice name;
		struct lines *lines;	/* it may stand in several */
		struct slice *value;	/* or this: the last one counts */
	} kept[] = {
		{ S("Accept-Encoding"), &h->accept_encoding, NULL },
		{ S("If-None-Match"), &h->if_none_match, NULL },
		{ S("A-IM"), &h->a_im, NULL },
		{ S("If-Modified-Since"), NULL, &h->if_modified_since },
		{ S("Authorization"), NULL, &h->authorization },
		{ S("User-Agent"), NULL, &h->user_agent },
		{ S("Content-Type"), NULL, &h->content_type },
		{ S("X-Forwarded-For"), NULL, &h->forwarded },
	};

	for (size_t i = 0; i < COUNT_OF(kept); i++) {
		if (!slice_eq_nocase(name, kept[i].name))
			continue;
		if (kept[i].lines)
			add_line(kept[i].lines, value);
		else
			*kept[i].value = value;
		return;
	}
}

void
gate_field(struct head *h, struct slice name, struct slice value)
{
	h->fields++;
	h->cost += HEAD_FIELD_COST + name.len + value.len;
	/* The library makes a copy of it. */
	if (slice_eq_nocase(name, S("Cookie")))
		h->cost += value.len;
	h->bad |= !is_token(name) || has_control(value, true);
	value = slice_trim(value);
	if (slice_eq_nocase(name, S("Host"))) {
		h->hosts++;
		h->bad |= !is_host(value);
	} else if (slice_eq_nocase(name, S("Content-Length"))) {
		take_length(h, value);
	} else if (slice_eq_nocase(name, S("Transfer-Encoding"))) {
		take_encoding(h, value);
	} else {
		keep_field(h, name, value);
	}
}

bool
gate_is_hub(struct slice path)
{
	return slice_eq(path, S("/hub"));
}

bool
gate_is_conditional(const struct head *h)
{
	return h->if_none_match.n > 0 || h->if_modified_since.len > 0;
}

/* A form is all that a hub understands (WebSub section 5.1). */
static unsigned
judge_post(const struct head *h)
{
	struct slice type = h->content_type, name = S("");

	if (!gate_is_hub(h->path))
		return 405;
	if (h->lengths == 0)
		return 411;
	if (h->length > FORM_MAX)
		return 413;
	slice_next_field(&type, ';', &name);
	return slice_eq_nocase(slice_trim(name),
		S("application/x-www-form-urlencoded")) ? 0 : 415;
}

unsigned
gate_judge(const struct head *h)
{
	if (h->bad || h->hosts > 1 || (h->hosts == 0 && !h->old))
		return 400;
	if (h->lengths + h->encodings > 1 || (h->encodings && h->old))
		return 400;
	if (h->cost > HEAD_MAX || h->fields > HEAD_FIELDS_MAX)
		return 431;
	if (h->method == METHOD_UNKNOWN)
		return 501;
	if (h->method == METHOD_OTHER)
		return 405;
	if (h->method == METHOD_POST)
		return judge_post(h);
	return h->body ? 400 : 0;
}
