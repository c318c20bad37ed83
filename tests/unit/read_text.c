/*
 * The plain-text newsroom layout: the seed article field by field against the
 * golden feed, a Chinese one, and each rule about where a line stands.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/utf8.h"
#include "read_kit.h"

static void
read_str(const char *text)
{
	read_as("a.txt", text);
}

/* "author:A editor:B photographer:C", in order. */
static void
assert_people(const char *want)
{
	static const char *const roles[] = { "author", "editor",
		"photographer", "translator", "contributor" };
	struct buf b = BUF_INIT(1 << 16);

	for (size_t i = 0; i < article.n_people; i++)
		buf_printf(&b, "%s%s:%.*s", i ? " " : "",
			roles[article.people[i].role],
			ARG(article.people[i].name));
	assert_slice(buf_slice(&b), want);
	buf_done(&b);
}

static struct slice
read_data(const char *path)
{
	struct slice s;

	assert_int_equal(file_read(AT_FDCWD, path, 1 << 20, &arena, &s, &err),
		0);
	return s;
}

/* The text between two marks of the golden feed, unescaped once. */
static struct slice
golden(const char *from, const char *to)
{
	struct slice xml = read_data(TESTS_DIR "/feeds/golden/series.atom");
	ssize_t start = slice_find(xml, slice_str(from), 0), end;
	struct buf b = BUF_INIT(1 << 16);
	struct slice s;

	assert_true(start >= 0);
	xml = slice_from(xml, (size_t)start + strlen(from));
	end = slice_find(xml, slice_str(to), 0);
	assert_true(end >= 0);
	for (xml.len = (size_t)end; xml.len > 0; xml = slice_from(xml, 1)) {
		if (slice_starts(xml, S("&lt;")))
			buf_put_byte(&b, '<');
		else if (slice_starts(xml, S("&gt;")))
			buf_put_byte(&b, '>');
		else if (xml.ptr[0] != '&')
			buf_put_byte(&b, xml.ptr[0]);
		else
			fail_msg("another entity: %.*s", ARG(xml));
		if (xml.ptr[0] == '&')
			xml = slice_from(xml, 3);
	}
	s = arena_copy(&arena, buf_slice(&b));
	buf_done(&b);
	return s;
}

static void
the_seed_is_as_in_the_golden_feed(void **state)
{
	struct slice want;

	(void)state;
	if (try_read(S("a.txt"), read_data(TESTS_DIR
		"/feeds/golden/000_d2c616d851cef965.txt")) < 0)
		fail_msg("%s", err.text);
	assert_slice(article.title, "Guangdong's Solution 2024 ② |Sci-tech "
		"development among top priorities in GBA development");
	want = golden("<content type=\"html\">",
		"\n&lt;p&gt;Related links:");
	assert_slice(article.html, want.ptr);
	assert_true(slice_find(article.html, S("on\u00a0the"), 0) > 0);
	want = golden("<summary>", "</summary>");
	assert_slice(article.summary, want.ptr);
	assert_people("photographer:Nanfang Daily author:Guo Chuhua "
		"editor:Nan editor:James");
	assert_slice(article.lang, "en");
	assert_slice(article.related_label, "Related links:");
	assert_int_equal(article.n_related, 4);
	assert_slice(article.related[0].title, "Guangdong's Solution 2024 ① "
		"| How to develop new productive forces? Here is "
		"Guangdong's solution");
	assert_slice(article.related[3].title, "Guangdong's Solution 2024 ⑤ "
		"| Technological innovation platforms for industries "
		"established to boost commercialization and application");
	/* "May 14" stands in its body, and no date is in the file. */
	assert_true(slice_find(article.text, S("May 14"), 0) > 0);
	assert_int_equal(article.date, -1);
	assert_int_equal(slice_find(article.text, S("Mobile version"), 0),
		-1);
	assert_int_equal(slice_find(article.html, S("Related News"), 0), -1);
}

