/*
 * Names that addresses have: top-level domains, and labels.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "push/weigh.h"

enum {
	NAME_MAX_UNITS = 24,		/* no top-level domain has more */
	LABEL_MAX = 63,
	PREFIX = 4,			/* "xn--" */
};

/* ---- top-level domains ---- */

/* As expressions that mind no case see it: ASCII stays apart. */
static int32_t
capital(uint16_t unit)
{
	int32_t c = utf8_upper(unit);

	return unit >= 0x80 && c < 0x80 ? unit : c;
}

static int
compare_names(const void *key, const void *item)
{
	const struct slice *name = key;
	const char *const *text = item;

	return slice_cmp(*name, slice_str(*text));
}

static bool
is_name(struct slice s)
{
	return bsearch(&s, weigh_names, weigh_n_names, sizeof(*weigh_names),
		compare_names) != NULL;
}

static bool
is_ascii_alnum(uint16_t u)
{
	return u < 0x80 && utf8_is_alnum(u);
}

/* "xn--" and what may follow. */
static size_t
punycode_end(const struct weigh_text *t, size_t at, size_t end)
{
	static const char prefix[PREFIX + 1] = "XN--";
	size_t i = 0;

	while (i < PREFIX && at + i < end && capital(t->u[at + i]) == prefix[i])
		i++;
	if (i < PREFIX)
		return 0;
	at += PREFIX;
	for (i = at; i < end && (is_ascii_alnum(t->u[i]) || t->u[i] == '-');)
		i++;
	return i > at ? i : 0;
}

size_t
weigh_name_end(const struct weigh_text *t, size_t at, size_t end)
{
	char name[4 * NAME_MAX_UNITS];
	size_t bytes[NAME_MAX_UNITS + 1] = { 0 }, n = 0;

	/* Half of a pair is in no name. */
	while (n < NAME_MAX_UNITS && at + n < end &&
		(t->class[at + n] & WEIGH_DOMAIN) &&
		(t->u[at + n] & 0xf800) != 0xd800) {
		bytes[n + 1] = bytes[n] + utf8_encode(capital(t->u[at + n]),
			name + bytes[n]);
		n++;
	}
	for (; n > 0; n--) {
		uint16_t next = at + n < end ? t->u[at + n] : 0;

		if (is_ascii_alnum(next) || next == '@' || next == '+' ||
			next == '-')
			continue;
		if (is_name(slice(name, bytes[n])))
			return at + n;
	}
	return punycode_end(t, at, end);
}

/* ---- labels ---- */

/* Code points of a label; a half stands for itself. */
struct points {
	int32_t list[LABEL_MAX];
	size_t n, plain;	/* in all, and those of ASCII */
};

/* false: there are more than fit into a label. */
static bool
read_points(const uint16_t *u, size_t len, struct points *ret)
{
	*ret = (struct points){ .n = 0 };
	for (size_t i = 0; i < len; i++) {
		int32_t c = u[i];

		if (ret->n == LABEL_MAX)
			return false;
		if ((c & 0xfc00) == 0xd800 && i + 1 < len &&
			(u[i + 1] & 0xfc00) == 0xdc00)
			c = 0x10000 + ((c & 0x3ff) << 10) +
				(u[++i] & 0x3ff);
		ret->list[ret->n++] = c;
		ret->plain += c < 0x80;
	}
	return true;
}

/* RFC 3492 section 6.1. */
static int64_t
adapt(int64_t delta, int64_t n, bool is_first)
{
	int64_t k = 0;

	delta = is_first ? delta / 700 : delta / 2;
	delta += delta / n;
	for (; delta > 455; k += 36)
		delta /= 35;
	return k + 36 * delta / (delta + 38);
}

/* The digits of one number (section 6.3). */
static size_t
digits_of(int64_t q, int64_t bias)
{
	size_t n = 1;

	for (int64_t k = 36;; k += 36, n++) {
		int64_t t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;

		if (q < t)
			return n;
		q = (q - t) / (36 - t);
	}
}

static int32_t
least_from(const struct points *p, int64_t from)
{
	int32_t least = INT32_MAX;

	for (size_t i = 0; i < p->n; i++)
		if (p->list[i] >= from && p->list[i] < least)
			least = p->list[i];
	return least;
}

/* How long the label is in Punycode, without "xn--". */
static size_t
punycode_len(const struct points *p)
{
	int64_t next = 0x80, bias = 72, delta = 0;
	size_t len = p->plain + (p->plain > 0), done = p->plain;

	while (done < p->n) {
		int32_t least = least_from(p, next);

		delta += (least - next) * (int64_t)(done + 1);
		for (size_t i = 0; i < p->n; i++) {
			delta += p->list[i] < least;
			if (p->list[i] != least)
				continue;
			len += digits_of(delta, bias);
			bias = adapt(delta, (int64_t)done + 1,
				done == p->plain);
			delta = 0;
			done++;
		}
		delta++;
		next = (int64_t)least + 1;
	}
	return len;
}

static bool
is_dot(uint16_t u)
{
	return u == '.' || u == 0x3002 || u == 0xff0e || u == 0xff61;
}

/* The length of a label as DNS has it; more than LABEL_MAX: too long. */
static size_t
label_len(const uint16_t *u, size_t len)
{
	struct points p;
	bool is_plain = true;

	for (size_t i = 0; i < len; i++)
		is_plain &= u[i] < 0x80;
	if (is_plain)
		return len;
	return read_points(u, len, &p) ? PREFIX + punycode_len(&p) :
		LABEL_MAX + 1;
}

/* Other full stops are dots, too, but part no label of the original. */
static bool
label_fits(const uint16_t *u, size_t len)
{
	size_t sum = 0, from = 0;

	for (size_t i = 0; i <= len; i++) {
		if (i < len && !is_dot(u[i]))
			continue;
		sum += label_len(u + from, i - from) + (i < len);
		from = i + 1;
	}
	return sum > 0 && sum <= LABEL_MAX;
}

bool
weigh_labels_fit(const uint16_t *u, size_t len)
{
	size_t from = 0;

	for (size_t i = 0; i <= len; i++) {
		if (i < len && u[i] != '.')
			continue;
		if (!label_fits(u + from, i - from))
			return false;
		from = i + 1;
	}
	return true;
}
