/*
 * HTML pages: metadata, the part that is the article, and a page beside its
 * text.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "fuzz/check_html.h"
#include "read_kit.h"

static void
read_str(const char *html)
{
	read_as("a.html", html);
	check_article(&article);
}

static void
the_title_by_precedence(void **state)
{
	(void)state;
	read_str("<title>T - Site</title><body><p>x");
	assert_slice(article.title, "T - Site");
	read_str("<title>T - Site</title><header><h1>Site</h1></header>"
		"<article><h1>The <i>T</i></h1><p>x</article>");
	assert_slice(article.title, "The T");
	assert_slice(article.html, "<p>x</p>");
	read_str("<meta property=og:title content='T &amp; &lt;3'>"
		"<title>x</title><h1>Another</h1><p>x");
	assert_slice(article.title, "T & <3");
	assert_slice(article.html, "<h2>Another</h2>\n<p>x</p>");
	read_str("<meta property=og:title content=G><script type="
		"'application/ld+json'>{\"@type\":\"NewsArticle\","
		"\"headline\":\"L\"}</script><p>x");
	assert_slice(article.title, "L");
}

static void
metadata(void **state)
{
	(void)state;
	read_str("<html lang=zh-Hans><title>T</title>"
		"<meta name=author content='Ada Finch, Bo Li'>"
		"<meta name=description content='What it is.'>"
		"<meta name=keywords content='a, b,a'>"
		"<meta property=article:published_time content="
		"2024-05-14T08:00:00Z>"
		"<meta property=article:section content=Harbour>"
		"<meta property=og:image content=/x.png>"
		"<link rel=canonical href='https://e.f/g'><p>x");
	assert_int_equal(article.n_people, 2);
	assert_slice(article.people[1].name, "Bo Li");
	assert_slice(article.summary, "What it is.");
	assert_slice(article.lang, "zh-Hans");
	assert_int_equal(article.fields.n_tags, 2);
	assert_int_equal(article.date, 1715673600);
	assert_slice(article.fields.section, "Harbour");
	assert_slice(article.fields.cover, "https://www.example.org/x.png");
	assert_slice(article.fields.url, "https://e.f/g");
}

static void
linked_data(void **state)
{
	(void)state;
	read_str("<title>T</title><meta name=author content=Nobody>"
		"<script type='application/ld+json'>[{\"@graph\":[{\"@type\":"
		"\"WebSite\",\"headline\":\"no\"},{\"@type\":[\"Thing\","
		"\"NewsArticle\"],\"author\":[{\"name\":\"Ada Finch\"},"
		"\"Bo Li\"],\"editor\":{\"name\":\"Nan\"},\"datePublished\":"
		"\"2024-05-14T08:00:00+08:00\",\"isPartOf\":{\"@type\":"
		"\"CreativeWorkSeries\",\"name\":\"Notes\"},\"position\":2,"
		"\"keywords\":[\"a\",\"b\"],\"inLanguage\":\"en-GB\"}]}]"
		"</script><p>x");
	assert_int_equal(article.n_people, 3);
	assert_slice(article.people[0].name, "Ada Finch");
	assert_int_equal(article.people[2].role, ROLE_EDITOR);
	assert_slice(article.fields.series, "Notes");
	assert_int_equal(article.fields.part, 2);
	assert_int_equal(article.fields.n_tags, 2);
	assert_slice(article.lang, "en-GB");
	assert_int_equal(article.date, 1715644800);
	/* What is no JSON, or about something else, is as good as none. */
	read_str("<title>T</title><script type='application/ld+json'>"
		"{\"@type\":\"NewsArticle\",\"headline\":\"L\",}</script>"
		"<script type='application/ld+json'>{\"@type\":\"Person\","
		"\"headline\":\"P\"}</script><p>x");
	assert_slice(article.title, "T");
}