static void
a_chinese_article(void **state)
{
	(void)state;
	read_str("  • 手机版\n  • 关注微信\n\n"
		"潮汐手记 ① | 岸边的灯\n\n"
		"发布时间：2024年5月28日 09:30\n"
		"来源：海岸日报\n\n"
		"（图：青竹）\n\n"
		"\u3000\u3000清晨六点，\n老街的灯先亮起来。\n"
		"\u3000\u3000孩子们说：\n是 GBA\n的明天。\n\n"
		"相关链接：\n\n潮汐手记 ② | 海上的风\n\n"
		"记者：张三 李四\n责编 | 山茶、海棠\n摄影：王　五\n");
	assert_slice(article.title, "潮汐手记 ① | 岸边的灯");
	assert_slice(article.html, "<p>清晨六点，老街的灯先亮起来。</p>\n"
		"<p>孩子们说：是 GBA 的明天。</p>\n"
		"<p>来源：海岸日报</p>");
	assert_slice(article.summary, "清晨六点，老街的灯先亮起来。");
	assert_slice(article.lang, "zh-Hans");
	assert_slice(article.related_label, "相关链接：");
	assert_int_equal(article.n_related, 1);
	assert_int_equal(article.date, 1716859800);
	assert_people("photographer:青竹 author:张三 author:李四 "
		"editor:山茶 editor:海棠 photographer:王 五");
}

struct date_case {
	const char *text;
	int64_t date;
};

