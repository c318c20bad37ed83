/*
 * Hostile bodies: the work grows with the bytes, and not with their square.
 *
 * Counted, never timed: tokens, and bytes of memory, for a body and for one
 * of four times its size.  An error is fine too, if it comes as cheaply.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fuzz/check_html.h"

/* At most so much more for four times as much. */
#define GROWTH_MAX 4.4

struct body {
	const char *path;
	size_t n;		/* of the larger one: a multiple of 4 */
	const char *before;
	const char *unit;	/* n times */
	const char *between;
	const char *again;	/* n times, behind all units; may be NULL */
};

#define PAGE "<title>T</title><p>x</p>"

static const struct body bodies[] = {
	{ "a.html", 20000, PAGE, "<b>", "x", NULL },
	{ "a.html", 20000, PAGE, "<b>", "x", "</div>" },
	{ "a.html", 200000, PAGE, "<div>", "x", NULL },
	{ "a.html", 100000, PAGE, "<div>", "x", "</b>" },
	{ "a.html", 100000, PAGE, "<div>", "x", "</div>" },
	{ "a.html", 20000, PAGE "<b ", "a=\"b\" ", ">x", NULL },
	{ "a.html", 20000, PAGE "<b ", "a=\"&amp;\" ", ">x", NULL },
	{ "a.html", 5000 * 4, PAGE, "<p><b><i><u><s>", "x", NULL },
	{ "a.html", 60000, PAGE, "<", "x", NULL },
	{ "a.html", 60000, PAGE, "<a ", "x", NULL },
	{ "a.html", 60000, PAGE, "<a b=\"", "x", NULL },
	{ "a.html", 60000, PAGE, "<a b='c\"", ">x", NULL },
	{ "a.html", 60000, PAGE, "<!--", "x", NULL },
	{ "a.html", 60000, PAGE, "</", "x", NULL },
	{ "a.html", 60000, PAGE, "<svg>", "x", NULL },
	{ "a.html", 20000, PAGE, "<svg>", "x", "</svg>" },
	{ "a.html", 20000, PAGE, "<script>x</script>", "x", NULL },
	{ "a.html", 60000, PAGE, "&", "x", NULL },
	{ "a.html", 60000, PAGE, "&amp;amp;", "x", NULL },
	{ "a.html", 60000, PAGE, "&#x", "x", NULL },
	{ "a.html", 20000, PAGE, "<table>", "x", NULL },
	{ "a.html", 20000, PAGE, "<table><tr><td>", "x", NULL },
	{ "a.html", 20000, PAGE, "<ul><li>", "x", "</ul>" },
	{ "a.html", 20000, PAGE, "<article>", "x", NULL },
	{ "a.html", 20000, PAGE, "<aside>x", "x", NULL },
	{ "a.html", 20000, PAGE, "<img src=x>", "x", NULL },
	{ "a.html", 20000, PAGE, "<h1>x", "x", NULL },
	{ "a.html", 20000, PAGE, "<a href=/x>y<p>", "x", NULL },
	{ "a.html", 20000, PAGE, "<p>Editor: x", "x", NULL },
	{ "a.html", 20000, PAGE "<p>Related links:", "<li>x", "x", NULL },
	{ "a.html", 20000, PAGE, "<br>", "x", NULL },
	{ "a.html", 60000, PAGE "<pre>", "\n ", "x", NULL },
	{ "a.html", 20000, PAGE, "<meta name=keywords content=a,b>", "x",
		NULL },
	{ "a.html", 20000, PAGE "<script type=application/ld+json>", "[",
		"", "]" },
	{ "a.md", 50000, "# T\n\n", "[", "x", NULL },
	{ "a.md", 50000, "# T\n\n", ">", "x", NULL },
	{ "a.md", 50000, "# T\n\n", "> ", "x", NULL },
	{ "a.md", 30000, "# T\n\n", "[a](b", "x", NULL },
	{ "a.md", 60000, "# T\n\n", "*a **a ", "x", NULL },
	{ "a.md", 60000, "# T\n\n", "<", "x", NULL },
	{ "a.md", 60000, "# T\n\n", "<b>", "x", NULL },
	{ "a.md", 60000, "# T\n\n", "<svg>", "x", NULL },
	{ "a.md", 60000, "# T\n\n", "<!--", "x", NULL },
	{ "a.md", 60000, "# T\n\n", "www.", "x", NULL },
	{ "a.md", 60000, "# T\n\n", "![", "x", "](y)" },
	{ "a.md", 20000, "# T\n\n", "<div>\n\n", "x", NULL },
	{ "a.md", 20000, "# T\n\n", "- x\n", "x", NULL },
	{ "a.md", 60000, "# T\n\n", "&amp;", "x", NULL },
	{ "a.md", 4000, "---\n", "a: &a [*a]\n", "---\n# T\n\nx", NULL },
};

