/*
 * Addresses in a text, as the expressions of twitter-text find them.
 *
 * An address is [https?://] labels "." name [":" port] ["/" path] ["?" query],
 * behind something that is no letter, digit or "@".  Without "https://" it is
 * cut to the ASCII domains in it, each of which counts.
 *
 * 1. Of the labels in a chain ("a.b.com.c") the last one that a top-level
 *    domain stands behind ends the domain, wherever the chain was entered: so
 *    one walk answers for the whole chain.
 * 2. A path ends behind the last byte that may end one; "(" is in a path only
 *    with its ")".
 */
#include "push/weigh.h"

enum {
	SLUG_MAX = 40,		/* of https://t.co/ */
	SCHEME_LEN = 8,		/* what is added where it is missing */
};

/* What was found: offsets of units. */
struct found {
	size_t at;
	size_t domain, domain_end;
	size_t path, end;	/* path == path_end: there is none */
	size_t path_end;
	bool has_scheme;
	uint16_t before;	/* 0: it begins the text */
};

/* What is known of the chain that was walked last. */
struct walk {
	size_t from, until;	/* dots behind whose labels it holds */
	size_t label;		/* whose name is the last good one */
	size_t end;		/* of the domain; 0: there is none */
};

struct finder {
	const struct weigh_text *t;
	uint16_t *marks;
	/* The label that was looked at last: those in it share its end. */
	size_t label_from, label_dot;
	size_t underscore;	/* behind the last "_" in it */
	size_t name_end;	/* of a top-level domain behind it */
	struct walk walk;
};

static bool
is_in(const struct weigh_text *t, size_t i, unsigned classes)
{
	return i < t->len && (t->class[i] & classes);
}

static bool
is_unit(const struct weigh_text *t, size_t i, char c)
{
	return i < t->len && t->u[i] == (unsigned char)c;
}

static bool
is_letter(const struct weigh_text *t, size_t i, char small)
{
	return i < t->len && t->u[i] < 0x80 && (t->u[i] | 0x20) == small;
}

static bool
is_digit(const struct weigh_text *t, size_t i)
{
	return i < t->len && t->u[i] >= '0' && t->u[i] <= '9';
}

/* Does the word stand there, whatever the case of its letters? */
static bool
is_word(const struct weigh_text *t, size_t i, const char *small)
{
	for (; *small; small++, i++)
		if (*small >= 'a' && *small <= 'z' ?
			!is_letter(t, i, *small) : !is_unit(t, i, *small))
			return false;
	return true;
}

/* ---- domains ---- */

/* The end of the label at `at`; *ret: behind its last "_", or `at`. */
static size_t
label_end(const struct weigh_text *t, size_t at, size_t *ret)
{
	*ret = at;
	for (; is_in(t, at, WEIGH_DOMAIN) || is_unit(t, at, '_') ||
		is_unit(t, at, '-'); at++)
		if (t->u[at] == '_')
			*ret = at + 1;
	return at;
}

/* Is there a whole label, with a dot behind it? */
static bool
is_label(const struct weigh_text *t, size_t at, size_t end)
{
	return end > at && is_unit(t, end, '.') &&
		is_in(t, at, WEIGH_DOMAIN) && is_in(t, end - 1, WEIGH_DOMAIN);
}

/* Walk the labels behind the dot, and remember what they are good for. */
static void
walk_from(struct finder *f, size_t dot)
{
	struct walk w = { .from = dot, .until = dot };

	for (;;) {
		size_t at = w.until + 1, underscore, name;
		size_t end = label_end(f->t, at, &underscore);

		if (!is_label(f->t, at, end))
			break;
		name = weigh_name_end(f->t, end + 1, f->t->len);
		if (underscore == at && name) {
			w.label = at;
			w.end = name;
		}
		w.until = end;
	}
	f->walk = w;
}

/* The end of a domain whose first label ends at the dot; 0. */
static size_t
end_behind(struct finder *f, size_t dot)
{
	if (dot < f->walk.from || dot > f->walk.until || f->walk.until == 0)
		walk_from(f, dot);
	return dot < f->walk.label ? f->walk.end : 0;
}

