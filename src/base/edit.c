/*
 * Edit distance: one row of Levenshtein's table, and of that only the band
 * that a distance of at most max can be in.
 */
#include "base/edit.h"
#include "base/utf8.h"

struct letters {
	int32_t list[EDIT_TEXT_MAX];
	size_t n;
};

/* False: it is too long. */
static bool
spell(struct slice s, struct letters *ret)
{
	ret->n = 0;
	while (s.len > 0) {
		if (ret->n == EDIT_TEXT_MAX)
			return false;
		ret->list[ret->n++] = utf8_next(&s);
	}
	return true;
}

/*
 * row[k]: from the first i letters of a to the first k of b.  Outside of the
 * band it is more than max, which `far` stands for.
 */
static size_t
band(const struct letters *a, const struct letters *b, size_t max)
{
	size_t row[EDIT_TEXT_MAX + 1], far = max + 1;

	for (size_t k = 0; k <= b->n; k++)
		row[k] = MIN(k, far);
	for (size_t i = 1; i <= a->n; i++) {
		size_t from = i > max ? i - max : 1;
		size_t to = MIN(i + max, b->n);
		size_t diagonal = row[from - 1], least;

		row[from - 1] = from == 1 ? MIN(i, far) : far;
		least = row[from - 1];
		for (size_t k = from; k <= to; k++) {
			size_t above = k < i + max ? row[k] : far;
			size_t best = diagonal +
				(a->list[i - 1] != b->list[k - 1]);

			diagonal = row[k];
			best = MIN(best, above + 1);
			best = MIN(best, row[k - 1] + 1);
			row[k] = MIN(best, far);
			least = MIN(least, row[k]);
		}
		/* No row has less than the one before it. */
		if (least == far)
			return far;
	}
	return row[b->n];
}

size_t
edit_distance(struct slice a, struct slice b, size_t max)
{
	struct letters la, lb;

	if (!spell(a, &la) || !spell(b, &lb) || max > EDIT_TEXT_MAX)
		return max + 1;
	if ((la.n > lb.n ? la.n - lb.n : lb.n - la.n) > max)
		return max + 1;
	return band(&la, &lb, max);
}

/* Is it a digit, or counts like one? */
static bool
is_digit(int32_t c)
{
	static const int32_t han[] = { 0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94,
		0x516d, 0x4e03, 0x516b, 0x4e5d, 0x5341, 0x767e, 0x5343,
		0x4e0a, 0x4e2d, 0x4e0b };

	if (c >= '0' && c <= '9')
		return true;
	for (size_t i = 0; c >= 0x4e00 && i < COUNT_OF(han); i++)
		if (han[i] == c)
			return true;
	return false;
}

static int32_t
next_digit(struct slice *s)
{
	int32_t c;

	do
		c = utf8_next(s);
	while (c >= 0 && !is_digit(c));
	return c;
}

bool
edit_same_digits(struct slice a, struct slice b)
{
	int32_t c;

	do {
		c = next_digit(&a);
		if (c != next_digit(&b))
			return false;
	} while (c >= 0);
	return true;
}

bool
edit_is_near(struct slice a, struct slice b)
{
	size_t longer = MAX(utf8_count(a), utf8_count(b));
	size_t max = longer * NEAR_PERCENT / 100;

	return edit_same_digits(a, b) && edit_distance(a, b, max) <= max;
}
