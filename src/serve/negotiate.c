/*
 * Negotiation: which variant answers, and whether the client has it already.
 *
 * 1. No 304 ever names a tag whose coding the request does not accept: a
 *    shared cache sends the tags of all its variants, and would hand gzip to
 *    an identity client.
 * 2. A web server in front serves the same files by tags of its own; a request
 *    that it hands on brings those.
 * 3. Last-Modified is the weaker validator: deleting the newest article moves
 *    it back, so a tag that does not match always means 200.
 */
#include <stdio.h>

#include "base/date.h"
#include "serve/negotiate.h"

static const char *const suffixes[CODING_COUNT] = {
	[CODING_IDENTITY] = "", [CODING_GZIP] = "-gz",
	[CODING_BROTLI] = "-br",
};

/* What an Accept-Encoding says; -1: nothing. */
struct wishes {
	int named[CODING_COUNT];
	int others;	/* "*" */
};

/* "0.5" as 500 (RFC 9110 12.4.2); -1: not a weight. */
static int
parse_weight(struct slice s)
{
	int scale = Q_MAX, q;

	if (s.len == 0 || s.len > 5 || (s.ptr[0] != '0' && s.ptr[0] != '1') ||
		(s.len > 1 && s.ptr[1] != '.'))
		return -1;
	q = (s.ptr[0] - '0') * scale;
	for (size_t i = 2; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return -1;
		scale /= 10;
		q += (s.ptr[i] - '0') * scale;
	}
	return q <= Q_MAX ? q : -1;
}

/* The weight among the parameters behind a coding; -1: a broken one. */
static int
weight_of(struct slice params)
{
	struct slice p;

	while (slice_next_field(&params, ';', &p)) {
		p = slice_trim(p);
		if (slice_starts_nocase(p, S("q=")))
			return parse_weight(slice_from(p, 2));
	}
	return Q_MAX;
}

static int *
wish_for(struct wishes *w, struct slice coding)
{
	if (slice_eq_nocase(coding, S("gzip")) ||
		slice_eq_nocase(coding, S("x-gzip")))
		return &w->named[CODING_GZIP];
	if (slice_eq_nocase(coding, S("br")))
		return &w->named[CODING_BROTLI];
	if (slice_eq_nocase(coding, S("identity")))
		return &w->named[CODING_IDENTITY];
	return slice_eq(coding, S("*")) ? &w->others : NULL;
}

static void
add_wishes(struct wishes *w, struct slice line)
{
	struct slice item, coding;

	while (slice_next_field(&line, ',', &item)) {
		int *wish, q;

		if (!slice_next_field(&item, ';', &coding))
			continue;
		wish = wish_for(w, slice_trim(coding));
		q = weight_of(item);
		/* A broken weight says nothing: as if it were not there. */
		if (wish && q >= 0)
			*wish = q;
	}
}

void
negotiate_codings(const struct lines *accept, unsigned ret[CODING_COUNT])
{
	struct wishes w = { .others = -1 };

	for (int c = 0; c < CODING_COUNT; c++)
		w.named[c] = -1;
	for (size_t i = 0; i < accept->n; i++)
		add_wishes(&w, accept->line[i]);
	for (int c = 0; c < CODING_COUNT; c++) {
		int q = w.named[c] >= 0 ? w.named[c] : w.others;

		ret[c] = q >= 0 ? (unsigned)q : c == CODING_IDENTITY;
	}
}

struct slice
negotiate_tag(const struct document *d, enum coding c,
	char ret[static TAG_SIZE])
{
	size_t len = strlen(d->etag), more = strlen(suffixes[c]);

	if (len == 0)
		return S("");
	CHECK(len + more < TAG_SIZE);
	memcpy(ret, d->etag, len);
	memcpy(ret + len, suffixes[c], more + 1);
	return slice(ret, len + more);
}