/* The end of the domain at `at`; 0: there is none. */
static size_t
domain_end(struct finder *f, size_t at)
{
	size_t ret;

	if (!is_in(f->t, at, WEIGH_DOMAIN))
		return 0;
	if (at < f->label_from || at >= f->label_dot) {
		f->label_from = at;
		f->label_dot = label_end(f->t, at, &f->underscore);
		f->name_end = is_unit(f->t, f->label_dot, '.') ?
			weigh_name_end(f->t, f->label_dot + 1, f->t->len) : 0;
	}
	if (!is_label(f->t, at, f->label_dot))
		return 0;
	ret = end_behind(f, f->label_dot);
	return ret ? ret : f->underscore <= at ? f->name_end : 0;
}

/* ---- what follows a domain ---- */

static size_t
run_end(const struct weigh_text *t, size_t at, unsigned classes)
{
	while (is_in(t, at, classes))
		at++;
	return at;
}

/* The end of "(...)", of which one more may be inside; 0: it is none. */
static size_t
brackets_end(const struct weigh_text *t, size_t at)
{
	size_t end = run_end(t, at + 1, WEIGH_PATH), inner;

	if (is_unit(t, end, ')'))
		return end > at + 1 ? end + 1 : 0;
	if (!is_unit(t, end, '('))
		return 0;
	inner = run_end(t, end + 1, WEIGH_PATH);
	if (inner == end + 1 || !is_unit(t, inner, ')'))
		return 0;
	end = run_end(t, inner + 1, WEIGH_PATH);
	return is_unit(t, end, ')') ? end + 1 : 0;
}

/* The end of the path whose slash is at `at`. */
static size_t
path_end(const struct weigh_text *t, size_t at)
{
	size_t good = at + 1, next;

	for (at++; at < t->len; at = next) {
		next = at + 1;
		if (t->u[at] == '(') {
			next = brackets_end(t, at);
			if (!next)
				break;
			good = next;
		} else if (!is_in(t, at, WEIGH_PATH))
			break;
		else if (is_in(t, at, WEIGH_PATH_END))
			good = next;
	}
	return good;
}

/* The end of the query whose "?" may be at `at`; `at`: there is none. */
static size_t
query_end(const struct weigh_text *t, size_t at, size_t end)
{
	size_t good = at;

	if (!is_unit(t, at, '?'))
		return at;
	for (size_t i = at + 1; i < end && is_in(t, i, WEIGH_QUERY); i++)
		if (is_in(t, i, WEIGH_QUERY_END))
			good = i + 1;
	return good;
}

/* ---- one address ---- */

/* Is there an address at `at`?  Fills all but `before`. */
static bool
address_at(struct finder *f, size_t at, struct found *ret)
{
	const struct weigh_text *t = f->t;
	size_t scheme = is_word(t, at, "http://") ? 7 :
		is_word(t, at, "https://") ? 8 : 0;
	size_t i;

	*ret = (struct found){ .at = at, .domain = at + scheme,
		.has_scheme = scheme > 0 };
	ret->domain_end = domain_end(f, ret->domain);
	if (ret->domain_end == 0)
		return false;
	i = ret->domain_end;
	if (is_unit(t, i, ':') && is_digit(t, i + 1))
		for (i++; is_digit(t, i);)
			i++;
	ret->path = i;
	if (is_unit(t, i, '/'))
		i = path_end(t, i);
	ret->path_end = i;
	ret->end = query_end(t, i, t->len);
	return true;
}

/* ---- addresses without a scheme ---- */

/*
 * The end of an ASCII domain at `at`; 0: there is none there, nor before
 * *ret_next.
 */
static size_t
ascii_end(const struct weigh_text *t, size_t at, size_t end, size_t *ret_next)
{
	size_t found = 0, next = at, name;

	for (;;) {
		size_t dot = next;

		while (dot < end && is_in(t, dot, WEIGH_ASCII))
			dot++;
		if (dot == next || dot == end || t->u[dot] != '.')
			break;
		next = dot + 1;
		name = weigh_name_end(t, next, end);
		if (name)
			found = name;
	}
	*ret_next = MAX(next, at + 1);
	return found;
}

