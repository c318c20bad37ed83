/*
 * The cleaner: a piece of HTML in, the HTML and the text that go out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fuzz/check_html.h"

static struct arena arena;
static struct article article;
static struct slice html, text;

static int
reset(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static void
clean(const char *from)
{
	static const struct read_env env = { .path = S_INIT("a.html"),
		.language = S_INIT("en"),
		.base = S_INIT("https://www.example.org/a/b") };
	struct tokens document = TOKENS_OF(slice_str(from), &arena);
	struct err e = { 0 };
	struct markup m;

	article = (struct article){ 0 };
	markup_init(&m, &env, &arena, &article);
	markup_html(&m, slice_str(from), &document);
	assert_int_equal(markup_finish(&m, &e), 0);
	html = arena_copy(&arena, buf_slice(&m.html));
	text = arena_copy(&arena, buf_slice(&m.text));
	markup_done(&m);
	check_html(html, text);
}

struct piece {
	const char *from, *html, *text;
};

static void
assert_pieces(const struct piece *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		clean(p[i].from);
		if (!slice_eq(html, slice_str(p[i].html)))
			fail_msg("%s\ngives %s\nnot %s", p[i].from, html.ptr,
				p[i].html);
		if (p[i].text && !slice_eq(text, slice_str(p[i].text)))
			fail_msg("%s\nhas the text %s\nnot %s", p[i].from,
				text.ptr, p[i].text);
	}
}

static void
blocks(void **state)
{
	static const struct piece pieces[] = {
		{ "", "", "" },
		{ "  text ", "<p>text</p>", "text" },
		{ "<p>a<p>b</p>c", "<p>a</p>\n<p>b</p>\n<p>c</p>",
			"a\nb\nc" },
		{ "<p>a<div>b</div>c</p>d",
			"<p>a</p>\n<p>b</p>\n<p>c</p>\n<p>d</p>", NULL },
		{ "<h1>a</h1><h3>b</h2>c", "<h2>a</h2>\n<h3>b</h3>\n<p>c</p>",
			"a\nb\nc" },
		{ "<p></p><ul><li> </li></ul><blockquote></blockquote>x",
			"<p>x</p>", "x" },
		{ "<ul>a<li>b<li>c</ul>d", "<ul>\n<li>a</li>\n<li>b</li>\n"
			"<li>c</li>\n</ul>\n<p>d</p>", "a\nb\nc\nd" },
		{ "<li>a<ul><ul><li>b", "<ul>\n<li>a<ul>\n<li><ul>\n"
			"<li>b</li>\n</ul></li>\n</ul></li>\n</ul>", "a\nb" },
		{ "<li><div>a</div><div>b</div>", "<ul>\n"
			"<li>a<p>b</p></li>\n</ul>", "a\nb" },
		{ "<ol start=3><li value=7>a</ol>", "<ol start=\"3\">\n"
			"<li value=\"7\">a</li>\n</ol>", "a" },
		{ "<blockquote cite=/x>a<p>b</blockquote>",
			"<blockquote cite=\"https://www.example.org/x\">\n"
			"<p>a</p>\n<p>b</p>\n</blockquote>", "a\nb" },
		{ "<dl><dt>a<dd>b<dt>c</dl>", "<dl>\n<dt>a</dt>\n<dd>b</dd>\n"
			"<dt>c</dt>\n</dl>", NULL },
		{ "a<br>b<br><br>", "<p>a<br/>b</p>", "a\nb" },
		{ "<br>a<hr>b", "<p>a</p>\n<hr/>\n<p>b</p>", "a\nb" },
		{ "<pre>\na\n  b\t<b>c</b>\n\n</pre>",
			"<pre>a\n  b\t<b>c</b></pre>", "a\n  b\tc" },
		{ "<pre><div>a</div><div>b</div></pre>", "<pre>a\nb</pre>",
			"a\nb" },
		{ "</p></ul></b></div>a", "<p>a</p>", "a" },
	};

	(void)state;
	assert_pieces(pieces, COUNT_OF(pieces));
}

static void
tables(void **state)
{
	static const struct piece pieces[] = {
		{ "<table><tr><td>a<td><th colspan=2 rowspan=0>b</table>",
			"<table>\n<tr><td>a</td><td></td>"
			"<th colspan=\"2\" rowspan=\"1\">b</th></tr>\n"
			"</table>", "a\nb" },
		{ "<table>a<caption>b<td>c<tbody><td>d</table>e",
			"<table>\n<tr><td>a</td></tr>\n<caption>b</caption>\n"
			"<tr><td>c</td></tr>\n<tbody>\n<tr><td>d</td></tr>\n"
			"</tbody>\n</table>\n<p>e</p>", "a\nb\nc\nd\ne" },
		{ "<td>a</td><tr>b</tr><caption>c", "<p>a</p>\n<p>b</p>\n"
			"<p>c</p>", "a\nb\nc" },
		{ "<table><td><b>a<td>b</table>c", "<table>\n<tr>"
			"<td><b>a</b></td><td>b</td></tr>\n</table>\n"
			"<p>c</p>", NULL },
		{ "<table><td><table><td>a</table></ul>b</table>",
			"<table>\n<tr><td><table>\n<tr><td>a</td></tr>\n"
			"</table><p>b</p></td></tr>\n</table>", "a\nb" },
	};

	(void)state;
	assert_pieces(pieces, COUNT_OF(pieces));
}

static void
inlines(void **state)
{
	static const struct piece pieces[] = {
		{ "<b>a<i>b</b>c</i>d", "<p><b>a<i>b</i></b><i>c</i>d</p>",
			"abcd" },
		{ "<b><p>x<p>y</b>z", "<p><b>x</b></p>\n<p><b>y</b>z</p>",
			"x\nyz" },
		{ "<b><b>a</b>b</b>c", "<p><b>ab</b>c</p>", "abc" },
		{ "a <b> b </b> c<i> </i>d", "<p>a <b>b</b> c d</p>",
			"a b c d" },
		{ "<font color=red>a</font> <span>b</span>", "<p>a b</p>",
			"a b" },
		{ "<b class=x style=y onclick=z id=w lang=zh dir=RTL>a</b>",
			"<p><b lang=\"zh\" dir=\"RTL\">a</b></p>", "a" },
		{ "<ruby>a<rp>(<rt>b<rp>)</ruby>c", "<p><ruby>a<rp>(</rp>"
			"<rt>b</rt><rp>)</rp></ruby>c</p>", "a(b)c" },
		{ "<abbr title='x \"&lt;\" y'>a</abbr>",
			"<p><abbr title=\"x &quot;&lt;&quot; y\">a</abbr></p>",
			"a" },
	};

	(void)state;
	assert_pieces(pieces, COUNT_OF(pieces));
}

static void
addresses(void **state)
{
	static const struct piece pieces[] = {
		{ "<a class=x title=t href='../c?d&amp;e#f'>a</a>",
			"<p><a href=\"https://www.example.org/c?d&amp;e#f\" "
			"title=\"t\">a</a></p>", "a" },
		{ "<a href='#here'>a</a><a href='#'>b</a><a name=x>c</a>",
			"<p><a href=\"#here\">a</a>bc</p>", "abc" },
		{ "<a href=mailto:a@b.c>a</a><a href=tel:+1>b</a>",
			"<p><a href=\"mailto:a@b.c\">a</a>"
			"<a href=\"tel:+1\">b</a></p>", "ab" },
		{ "<a href='java\nscript:x()'>a</a><a href=' JAVASCRIPT:x'>b"
			"</a><a href=data:text/html,x>c</a>"
			"<a href='&#106;avascript:x'>d</a>", "<p>abcd</p>",
			"abcd" },
		{ "<a href='//\xef\xbf\xbd/p?q'>a</a>"
			"<a href='/\xef\xbf\xbd'>b</a>", "<p>ab</p>", "ab" },
		{ "<a href='//x.y/z'>a</a>", "<p><a href=\"https://x.y/z\">a"
			"</a></p>", "a" },
		{ "<a href='/a b\"<>'>a</a>", "<p><a href=\""
			"https://www.example.org/a%20b%22%3C%3E\">a</a></p>",
			"a" },
		{ "<a href=x>a<a href=y>b</a>c", "<p>"
			"<a href=\"https://www.example.org/a/x\">a</a>"
			"<a href=\"https://www.example.org/a/y\">b</a>c</p>",
			NULL },
		{ "<a href=x><p>a</p></a>", "<p>"
			"<a href=\"https://www.example.org/a/x\">a</a></p>",
			NULL },
	};

	(void)state;
	assert_pieces(pieces, COUNT_OF(pieces));
}

static void
what_must_go(void **state)
{
	static const struct piece pieces[] = {
		{ "a<script>b</script><style>c</style>d", "<p>ad</p>", "ad" },
		{ "a<svg><p>b<svg></svg>c</svg><math>d</math>e", "<p>ae</p>",
			"ae" },
		{ "a<iframe src=x>b</iframe><object>c</object><noscript>d"
			"</noscript><template>e</template><textarea>f"
			"</textarea><select><option>g</select><button>h"
			"</button>i", "<p>ai</p>", "ai" },
		{ "a<script>b", "<p>a</p>", "a" },
		{ "a<object>b<svg>c", "<p>abc</p>", "abc" },
		{ "a<!-- b -->c<?d?>e<!DOCTYPE f>g<!-->h<!--", "<p>acegh</p>",
			"acegh" },
		{ "<form action=x>a<input value=b></form>", "<p>a</p>", "a" },
		{ "<img src=data:image/png;base64,xx><img src=javascript:x>",
			"", "" },
		{ "a\x01\x7f" "b\xef\xbf\xbe" "c&#1;&#xffff;&#xd800;d",
			"<p>abcd</p>", "abcd" },
	};

	(void)state;
	assert_pieces(pieces, COUNT_OF(pieces));
}

static void
characters(void **state)
{
	static const struct piece pieces[] = {
		{ "&#x80;&#146;\xc2\x93&#129;", "<p>€’“</p>", "€’“" },
		{ "&lt;3 AT&T &amp;lt; ]]&gt; &copy &copyx; &bogus; &",
			"<p>&lt;3 AT&amp;T &amp;lt; ]]&gt; © &amp;copyx; "
			"&amp;bogus; &amp;</p>",
			"<3 AT&T &lt; ]]> © &copyx; &bogus; &" },
		{ "a < b <3 c </ d <", "<p>a &lt; b &lt;3 c &lt;/ d &lt;</p>",
			NULL },
		{ "a&nbsp;b&#160; c", "<p>a\u00a0b\u00a0 c</p>", NULL },
		{ "<p>a <b x=\"y", "<p>a &lt;b x=\"y</p>", "a <b x=\"y" },
		{ "😀 \u202eabc\u202c \"'", "<p>😀 \u202eabc\u202c \"'</p>",
			NULL },
	};

	(void)state;
	assert_pieces(pieces, COUNT_OF(pieces));
}

#define A "https://www.example.org/a/"

static void
pictures(void **state)
{
	static const struct piece pieces[] = {
		{ "<p><img src=x.png alt='&lt;x&gt;' width=3 height=4px></p>",
			"<figure><img src=\"" A "x.png\" alt=\"&lt;x&gt;\" "
			"width=\"3\"/></figure>", "" },
		{ "<p><img src=x> y <img src=z></p>", "<p><img src=\"" A
			"x\" alt=\"\"/> y <img src=\"" A "z\" alt=\"\"/></p>",
			"y" },
		{ "<img src=x><img src=y>", "<figure><img src=\"" A "x\" "
			"alt=\"\"/></figure>\n<figure><img src=\"" A "y\" "
			"alt=\"\"/></figure>", "" },
		{ "<figure><a href=b><img src=x></a><figcaption>c</figure>",
			"<figure><a href=\"" A "b\"><img src=\"" A "x\" "
			"alt=\"\"/></a><figcaption>c</figcaption></figure>",
			"c" },
		{ "<ul><li><img src=x></ul>", "<ul>\n<li><figure><img src=\""
			A "x\" alt=\"\"/></figure></li>\n</ul>", "" },
		{ "<table><td><img src=x></table>", "<table>\n<tr><td>"
			"<img src=\"" A "x\" alt=\"\"/></td></tr>\n</table>",
			"" },
		{ "<h2><img src=x> y</h2>", "<h2><img src=\"" A "x\" "
			"alt=\"\"/> y</h2>", "y" },
		{ "<img src='data:x' data-src=y>", "<figure><img src=\"" A
			"y\" alt=\"\"/></figure>", "" },
	};

	(void)state;
	assert_pieces(pieces, COUNT_OF(pieces));
	clean("<figure><img src=x alt=' a  b '><figcaption>c <b>d</b>"
		"</figcaption></figure><img src=//e.f/g>");
	assert_int_equal(article.n_media, 2);
	assert_true(slice_eq(article.media[0].alt, S("a b")));
	assert_true(slice_eq(article.media[0].caption, S("c d")));
	assert_true(slice_eq(article.media[1].url, S("https://e.f/g")));
	assert_true(article.media[0].shown);
}

static void
players(void **state)
{
	static const struct piece pieces[] = {
		{ "<video src=v poster=p autoplay>no <p>video</p></video>x",
			"<video src=\"" A "v\" poster=\"" A "p\" "
			"controls=\"controls\"></video>\n<p>x</p>", "x" },
		{ "<audio><source src=a type=audio/ogg><source src=b>no"
			"</audio>", "<audio controls=\"controls\"><source "
			"src=\"" A "a\" type=\"audio/ogg\"/><source src=\"" A
			"b\"/></audio>", "" },
		{ "<video>a", "<p>a</p>", "a" },
		{ "<video></video>a", "<p>a</p>", "a" },
		{ "a<iframe src='//www.youtube-nocookie.com/embed/abc-1?x'>b"
			"</iframe>c", "<p>a</p>\n<p><a href=\""
			"https://www.youtube.com/watch?v=abc-1\">"
			"https://www.youtube.com/watch?v=abc-1</a></p>\n"
			"<p>c</p>", NULL },
	};

	(void)state;
	assert_pieces(pieces, COUNT_OF(pieces));
	clean("<a href=https://youtu.be/abc?t=1>a</a> <iframe title=b src="
		"https://player.vimeo.com/video/12></iframe><audio src=c>"
		"</audio><a href=https://www.youtube.com/watch?v=abc>d</a>");
	assert_int_equal(article.n_media, 3);
	assert_int_equal(article.media[0].kind, MEDIA_VIDEO);
	assert_true(slice_eq(article.media[0].url,
		S("https://www.youtube.com/watch?v=abc")));
	assert_true(slice_eq(article.media[1].url,
		S("https://vimeo.com/12")));
	assert_int_equal(article.media[2].kind, MEDIA_AUDIO);
}

static bool
find_picture(void *ctx, struct slice rel, struct arena *a, struct media *ret,
	struct slice *address)
{
	(void)ctx;
	(void)a;
	if (!slice_eq(rel, S("img/a b.png")))
		return false;
	ret->path = S("2024/img/a b.png");
	ret->width = 30;
	ret->height = 40;
	ret->caption = S("A caption");
	ret->credit = S("Photo: Zed");
	*address = S("https://www.example.org/media/x.png");
	return true;
}

static void
pictures_beside_the_article(void **state)
{
	const struct read_env env = { .base = S("https://www.example.org/a"),
		.picture = find_picture };
	struct err e = { 0 };
	struct markup m;

	(void)state;
	article = (struct article){ 0 };
	markup_init(&m, &env, &arena, &article);
	markup_html(&m, S("<img src='img/a%20b.png?v=2'>"), NULL);
	assert_int_equal(markup_finish(&m, &e), 0);
	assert_string_equal(m.html.ptr, "<figure><img "
		"src=\"https://www.example.org/media/x.png\" alt=\"\" "
		"width=\"30\" height=\"40\"/><figcaption>A caption "
		"(Photo: Zed)</figcaption></figure>");
	assert_int_equal(article.n_media, 1);
	assert_true(article.media[0].shown);
	assert_int_equal(article.media[0].url.len, 0);
	markup_done(&m);
}

static void
depth_has_an_end(void **state)
{
	struct buf b = BUF_INIT(1 << 20);

	(void)state;
	for (int i = 0; i < 200; i++)
		buf_put_str(&b, "<blockquote><ul><li><b><i>");
	buf_put_str(&b, "x");
	for (int i = 0; i < 200; i++)
		buf_put_str(&b, "</i></b></li></ul></blockquote>");
	buf_put_str(&b, "y");
	clean(b.ptr);
	assert_true(slice_eq(text, S("x\ny")));
	assert_true(slice_ends(html, S("</blockquote>\n<p>y</p>")));
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(blocks, reset),
		cmocka_unit_test_teardown(tables, reset),
		cmocka_unit_test_teardown(inlines, reset),
		cmocka_unit_test_teardown(addresses, reset),
		cmocka_unit_test_teardown(what_must_go, reset),
		cmocka_unit_test_teardown(characters, reset),
		cmocka_unit_test_teardown(pictures, reset),
		cmocka_unit_test_teardown(players, reset),
		cmocka_unit_test_teardown(pictures_beside_the_article, reset),
		cmocka_unit_test_teardown(depth_has_an_end, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
