/*
 * One line alone: labels in both languages and with every separator, dates,
 * menu items, and what only looks like one of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "read/line.h"

struct expect {
	const char *text;
	enum line_kind kind;
	const char *rest;
	enum person_role role;
	bool sure;
};

static void
lines(void **state)
{
	static const struct expect cases[] = {
		{ "Reporter | A", LINE_CREDIT, "A", ROLE_AUTHOR, true },
		{ "REPORTERS：A", LINE_CREDIT, "A", ROLE_AUTHOR, false },
		{ "记者 ｜ 甲", LINE_CREDIT, "甲", ROLE_AUTHOR, true },
		{ "文/甲", LINE_CREDIT, "甲", ROLE_AUTHOR, false },
		{ "Editor:\u00a0Nan", LINE_CREDIT, "Nan", ROLE_EDITOR, false },
		{ "责任编辑：乙", LINE_CREDIT, "乙", ROLE_EDITOR, false },
		{ "【编辑】乙", LINE_CREDIT, "乙", ROLE_EDITOR, true },
		{ "(Photo: P)", LINE_CREDIT, "P", ROLE_PHOTOGRAPHER, true },
		{ "(Photo by P)", LINE_CREDIT, "P", ROLE_PHOTOGRAPHER, true },
		{ "（摄影：丙）", LINE_CREDIT, "丙", ROLE_PHOTOGRAPHER, true },
		{ "Photo by P", LINE_CREDIT, "P", ROLE_PHOTOGRAPHER, false },
		{ "[图片/丙]", LINE_CREDIT, "丙", ROLE_PHOTOGRAPHER, true },
		{ "(Photo: a man walks past; it rains, as it did: hard)",
			LINE_PROSE, NULL, 0, false },
		{ "(Reporter", LINE_PROSE, NULL, 0, false },
		{ "Reporter A", LINE_PROSE, NULL, 0, false },
		{ "Reporters: what they do | 3", LINE_PROSE, NULL, 0, false },
		{ "Editorial: A", LINE_PROSE, NULL, 0, false },
		{ "Photography by moonlight", LINE_PROSE, NULL, 0, false },
		{ "• App", LINE_BULLET, "App", 0, false },
		{ "- App", LINE_BULLET, "App", 0, false },
		{ "-App", LINE_PROSE, NULL, 0, false },
		{ "Date: 2024-05-14", LINE_DATE, "2024-05-14", 0, false },
		{ "发布时间：2024年5月4日", LINE_DATE, "2024年5月4日", 0,
			false },
		{ "2024-05-14 08:00", LINE_DATE, NULL, 0, false },
		{ "2024年5月14日", LINE_DATE, NULL, 0, false },
		{ "May 14, 2024", LINE_PROSE, NULL, 0, false },
		{ "2024-05-14 was a Tuesday", LINE_PROSE, NULL, 0, false },
		{ "2024年的春天", LINE_PROSE, NULL, 0, false },
		{ "Date: May 14", LINE_PROSE, NULL, 0, false },
		{ "Source: Agency", LINE_SOURCE, "Agency", 0, false },
		{ "Related links:", LINE_RELATED, "", 0, false },
		{ "延伸阅读", LINE_RELATED, "", 0, false },
		{ "Related News", LINE_NEWS, "", 0, false },
		{ "Related News: the city", LINE_PROSE, NULL, 0, false },
		{ "|", LINE_PROSE, NULL, 0, false },
		{ "【】", LINE_PROSE, NULL, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct expect *x = &cases[i];
		struct line l = line_read(slice_str(x->text), 0);

		if (l.kind != x->kind || l.role != x->role ||
			(x->kind == LINE_CREDIT && l.sure != x->sure))
			fail_msg("%s: kind %d, role %d, sure %d", x->text,
				(int)l.kind, (int)l.role, l.sure);
		if (x->rest && !slice_eq(l.rest, slice_str(x->rest)))
			fail_msg("%s: \"%.*s\"", x->text, ARG(l.rest));
	}
}

static void
dates_have_the_zone(void **state)
{
	(void)state;
	assert_int_equal(line_read(S("2024-05-14"), 480).date, 1715616000);
	assert_int_equal(line_read(S("日期：2024 年 5 月 14 日 01:00"),
		60).date, 1715644800);
	assert_int_equal(line_read(S("Date: 2024-05-14T00:00Z"), 480).date,
		1715644800);
}

static void
trimming_knows_every_blank(void **state)
{
	(void)state;
	assert_true(slice_eq(line_trim(S("\u3000\u00a0 a\u00a0b\t\u2003")),
		S("a\u00a0b")));
	assert_int_equal(line_trim(S("\u00a0\u3000")).len, 0);
}

static void
titles_are_short_and_no_sentences(void **state)
{
	static const char sentence[] = "And after that the article goes on, "
		"with one more sentence of its own.";
	struct line l = line_read(slice_str(sentence), 0);

	(void)state;
	assert_false(line_is_title(&l));
	l = line_read(slice(sentence, sizeof(sentence) - 2), 0);
	assert_true(line_is_title(&l));
	assert_false(line_is_short(&l));
	l = line_read(S("• Follow us on Wechat"), 0);
	assert_true(line_is_short(&l));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(dates_have_the_zone),
		cmocka_unit_test(trimming_knows_every_blank),
		cmocka_unit_test(titles_are_short_and_no_sentences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