static void
corrections_and_sources_are_fields_and_stay_text(void **state)
{
	static const struct {
		const char *text;
		const char *correction, *source;
		const char *html;
	} cases[] = {
		{ "T\n\nCorrection: It was Tuesday.\n\nText.\n",
			"It was Tuesday.", "", "<p>Correction: It was Tuesday."
			"</p>\n<p>Text.</p>" },
		{ "T\n\nText.\n\n更正：是星期二。\n\nReporter | A\n",
			"是星期二。", "",
			"<p>Text.</p>\n<p>更正：是星期二。</p>" },
		/* In the middle it is what somebody wrote about. */
		{ "T\n\nText.\n\nCorrection: no.\n\nMore text.\n", "", "",
			"<p>Text.</p>\n<p>Correction: no.</p>\n"
			"<p>More text.</p>" },
		{ "T\n\nSource: Xinhua\n\nText.\n", "", "Xinhua",
			"<p>Text.</p>\n<p>Source: Xinhua</p>" },
		{ "T\n\nText.\n\n来源：新华社\n", "", "新华社",
			"<p>Text.</p>\n<p>来源：新华社</p>" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		read_str(cases[i].text);
		assert_slice(article.fields.correction, cases[i].correction);
		assert_slice(article.fields.source, cases[i].source);
		assert_slice(article.html, cases[i].html);
	}
}

static void
what_is_urgent_says_so(void **state)
{
	(void)state;
	read_str("Breaking: rain\n\nText.\n");
	assert_int_equal(article.fields.urgent, SAID_YES);
	assert_slice(article.title, "Breaking: rain");
	read_str("【快讯】下雨了\n\n下雨了。\n");
	assert_int_equal(article.fields.urgent, SAID_YES);
	read_str("Breaking the ice\n\nText.\n");
	assert_int_equal(article.fields.urgent, SAID_NOTHING);
	read_str("T\n\nText.\n\nTranslator | Lu\n译：陆\n");
	assert_people("translator:Lu translator:陆");
}

static void
a_date_counts_in_the_head_and_the_foot(void **state)
{
	static const int64_t day = 1715616000;	/* 2024-05-14 in +08:00 */
	const struct date_case cases[] = {
		{ "T\n\nDate: 2024-05-14\n\nText.", day },
		{ "Date: 2024-05-14\nT\n\nText.", day },
		{ "T\n2024-05-14\nText.", day },
		{ "T\n\nText.\n\nPublished: 2024-05-14T00:00+08:00", day },
		{ "T\n\nText.\n\n2024-05-14\n\nReporter | A", day },
		{ "T\n\nText.\n\nReporter | A\n日期：2024-05-14", day },
		{ "T\n\nText.\n\nRelated links:\n\nX\n\nDate: 2024-05-14",
			day },
		{ "T\n\nOne.\n\nDate: 2024-05-14\n\nTwo.", -1 },
		{ "T\n\nOn 2024-05-14 and on May 14.\n\nTwo.", -1 },
		{ "T\n\nText until\n2024-05-14\nit went.", -1 },
		{ "T\n\nDate: 2024-04-31\n\nText.", -1 },
		{ "T\n\nDate: soon\n\nText.", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		read_str(cases[i].text);
		if (article.date != cases[i].date)
			fail_msg("%s: %lld", cases[i].text,
				(long long)article.date);
	}
}

static void
what_is_no_date_stays_text(void **state)
{
	(void)state;
	read_str("T\n\nOne.\n\nDate: 2024-05-14\n\nEditor: Nan\n\nTwo.");
	assert_slice(article.text,
		"One.\nDate: 2024-05-14\nEditor: Nan\nTwo.");
	assert_people("");
}

static void
credits(void **state)
{
	(void)state;
	read_str("T\n\nReporter | A, B and C；D/E\n\nText.\n\n"
		"(Photo by F; G)\n\nMore.\n\n(Photo: F)\n\n"
		"Editor: H、 I ，, H\n");
	assert_people("author:A author:B author:C author:D author:E "
		"photographer:F photographer:G editor:H editor:I");
	assert_slice(article.text, "Text.\nMore.");
	read_str("题\n\n文字。\n\n【记者】甲\n【编辑】乙\n图/丙\n文：丁\n"
		"（摄影：戊）");
	assert_people("author:甲 editor:乙 photographer:丙 author:丁 "
		"photographer:戊");
	assert_slice(article.html, "<p>文字。</p>");
	read_str("T\n\nText.\n\nReporter |\nEditor | ,;\n");
	assert_people("");
}

static void
an_interview_keeps_its_questions(void **state)
{
	(void)state;
	read_str("T\n\nReporter: How did it begin?\n\nWith a boat.\n\n"
		"Reporter: Just so\n\nJust so.\n\n"
		"记者：谢谢您！");
	assert_people("");
	assert_slice(article.text, "Reporter: How did it begin?\n"
		"With a boat.\nReporter: Just so\nJust so.\n记者：谢谢您！");
}

static void
lines_and_paragraphs(void **state)
{
	(void)state;
	read_str("\n\n  T  \r\n\r\nOne\t line\r\nand  another.\r\n \u00a0 \r\n"
		"A\u00a0 B <i>&amp;</i>\r\rC\x01\x7f\xc2\x85"
		"D\xef\xbf\xbf.\n• first\n• second\n");
	assert_slice(article.title, "T");
	assert_slice(article.html, "<p>One line and another.</p>\n"
		"<p>A\u00a0 B &lt;i&gt;&amp;amp;&lt;/i&gt;</p>\n"
		"<p>C…D.</p>\n<p>• first</p>\n<p>• second</p>");
	assert_slice(article.text, "One line and another.\n"
		"A\u00a0 B <i>&amp;</i>\nC…D.\n• first\n• second");
}

static void
a_video_on_a_line_of_its_own(void **state)
{
	(void)state;
	read_str("T\n\nText.\n\nhttps://www.youtube.com/watch?v=abc&t=1\n\n"
		"See https://youtu.be/abc there.\nhttps://youtu.be/\n");
	assert_slice(article.html, "<p>Text.</p>\n<p><a href=\""
		"https://www.youtube.com/watch?v=abc&amp;t=1\">"
		"https://www.youtube.com/watch?v=abc&amp;t=1</a></p>\n"
		"<p>See https://youtu.be/abc there. https://youtu.be/</p>");
	assert_int_equal(article.n_media, 1);
	assert_int_equal(article.media[0].kind, MEDIA_VIDEO);
	assert_slice(article.media[0].url,
		"https://www.youtube.com/watch?v=abc");
}

static void
related_titles(void **state)
{
	(void)state;
	read_str("T\n\nText.\n\nRead more: First one\n• Second\nThird\n\n"
		"Source: Agency\n\nEditor | E");
	assert_int_equal(article.n_related, 3);
	assert_slice(article.related_label, "Read more:");
	assert_slice(article.related[1].title, "Second");
	assert_slice(article.text, "Text.\nSource: Agency");
	assert_people("editor:E");
	read_str("T\n\nText.\n\nRelated links\n\nA title\n\nAnd after it "
		"the article goes on, with a sentence that is no title at "
		"all.\n\nMore text.");
	assert_int_equal(article.n_related, 1);
	assert_slice(article.related_label, "Related links");
	assert_true(slice_ends(article.text, S("all.\nMore text.")));
}

static void
furniture_goes(void **state)
{
	(void)state;
	read_str("• Menu\n* App\n\nT\n\nText.\n\nReporter | A\n\n• Menu\n"
		"• App\n\nRelated News\n\nSomebody else's title\n• Menu\n");
	assert_slice(article.title, "T");
	assert_slice(article.text, "Text.");
	assert_int_equal(article.n_related, 0);
}

static void
no_text_is_lost_behind_furniture(void **state)
{
	(void)state;
	read_str("T\n\nText.\n\nReporter | A\n\nA paragraph behind it.\n\n"
		"Related News\n\nAnd one behind that, which is long enough "
		"to be no title of a link.\n");
	assert_slice(article.text, "Text.\nA paragraph behind it.\nAnd one "
		"behind that, which is long enough to be no title of a "
		"link.");
}

static void
limits(void **state)
{
	struct buf b = BUF_INIT(1 << 20);

	(void)state;
	buf_put_str(&b, "T\n\nText.\n\nReporter | ");
	for (int i = 0; i < 50; i++)
		buf_printf(&b, "R%d, ", i);
	buf_put_str(&b, "\nEditor | ");
	for (int i = 0; i < 50; i++)
		buf_printf(&b, "E%d, ", i);
	buf_put_str(&b, "\nRelated links:\n");
	for (int i = 0; i < 100; i++)
		buf_printf(&b, "Title %d\n", i);
	read_str(buf_slice(&b).ptr);
	assert_int_equal(article.n_people, ARTICLE_PEOPLE_MAX);
	assert_int_equal(article.n_related, ARTICLE_RELATED_MAX);
	buf_done(&b);
}

static double
seconds_to_read(struct slice bytes)
{
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	(void)!try_read(S("a.txt"), bytes);
	clock_gettime(CLOCK_MONOTONIC, &to);
	arena_done(&arena);
	return (double)(to.tv_sec - from.tv_sec) +
		(double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

/* Half a megabyte of one unit: a square would take minutes. */
static void
hostile_repetitions_take_linear_time(void **state)
{
	static const char *const heads[] = { "", "T\n\n", "T\n\nText.\n\n",
		"T\n\nText.\n\nRelated links:\n", "T\n\nText.\n\nEditor | " };
	static const char *const units[] = { "a", "a ", "a\n", "a\n\n", "\n",
		"\r", "&", "&\n\n", ",", "• a\n", "(Photo: a)\n", "a.",
		"Date: 2024-05-14\n\n", "Editor: a\n\n", "Editor | a\n",
		" and ", "Related links:\n", "Related News\n", "（", "中",
		"\u3000", "\u3000中\n", "\x01\n", "\xc2\xa0" };

	(void)state;
	for (size_t h = 0; h < COUNT_OF(heads); h++)
		for (size_t u = 0; u < COUNT_OF(units); u++) {
			struct buf b = BUF_INIT(1 << 19);
			double t;

			buf_put_str(&b, heads[h]);
			while (!b.full)
				buf_put_str(&b, units[u]);
			t = seconds_to_read(buf_slice(&b));
			if (t > 10)
				fail_msg("%s + %s: %.1f s", heads[h],
					units[u], t);
			buf_done(&b);
		}
}

/* What is too long for a feed is named, and a long article is not. */
static void
four_megabytes(void **state)
{
	struct buf b = BUF_INIT(ARTICLE_FILE_MAX);

	(void)state;
	buf_put_str(&b, "T\n\n");
	while (!b.full)
		buf_put_str(&b, "A line of a long paragraph.\n");
	assert_int_equal(try_read(S("a.txt"), buf_slice(&b)), 0);
	assert_true(article.text.len > ARTICLE_FILE_MAX - 100);
	buf_reset(&b);
	buf_put_str(&b, "T\n\n");
	while (!b.full)
		buf_put_str(&b, "&\n\n");
	assert_int_equal(try_read(S("a.txt"), buf_slice(&b)), -1);
	assert_string_equal(err.text, "the text is too long as HTML");
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(the_seed_is_as_in_the_golden_feed,
			reset),
		cmocka_unit_test_teardown(a_chinese_article, reset),
		cmocka_unit_test_teardown(
			a_date_counts_in_the_head_and_the_foot, reset),
		cmocka_unit_test_teardown(what_is_no_date_stays_text, reset),
		cmocka_unit_test_teardown(credits, reset),
		cmocka_unit_test_teardown(an_interview_keeps_its_questions,
			reset),
		cmocka_unit_test_teardown(lines_and_paragraphs, reset),
		cmocka_unit_test_teardown(a_video_on_a_line_of_its_own, reset),
		cmocka_unit_test_teardown(related_titles, reset),
		cmocka_unit_test_teardown(
			corrections_and_sources_are_fields_and_stay_text,
			reset),
		cmocka_unit_test_teardown(what_is_urgent_says_so, reset),
		cmocka_unit_test_teardown(furniture_goes, reset),
		cmocka_unit_test_teardown(no_text_is_lost_behind_furniture,
			reset),
		cmocka_unit_test_teardown(limits, reset),
		cmocka_unit_test_teardown(four_megabytes, reset),
		cmocka_unit_test_teardown(
			hostile_repetitions_take_linear_time, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
