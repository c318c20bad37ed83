/*
 * Weighing: units, emoji, and the sum.
 */
#include "base/fold.h"
#include "base/utf8.h"
#include "push/weigh.h"

/* ---- units ---- */

static uint8_t
classes_of(uint16_t unit)
{
	size_t low = 0, high = weigh_n_runs;

	while (high - low > 1) {
		size_t mid = (low + high) / 2;

		if (weigh_runs[mid].from <= unit)
			low = mid;
		else
			high = mid;
	}
	return (uint8_t)weigh_runs[low].classes;
}

static struct weigh_text
units_of(struct slice text, struct arena *a)
{
	/* No code point has more units than bytes. */
	uint16_t *u = ARENA_ARRAY(a, uint16_t, text.len + 1);
	uint8_t *class = ARENA_ARRAY(a, uint8_t, text.len + 1);
	size_t n = 0;
	int32_t c;

	while ((c = utf8_next(&text)) >= 0) {
		if (c >= 0x10000) {
			u[n++] = (uint16_t)(0xd800 + ((c - 0x10000) >> 10));
			c = 0xdc00 + ((c - 0x10000) & 0x3ff);
		}
		u[n++] = (uint16_t)c;
	}
	for (size_t i = 0; i < n; i++)
		class[i] = classes_of(u[i]);
	return (struct weigh_text){ u, class, n };
}

/* The code point at i, and how many units it is. */
static int32_t
code_point(const struct weigh_text *t, size_t i, size_t *ret_n)
{
	bool is_pair = (t->u[i] & 0xfc00) == 0xd800 && i + 1 < t->len;

	*ret_n = is_pair ? 2 : 1;
	return is_pair ? 0x10000 + ((t->u[i] & 0x3ff) << 10) +
		(t->u[i + 1] & 0x3ff) : t->u[i];
}

/* ---- emoji ---- */

static const struct weigh_state *
next_state(const struct weigh_state *s, int32_t c)
{
	for (size_t i = s->first; i < (size_t)s->first + s->n; i++)
		if (c >= weigh_edges[i].from && c <= weigh_edges[i].to)
			return &weigh_states[weigh_edges[i].state];
	return NULL;
}

/*
 * How many units the emoji at i has; 0: there is none of more than one code
 * point.
 */
static size_t
emoji_at(const struct weigh_text *t, size_t i)
{
	const struct weigh_state *s = &weigh_states[weigh_begin];
	size_t at = i, n, end = i;

	while (at < t->len) {
		s = next_state(s, code_point(t, at, &n));
		if (!s)
			break;
		at += n;
		if (s->is_end)
			end = at;
	}
	return end - i;
}

/* They are found as if there were no addresses. */
static void
mark_emoji(const struct weigh_text *t, uint16_t *marks)
{
	size_t n;

	for (size_t i = 0; i < t->len; i += n) {
		code_point(t, i, &n);
		marks[i] = (uint16_t)emoji_at(t, i);
		n = MAX(n, marks[i]);
	}
}

/* ---- the sum ---- */

/* Mostly Latin, and the punctuation that goes with it. */
static bool
is_light(int32_t c)
{
	return c <= 4351 || (c >= 8192 && c <= 8205) ||
		(c >= 8208 && c <= 8223) || (c >= 8242 && c <= 8247);
}

size_t
weigh(struct slice text)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct weigh_text t = units_of(fold_nfc(text, &a), &a);
	uint16_t *addresses = ARENA_ARRAY(&a, uint16_t, t.len + 1);
	uint16_t *emoji = ARENA_ARRAY(&a, uint16_t, t.len + 1);
	size_t sum = 0, n;

	weigh_mark(&t, addresses);
	mark_emoji(&t, emoji);
	for (size_t i = 0; i < t.len; i += n) {
		int32_t c = code_point(&t, i, &n);

		if (addresses[i]) {
			sum += WEIGH_ADDRESS;
			n = addresses[i];
		} else if (emoji[i]) {
			sum += 2;
			n = emoji[i];
		} else
			sum += is_light(c) ? 1 : 2;
	}
	return sum;
}