/* The next ASCII domain from `at` on; false: there is none. */
static bool
next_ascii(const struct weigh_text *t, size_t at, size_t end, size_t *ret_at,
	size_t *ret_end)
{
	size_t next;

	for (; at < end; at = next) {
		size_t found = ascii_end(t, at, end, &next);

		if (found) {
			*ret_at = at;
			*ret_end = found;
			return true;
		}
	}
	return false;
}

/* Where the same units stand first, from `from` on; `at` at the latest. */
static size_t
first_same(const struct weigh_text *t, size_t from, size_t at, size_t len)
{
	while (from < at && memcmp(t->u + from, t->u + at,
		len * sizeof(*t->u)) != 0)
		from++;
	return from;
}

/* The original looks for what it found, and may find it earlier. */
static void
mark_ascii(struct finder *f, const struct found *a)
{
	size_t from = a->domain, at = a->domain, end, last = 0, len = 0;
	bool is_any = false;

	while (next_ascii(f->t, at, a->domain_end, &at, &end)) {
		len = end - at;
		last = first_same(f->t, from, at, len);
		f->marks[last] = (uint16_t)len;
		from = last + len;
		at = end;
		is_any = true;
	}
	if (is_any && a->path_end > a->path)
		f->marks[last] = (uint16_t)(len + a->end - a->domain_end);
}

/* ---- addresses with one ---- */

/* Of https://t.co/ only its slug counts. */
static void
mark_whole(struct finder *f, const struct found *a)
{
	const struct weigh_text *t = f->t;
	size_t end = a->end, slug = a->domain + 5, i = slug;

	if (is_word(t, a->domain, "t.co/")) {
		while (i < a->end && t->u[i] < 0x80 && (is_digit(t, i) ||
			((t->u[i] | 0x20) >= 'a' && (t->u[i] | 0x20) <= 'z')))
			i++;
		if (i - slug > SLUG_MAX)
			return;
		if (i > slug)
			end = query_end(t, i, a->end);
	}
	f->marks[a->at] = (uint16_t)(end - a->at);
}

/* ---- all of them ---- */

static bool
is_punycode_alone(const struct finder *f, const struct found *a)
{
	size_t at, end;

	/* Small letters only, as the original has it. */
	return a->domain_end - a->domain >= 4 &&
		is_unit(f->t, a->domain, 'x') &&
		is_unit(f->t, a->domain + 1, 'n') &&
		is_unit(f->t, a->domain + 2, '-') &&
		is_unit(f->t, a->domain + 3, '-') &&
		!next_ascii(f->t, a->domain, a->domain_end, &at, &end);
}

static bool
is_good(const struct finder *f, const struct found *a)
{
	size_t scheme = a->has_scheme ? a->domain - a->at : SCHEME_LEN;

	if (scheme + a->end - a->at > WEIGH_ADDRESS_MAX ||
		is_punycode_alone(f, a) || !weigh_labels_fit(f->t->u +
		a->domain, a->domain_end - a->domain))
		return false;
	return a->has_scheme || (a->before != '-' && a->before != '_' &&
		a->before != '.' && a->before != '/');
}

static bool
find(struct finder *f, size_t from, struct found *ret)
{
	for (size_t i = from; i < f->t->len; i++) {
		if (is_in(f->t, i, WEIGH_BEFORE) &&
			address_at(f, i + 1, ret)) {
			ret->before = f->t->u[i];
			return true;
		}
		if (i == 0 && address_at(f, 0, ret))
			return true;
	}
	return false;
}

void
weigh_mark(const struct weigh_text *t, uint16_t *marks)
{
	struct finder f = { .t = t, .marks = marks };
	struct found a;

	for (size_t from = 0; find(&f, from, &a); from = a.end) {
		if (!is_good(&f, &a))
			continue;
		if (a.has_scheme)
			mark_whole(&f, &a);
		else
			mark_ascii(&f, &a);
	}
}
