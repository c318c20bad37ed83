/*
 * Patterns: PCRE2, and the count of what a search costs.
 *
 * PCRE2's own limit of steps begins again at every place where a match could
 * begin, so a long text multiplies it.  Compiled with automatic call-outs, it
 * asks before each item of the pattern; count_step() charges for the question
 * and for every byte that was passed since the last one.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/pattern.h"
#include "base/utf8.h"

struct pattern {
	struct slice text;
	pcre2_code *code;
	int part, headline;	/* groups; 0: none */
};

static void *
arena_malloc(size_t size, void *arena)
{
	return arena_alloc(arena, size);
}

/* The arena is freed as a whole. */
static void
arena_free(void *memory, void *arena)
{
	(void)memory;
	(void)arena;
}

static int
group(const struct pattern *p, const char *name)
{
	int n = pcre2_substring_number_from_name(p->code, (PCRE2_SPTR)name);

	return MAX(n, 0);
}

static uint32_t
info(const struct pattern *p, uint32_t what)
{
	uint32_t n = 0;

	CHECK(pcre2_pattern_info(p->code, what, &n) == 0);
	return n;
}

static pcre2_code *
compile(struct slice text, struct arena *a, int *ret_why, size_t *ret_at)
{
	const uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_AUTO_CALLOUT |
		PCRE2_NEVER_BACKSLASH_C;
	pcre2_general_context *g = pcre2_general_context_create(arena_malloc,
		arena_free, a);
	pcre2_compile_context *c = pcre2_compile_context_create(g);

	pcre2_set_max_pattern_length(c, PATTERN_MAX);
	return pcre2_compile((PCRE2_SPTR)text.ptr, text.len, options, ret_why,
		ret_at, c);
}

int
pattern_compile(struct slice text, struct arena *a,
	const struct pattern **ret, size_t *ret_at, struct err *e)
{
	struct pattern *p = ARENA_NEW(a, struct pattern);
	char why[200];
	int code;

	*ret_at = 0;
	p->text = arena_copy(a, text);
	p->code = compile(p->text, a, &code, ret_at);
	if (!p->code) {
		pcre2_get_error_message(code, (PCRE2_UCHAR *)why,
			sizeof(why));
		return err_set(e, ERR_CONFIG, "not a regular expression: %s",
			why);
	}
	if (info(p, PCRE2_INFO_BACKREFMAX) > 0) {
		err_set(e, ERR_CONFIG, "a back reference in a regular "
			"expression");
		err_hint(e, "Name what may stand there: what a back reference "
			"costs knows no limit.");
		return -1;
	}
	p->part = group(p, "part");
	p->headline = group(p, "headline");
	if (p->part == 0 && info(p, PCRE2_INFO_CAPTURECOUNT) > 0 &&
		p->headline != 1)
		p->part = 1;
	*ret = p;
	return 0;
}

struct slice
pattern_text(const struct pattern *p)
{
	return p->text;
}

struct meter {
	size_t steps;
	size_t at;	/* where the last question was asked */
};

static int
count_step(pcre2_callout_block *b, void *meter)
{
	struct meter *m = meter;

	if (b->current_position > m->at)
		m->steps += b->current_position - m->at;
	m->at = b->current_position;
	return ++m->steps > PATTERN_STEPS_MAX ? PCRE2_ERROR_CALLOUT : 0;
}

/* At most n bytes, and no half a character. */
static struct slice
first_bytes(struct slice s, size_t n)
{
	if (s.len <= n)
		return s;
	while (n > 0 && ((unsigned char)s.ptr[n] & 0xc0) == 0x80)
		n--;
	return slice(s.ptr, n);
}

static struct slice
group_text(struct slice text, pcre2_match_data *d, int n)
{
	const PCRE2_SIZE *v = pcre2_get_ovector_pointer(d);

	if (n <= 0 || v[2 * n] == PCRE2_UNSET || v[2 * n] > v[2 * n + 1])
		return slice(NULL, 0);
	return slice_sub(text, v[2 * n], v[2 * n + 1]);
}

static int
search(const struct pattern *p, struct slice text, pcre2_match_data *d)
{
	pcre2_match_context *c = pcre2_match_context_create(NULL);
	struct meter meter = { 0, 0 };
	int n;

	CHECK(c && d);
	pcre2_set_match_limit(c, PATTERN_STEPS_MAX);
	pcre2_set_depth_limit(c, PATTERN_DEPTH_MAX);
	pcre2_set_heap_limit(c, PATTERN_HEAP_MAX);
	pcre2_set_callout(c, count_step, &meter);
	n = pcre2_match(p->code, (PCRE2_SPTR)text.ptr, text.len, 0, 0, d, c);
	pcre2_match_context_free(c);
	return n;
}

enum pattern_result
pattern_search(const struct pattern *p, struct slice text,
	struct pattern_hit *ret_hit)
{
	/* One made from the code would take its memory from the arena. */
	pcre2_match_data *d = pcre2_match_data_create(
		info(p, PCRE2_INFO_CAPTURECOUNT) + 1, NULL);
	int n;

	text = first_bytes(text.len > 0 ? text : S(""), PATTERN_TEXT_MAX);
	n = search(p, text, d);
	if (n >= 0 && ret_hit) {
		const PCRE2_SIZE *v = pcre2_get_ovector_pointer(d);

		*ret_hit = (struct pattern_hit){
			.whole = slice_sub(text, MIN(v[0], v[1]), v[1]),
			.part = group_text(text, d, p->part),
			.headline = group_text(text, d, p->headline),
		};
	}
	pcre2_match_data_free(d);
	if (n >= 0)
		return PATTERN_HIT;
	return n == PCRE2_ERROR_NOMATCH || (n <= PCRE2_ERROR_UTF8_ERR1 &&
		n >= PCRE2_ERROR_UTF8_ERR21) ? PATTERN_MISS : PATTERN_GAVE_UP;
}