bool
negotiate_next_tag(struct slice *list, struct slice *ret)
{
	ssize_t end;

	while (list->len > 0 && strchr(", \t", list->ptr[0]))
		*list = slice_from(*list, 1);
	if (slice_starts(*list, S("W/")))
		*list = slice_from(*list, 2);
	if (!slice_starts(*list, S("\"")))
		return false;
	*list = slice_from(*list, 1);
	end = slice_find_byte(*list, '"');
	if (end < 0)
		return false;
	*ret = slice(list->ptr, (size_t)end);
	*list = slice_from(*list, (size_t)end + 1);
	return true;
}

bool
negotiate_tag_listed(const struct lines *lists, struct slice tag)
{
	struct slice list, one;

	for (size_t i = 0; i < lists->n; i++) {
		list = slice_trim(lists->line[i]);
		if (slice_eq(list, S("*")))
			return true;
		while (negotiate_next_tag(&list, &one))
			if (tag.len > 0 && slice_eq(one, tag))
				return true;
	}
	return false;
}

struct slice
negotiate_plain_tag(struct slice tag)
{
	for (int c = CODING_COUNT - 1; c > CODING_IDENTITY; c--)
		if (slice_ends(tag, slice_str(suffixes[c])))
			return slice(tag.ptr, tag.len - strlen(suffixes[c]));
	return tag;
}

bool
negotiate_wants_feed(const struct lines *a_im)
{
	struct slice line, item, name;

	for (size_t i = 0; i < a_im->n; i++) {
		line = a_im->line[i];
		while (slice_next_field(&line, ',', &item))
			if (slice_next_field(&item, ';', &name) &&
				slice_eq_nocase(slice_trim(name), S("feed")))
				return weight_of(item) > 0;
	}
	return false;
}

/* What nginx calls this variant: time and size of its file. */
static bool
nginx_has(const struct head *h, const struct document *d, enum coding c)
{
	char tag[40];
	int len;

	if (d->mtime <= 0 || h->if_none_match.n == 0)
		return false;
	len = snprintf(tag, sizeof(tag), "%jx-%zx", (intmax_t)d->mtime,
		d->body[c].len);
	return negotiate_tag_listed(&h->if_none_match,
		slice(tag, (size_t)len));
}

static bool
client_has(const struct head *h, const struct document *d, enum coding c)
{
	char tag[TAG_SIZE];

	return negotiate_tag_listed(&h->if_none_match,
		negotiate_tag(d, c, tag)) || nginx_has(h, d, c);
}

static bool
unchanged_since(const struct head *h, const struct document *d)
{
	int64_t since;

	if (h->if_none_match.n > 0 || h->if_modified_since.len == 0)
		return false;
	since = date_parse_http(h->if_modified_since);
	return since >= 0 && d->mtime <= since;
}

/* Does variant a rank before b?  The higher weight, then the smaller body. */
static bool
ranks_before(const struct document *d, const unsigned *q, int a, int b)
{
	if (q[a] != q[b])
		return q[a] > q[b];
	return d->body[a].len < d->body[b].len;
}

struct choice
negotiate(const struct head *h, const struct document *d)
{
	unsigned q[CODING_COUNT];
	int best = -1, held = -1;

	negotiate_codings(&h->accept_encoding, q);
	for (int c = 0; c < CODING_COUNT; c++) {
		if (!d->body[c].ptr || q[c] == 0)
			continue;
		if (best < 0 || ranks_before(d, q, c, best))
			best = c;
		if (client_has(h, d, (enum coding)c) &&
			(held < 0 || ranks_before(d, q, c, held)))
			held = c;
	}
	if (best < 0)
		return (struct choice){ .verdict = VERDICT_NONE };
	if (d->status != 200)
		return (struct choice){ VERDICT_FULL, (enum coding)best };
	if (held >= 0)
		return (struct choice){ VERDICT_SAME, (enum coding)held };
	if (unchanged_since(h, d))
		return (struct choice){ VERDICT_SAME, (enum coding)best };
	return (struct choice){ VERDICT_FULL, (enum coding)best };
}