struct cost {
	size_t calls;
	size_t bytes;
};

static struct slice
body_of(const struct body *b, size_t n, struct buf *out)
{
	buf_reset(out);
	buf_put_str(out, b->before);
	for (size_t i = 0; i < n; i++)
		buf_put_str(out, b->unit);
	buf_put_str(out, b->between);
	for (size_t i = 0; b->again && i < n; i++)
		buf_put_str(out, b->again);
	return buf_slice(out);
}

/* How many tokens a page has: what the writer is called for. */
static size_t
count_tokens(struct slice bytes)
{
	struct arena a = { 0 };
	struct tokens t = TOKENS_OF(bytes, &a);
	struct token one;
	size_t n = 0;

	while (token_next(&t, &one))
		n++;
	arena_done(&a);
	return n;
}

static struct cost
cost_of(const char *path, struct slice bytes)
{
	struct read_env env = { .path = slice_str(path), .language = S("en"),
		.base = S("https://www.example.org/a") };
	struct article art = { 0 };
	struct arena a = { 0 };
	struct err e = { 0 };
	struct cost c;

	if (read_article(&env, bytes, &a, &art, &e) < 0)
		assert_true(e.hint[0] != '\0');
	else
		check_article(&art);
	c = (struct cost){ count_tokens(bytes), a.total + art.html.len +
		art.text.len };
	arena_done(&a);
	return c;
}

static void
assert_linear(const char *what, size_t small, size_t large)
{
	/* What it costs to read nothing is no growth. */
	if ((double)large > GROWTH_MAX * (double)small + 64 * 1024)
		fail_msg("%s: %zu, then %zu", what, small, large);
}

static void
work_grows_with_the_bytes(void **state)
{
	struct buf b = BUF_INIT(ARTICLE_FILE_MAX);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bodies); i++) {
		const struct body *one = &bodies[i];
		struct cost small = cost_of(one->path, body_of(one,
			one->n / 4, &b));
		struct cost large = cost_of(one->path, body_of(one, one->n,
			&b));

		assert_linear(one->unit, small.calls, large.calls);
		assert_linear(one->unit, small.bytes, large.bytes);
	}
	buf_done(&b);
}

/* ---- bodies that are more than repetitions ---- */

static struct slice
growing_backticks(size_t n, struct buf *b)
{
	buf_reset(b);
	buf_put_str(b, "# T\n\nx ");
	for (size_t i = 1; i <= n; i++) {
		for (size_t k = 0; k < i; k++)
			buf_put_byte(b, '`');
		buf_put_str(b, " e");
	}
	return buf_slice(b);
}

static struct slice
wide_table(size_t columns, size_t rows, struct buf *b)
{
	buf_reset(b);
	buf_put_str(b, "# T\n\nx\n\n");
	for (size_t i = 0; i < columns; i++)
		buf_put_str(b, "|a");
	buf_put_str(b, "|\n");
	for (size_t i = 0; i < columns; i++)
		buf_put_str(b, "|---");
	buf_put_str(b, "|\n");
	for (size_t i = 0; i < rows; i++)
		buf_put_str(b, "|b|\n");
	return buf_slice(b);
}

static void
backticks_and_tables(void **state)
{
	struct buf b = BUF_INIT(ARTICLE_FILE_MAX);
	struct cost small, large;

	(void)state;
	small = cost_of("a.md", growing_backticks(500, &b));
	large = cost_of("a.md", growing_backticks(1000, &b));
	assert_linear("`", small.bytes, large.bytes);
	small = cost_of("a.md", wide_table(500, 2500, &b));
	large = cost_of("a.md", wide_table(1000, 5000, &b));
	assert_linear("|", small.bytes, large.bytes);
	buf_done(&b);
}

static void
attributes_are_capped(void **state)
{
	struct buf b = BUF_INIT(1 << 20);
	struct arena a = { 0 };
	struct tokens t;
	struct token one;

	(void)state;
	buf_put_str(&b, "<b ");
	for (int i = 0; i < 20000; i++)
		buf_printf(&b, "a%d=b ", i);
	buf_put_str(&b, "href=x>y");
	t = TOKENS_OF(buf_slice(&b), &a);
	assert_true(token_next(&t, &one));
	assert_int_equal(one.n_attributes, TOKEN_ATTRIBUTES_MAX);
	assert_true(token_next(&t, &one));
	assert_true(slice_eq(one.text, S("y")));
	assert_false(token_next(&t, &one));
	arena_done(&a);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(work_grows_with_the_bytes),
		cmocka_unit_test(backticks_and_tables),
		cmocka_unit_test(attributes_are_capped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
