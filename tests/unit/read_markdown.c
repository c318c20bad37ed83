/*
 * Markdown: front matter, the title, GitHub's dialect, and HTML in it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fuzz/check_html.h"
#include "read_kit.h"

static void
read_str(const char *text)
{
	read_as("a.md", text);
	check_article(&article);
}

static void
front_matter(void **state)
{
	(void)state;
	read_str("---\ntitle: The bridge\ntags: [ a, b ]\npart: 3\n---\n\n"
		"Text.\n");
	assert_slice(article.title, "The bridge");
	assert_slice(article.html, "<p>Text.</p>");
	assert_int_equal(article.fields.n_tags, 2);
	assert_int_equal(article.fields.part, 3);
	read_str("---\ntitle: The bridge\n...\n# The Bridge\n\n# Another\n\nx");
	assert_slice(article.html, "<h2>Another</h2>\n<p>x</p>");
	/* What does not end is none. */
	read_str("---\n\n# T\n\nx");
	assert_slice(article.html, "<hr/>\n<p>x</p>");
	assert_int_equal(try_read(S("a.md"), S("---\npart: soon\n---\n"
		"# T\n\nx")), -1);
	assert_non_null(strstr(err.text, "2:7"));
}

static void
the_title_is_the_first_heading(void **state)
{
	(void)state;
	read_str("T\n=\n\n## Two\n\nx");
	assert_slice(article.title, "T");
	assert_slice(article.html, "<h2>Two</h2>\n<p>x</p>");
	assert_int_equal(try_read(S("a.md"), S("## Two\n\nx")), -1);
	assert_string_equal(err.text, "there is no title");
}

struct piece {
	const char *from, *html;
};

static void
dialect(void **state)
{
	static const struct piece pieces[] = {
		{ "*a* **b** ~~c~~ `d<e`", "<p><em>a</em> <strong>b</strong> "
			"<del>c</del> <code>d&lt;e</code></p>" },
		{ "a  \nb\nc", "<p>a<br/>b c</p>" },
		{ "> a\n\n---\n3. b\n4. c", "<blockquote>\n<p>a</p>\n"
			"</blockquote>\n<hr/>\n<ol start=\"3\">\n<li>b</li>\n"
			"<li>c</li>\n</ol>" },
		{ "```c\na\n\n  b\n```", "<pre><code>a\n\n  b</code></pre>" },
		{ "|a|b|\n|---|---|\n|c|", "<table>\n<thead>\n<tr><th>a</th>"
			"<th>b</th></tr>\n</thead>\n<tbody>\n<tr><td>c</td>"
			"<td></td></tr>\n</tbody>\n</table>" },
		{ "- [ ] a\n- [x] b", "<ul>\n<li>☐ a</li>\n<li>☑ b</li>\n"
			"</ul>" },
		{ "[a](/b \"c\") https://d.e/f?g&h", "<p>"
			"<a href=\"https://www.example.org/b\" title=\"c\">a"
			"</a> <a href=\"https://d.e/f?g&amp;h\">"
			"https://d.e/f?g&amp;h</a></p>" },
		{ "[a](javascript:x) <x@y.z>", "<p>a "
			"<a href=\"mailto:x@y.z\">x@y.z</a></p>" },
		{ "&copy; &#128; &bogus; AT&T <3", "<p>© € &amp;bogus; "
			"AT&amp;T &lt;3</p>" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		read_str(arena_printf(&arena, "# T\n\n%s",
			pieces[i].from).ptr);
		assert_slice(article.html, pieces[i].html);
	}
}

static void
html_in_it(void **state)
{
	static const struct piece pieces[] = {
		{ "a <b>b *c</b> d*", "<p>a <b>b <em>c</em></b> "
			"<em>d</em></p>" },
		{ "<div class=x>\n\n*a*\n\n</div>", "<p><em>a</em></p>" },
		{ "<blockquote>\n\na\n\n</blockquote>\n\nb", "<blockquote>\n"
			"<p>a</p>\n</blockquote>\n<p>b</p>" },
		{ "a <script>b</script> c <title> d", "<p>a c d</p>" },
		{ "<script>\n\na\n</script>\n\nb", "<p>b</p>" },
		{ "a <script> b\n\nc", "<p>a</p>\n<p>c</p>" },
		{ "<p>a <b\nclass='x'>b\n\nc", "<p>a <b>b</b></p>\n"
			"<p><b>c</b></p>" },
		{ "a <!-- b --> c", "<p>a c</p>" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		read_str(arena_printf(&arena, "# T\n\n%s",
			pieces[i].from).ptr);
		assert_slice(article.html, pieces[i].html);
	}
}

static void
pictures_and_videos(void **state)
{
	(void)state;
	read_str("# T\n\n![a *b*](c.png \"d & e\")\n\nf ![g](h)\n\n"
		"https://youtu.be/abc\n");
	assert_slice(article.html, "<figure><img src=\""
		"https://www.example.org/articles/c.png\" alt=\"a b\"/>"
		"<figcaption>d &amp; e</figcaption></figure>\n<p>f <img src=\""
		"https://www.example.org/articles/h\" alt=\"g\"/></p>\n"
		"<p><a href=\"https://youtu.be/abc\">https://youtu.be/abc"
		"</a></p>");
	assert_int_equal(article.n_media, 3);
	assert_slice(article.media[0].caption, "d & e");
	assert_int_equal(article.media[2].kind, MEDIA_VIDEO);
}

static void
bylines(void **state)
{
	(void)state;
	read_str("# T\n\nReporter | A\n\nx\n\n**Related links**\n\n- B\n"
		"- [C](d)\n\nEditor: E\n");
	assert_slice(article.html, "<p>x</p>");
	assert_int_equal(article.n_people, 2);
	assert_int_equal(article.n_related, 2);
	assert_slice(article.related[1].title, "C");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(front_matter, reset),
		cmocka_unit_test_teardown(the_title_is_the_first_heading,
			reset),
		cmocka_unit_test_teardown(dialect, reset),
		cmocka_unit_test_teardown(html_in_it, reset),
		cmocka_unit_test_teardown(pictures_and_videos, reset),
		cmocka_unit_test_teardown(bylines, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