static void
the_body(void **state)
{
	static const char *const pages[] = {
		"<article>no</article><article><p>x y</p></article>z",
		"<div>no</div><main><p>x y</p></main>no",
		"<p>no no no no</p><div itemprop=articleBody>x y</div>",
		"<p>no no no no</p><div role=main>x y</div>",
		"<header>no</header><p>x y</p><nav>no</nav><footer>no</footer>",
		"<p>x y</p><div class='a Share-Buttons b'>n</div>",
		"<p>x y</p><ul id=comments><li>n</ul><div hidden>n</div>",
		"<article>x y<aside>n</aside><form>n</form></article>",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(pages); i++) {
		struct slice page = arena_printf(&arena,
			"<title>T</title><body>%s", pages[i]);

		read_str(page.ptr);
		assert_slice(article.html, "<p>x y</p>");
	}
}

static void
half_of_the_text_is_no_furniture(void **state)
{
	(void)state;
	read_str("<title>T</title><p>x</p><div class=share>All of the text "
		"is in here.</div>");
	assert_slice(article.text, "x\nAll of the text is in here.");
	read_str("<title>T</title><p>x y z</p><div class=shared>a</div>");
	assert_slice(article.text, "x y z\na");
}

static void
bylines(void **state)
{
	(void)state;
	read_str("<title>T</title><p>By nobody.<p>Reporter: How was it?"
		"<p>Reporter | A<p>Editor: B");
	assert_slice(article.text, "By nobody.\nReporter: How was it?");
	assert_int_equal(article.n_people, 2);
	read_str("<title>T</title><p>x<p>Editor: B<p>y");
	assert_slice(article.text, "x\nEditor: B\ny");
	assert_int_equal(article.n_people, 0);
	read_str("<title>T</title><p>Source: X<p>x<p>Correction: Z was Y.");
	assert_slice(article.text, "x\nCorrection: Z was Y.\nSource: X");
	assert_slice(article.fields.source, "X");
	assert_slice(article.fields.correction, "Z was Y.");
}

static void
what_is_no_article(void **state)
{
	(void)state;
	assert_int_equal(try_read(S("a.html"), S("<p>x")), -1);
	assert_string_equal(err.text, "there is no title");
	assert_int_equal(try_read(S("a.HTM"), S("<title>T</title>")), -1);
	assert_string_equal(err.text, "there is a title but no text");
	/* A text is a text, whatever stands in it. */
	assert_int_equal(try_read(S("a.txt"), S("T\n\n<p>x</p>")), 0);
	assert_slice(article.html, "<p>&lt;p&gt;x&lt;/p&gt;</p>");
}

static void
read_twin(const char *ending)
{
	struct slice path = arena_printf(&arena,
		TESTS_DIR "/feeds/twins/harbour-light%s", ending), bytes;

	assert_int_equal(file_read(AT_FDCWD, path.ptr, 1 << 20, &arena,
		&bytes, &err), 0);
	if (try_read(path, bytes) < 0)
		fail_msg("%s", err.text);
}

static void
a_page_is_the_article_that_its_text_is(void **state)
{
	static const char *const endings[] = { ".html", ".md" };
	struct article text;

	(void)state;
	read_twin(".txt");
	text = article;
	assert_int_equal(text.n_related, 2);
	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		read_twin(endings[i]);
		assert_slice(article.title, text.title.ptr);
		assert_slice(article.html, text.html.ptr);
		assert_slice(article.text, text.text.ptr);
		assert_slice(article.summary, text.summary.ptr);
		assert_slice(article.related_label, text.related_label.ptr);
		assert_int_equal(article.n_people, text.n_people);
		for (size_t k = 0; k < text.n_people; k++) {
			assert_true(slice_eq(article.people[k].name,
				text.people[k].name));
			assert_int_equal(article.people[k].role,
				text.people[k].role);
		}
		assert_int_equal(article.n_related, text.n_related);
		assert_true(slice_eq(article.related[1].title,
			text.related[1].title));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(the_title_by_precedence, reset),
		cmocka_unit_test_teardown(metadata, reset),
		cmocka_unit_test_teardown(linked_data, reset),
		cmocka_unit_test_teardown(the_body, reset),
		cmocka_unit_test_teardown(half_of_the_text_is_no_furniture,
			reset),
		cmocka_unit_test_teardown(bylines, reset),
		cmocka_unit_test_teardown(what_is_no_article, reset),
		cmocka_unit_test_teardown(
			a_page_is_the_article_that_its_text_is, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
