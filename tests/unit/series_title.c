/*
 * Titles: every case of tests/feeds/series-titles.tsv, and what real titles
 * taught since.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/utf8.h"
#include "series/series.h"
#include "series/title.h"

static struct arena arena;

static int
reset(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static void
assert_slice(struct slice got, struct slice want, struct slice about)
{
	if (!slice_eq(got, want))
		fail_msg("%.*s: \"%.*s\" is not \"%.*s\"", ARG(about),
			ARG(got), ARG(want));
}

/* title, series, part, headline, key, note; missing ones are empty. */
static void
split_row(struct slice row, struct slice ret[static 6])
{
	for (int i = 0; i < 6; i++)
		if (!slice_next_field(&row, '\t', &ret[i]))
			ret[i] = slice("", 0);
}

/* "2|3" is a last part: 2 at least, and more when the siblings say so. */
static void
check_part(const struct mark *m, struct slice part, struct slice title)
{
	bool last = slice_find_byte(part, '|') >= 0;
	int64_t want = slice_number(slice(part.ptr, last ? 1 : part.len), 200);

	if (m->number != want || m->last != last)
		fail_msg("%.*s: part %d is not %.*s", ARG(title), m->number,
			ARG(part));
}

/* What an entry shows of a title is marked as the title is. */
static void
check_shown(struct slice title, const struct mark *m)
{
	struct slice shown, again;
	struct mark n;

	title_parse(title, &arena, &n, &shown, NULL);
	title_parse(shown, &arena, &n, &again, NULL);
	assert_slice(again, shown, title);
	assert_slice(n.key, m->key, title);
	assert_slice(n.label, m->label, title);
	assert_slice(n.headline, m->headline, title);
	assert_int_equal(mark_place(&n), mark_place(m));
}

static void
check_row(struct slice row)
{
	struct slice field[6];
	struct mark m;

	split_row(row, field);
	series_parse_title(field[0], &arena, &m);
	check_shown(field[0], &m);
	if (slice_eq(field[1], S("none"))) {
		if (m.strength == MARK_STRONG)
			fail_msg("%.*s: is not in \"%.*s\"", ARG(field[0]),
				ARG(m.name));
		return;
	}
	if (m.strength != MARK_STRONG)
		fail_msg("%.*s: no series found", ARG(field[0]));
	assert_slice(m.name, field[1], field[0]);
	check_part(&m, field[2], field[0]);
	assert_slice(m.headline, field[3], field[0]);
	assert_slice(m.key, field[4], field[0]);
}

/* How many rows. */
static int
check_table(const char *path)
{
	struct slice rest, row;
	struct err e = { 0 };
	int rows = -1;

	assert_int_equal(file_read(AT_FDCWD, path, 1 << 20, &arena, &rest,
		&e), 0);
	for (; slice_next_line(&rest, &row); rows++)
		if (rows >= 0)
			check_row(row);
	return rows;
}

static void
all_cases_of_the_table(void **state)
{
	(void)state;
	assert_int_equal(check_table(TESTS_DIR "/feeds/series-titles.tsv"),
		42);
}

static void
more_cases(void **state)
{
	(void)state;
	assert_true(check_table(TESTS_DIR
		"/feeds/series-titles-more.tsv") >= 150);
}

struct expect {
	const char *title;
	enum mark_strength strength;
	const char *name;
	int number;
	int total;
	const char *headline;
	const char *label;
};

static void
check(const struct expect *x)
{
	struct slice title = slice_str(x->title);
	struct mark m;

	series_parse_title(title, &arena, &m);
	if (m.strength != x->strength)
		fail_msg("%s: strength %d, name \"%.*s\"", x->title,
			(int)m.strength, ARG(m.name));
	if (x->strength == MARK_NONE) {
		assert_slice(m.headline, title, title);
		return;
	}
	assert_slice(m.name, slice_str(x->name), title);
	assert_slice(m.headline, slice_str(x->headline), title);
	assert_slice(m.label, slice_str(x->label), title);
	if (m.number != x->number || m.total != x->total)
		fail_msg("%s: %d of %d", x->title, m.number, m.total);
}

static void
strong_marks(void **state)
{
	static const struct expect cases[] = {
		{ "Tide tables②|Spring", MARK_STRONG, "Tide tables", 2, 0,
			"Spring", "②" },
		{ "Tide tables (②) Spring", MARK_STRONG, "Tide tables", 2, 0,
			"Spring", "(②)" },
		{ "Tide tables ❸ – Spring: ebb", MARK_STRONG, "Tide tables",
			3, 0, "Spring: ebb", "❸" },
		{ "潮汐Ⅱ：春", MARK_STRONG, "潮汐", 2, 0, "春", "Ⅱ" },
		{ "Tide tables Ⅱ | Spring", MARK_STRONG, "Tide tables", 2, 0,
			"Spring", "Ⅱ" },
		{ "Tide tables S01E07 Spring", MARK_STRONG, "Tide tables", 7,
			0, "Spring", "S01E07" },
		{ "Tide tables (pt. 2 of 3)", MARK_STRONG, "Tide tables", 2,
			3, "", "(pt. 2 of 3)" },
		{ "Tide tables, Part 2 of 3: Spring", MARK_STRONG,
			"Tide tables", 2, 3, "Spring", "Part 2 of 3" },
		{ "Tide tables (Part 2) Spring", MARK_STRONG, "Tide tables",
			2, 0, "Spring", "(Part 2)" },
		{ "Tide tables Ep.12 - Spring", MARK_STRONG, "Tide tables",
			12, 0, "Spring", "Ep.12" },
		{ "TIDE TABLES PART XIV | SPRING", MARK_STRONG, "TIDE TABLES",
			14, 0, "SPRING", "PART XIV" },
		{ "Tide tables | 3 | Spring", MARK_STRONG, "Tide tables", 3,
			0, "Spring", "3" },
		{ "潮汐连载（十一）｜春", MARK_STRONG, "潮汐", 11, 0, "春",
			"（十一）" },
		{ "潮汐（二）", MARK_STRONG, "潮汐", 2, 0, "", "（二）" },
		{ "潮汐 第 １２ 期　春", MARK_STRONG, "潮汐", 12, 0, "春",
			"第 １２ 期" },
		{ "潮汐之二十三：春", MARK_STRONG, "潮汐", 23, 0, "春",
			"之二十三" },
		{ "潮汐（中）｜春", MARK_STRONG, "潮汐", 2, 0, "春",
			"（中）" },
		{ "潮汐第一百零五回", MARK_STRONG, "潮汐", 105, 0, "",
			"第一百零五回" },
		{ "潮汐㊀丨春", MARK_STRONG, "潮汐", 1, 0, "春", "㊀" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		check(&cases[i]);
}

static void
seasons(void **state)
{
	static const char *const titles[] = { "Tide tables S02E05 | Spring",
		"Tide tables, Season 2, Episode 5: Spring",
		"潮汐第二季第五集：春", "潮汐（第二季 第五集）春" };
	struct mark m;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(titles); i++) {
		series_parse_title(slice_str(titles[i]), &arena, &m);
		assert_int_equal(m.strength, MARK_STRONG);
		assert_int_equal(m.season, 2);
		assert_int_equal(m.number, 5);
		assert_int_equal(mark_place(&m), 2005);
	}
}

static void
weak_marks(void **state)
{
	static const struct expect cases[] = {
		{ "Tide tables 2 | Spring", MARK_WEAK, "Tide tables", 2, 0,
			"Spring", "2" },
		{ "Tide tables 2", MARK_WEAK, "Tide tables", 2, 0, "", "2" },
		{ "潮汐2｜春", MARK_WEAK, "潮汐", 2, 0, "春", "2" },
		{ "Tide tables | Spring", MARK_WEAK, "Tide tables", 0, 0,
			"Spring", "" },
		{ "Tide tables 4/4: Spring", MARK_WEAK, "Tide tables", 4, 4,
			"Spring", "4/4" },
		{ "Behind the door, No. 10", MARK_WEAK, "Behind the door", 10,
			0, "", "No. 10" },
		{ "世上最长的桥之一", MARK_WEAK, "世上最长的桥", 1, 0, "",
			"之一" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		check(&cases[i]);
}

static void
no_marks(void **state)
{
	static const char *const titles[] = {
		"",
		"②",
		"② | Spring",
		"Tide ① and ebb ②",
		"Remembering 9/11: a city",
		"After 7/7: a city",
		"On 3/4: a march",
		"Live at 12:30:45 from the pier",
		"Part 2 of the plan",
		"The city opens Part 2 of the plan",
		"The third party: a portrait",
		"There is no 3: a portrait",
		"[Issue #4] Page not found",
		"Chapter 11: how firms fail",
		"Part 2, Chapter 3: Spring",
		"Tide tables 2024: Spring",
		"Tide tables (2024): Spring",
		"Tide tables (part 9 of 3)",
		"第三产业：新的起点",
		"他第三回来上海",
		"第二十届会议：开幕",
		"A (1): Spring",
		"State-of-the-art - and what then",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(titles); i++) {
		struct expect none = { .title = titles[i] };

		check(&none);
	}
}

/* A title of any bytes ends, and says nothing that is not in it. */
static void
hostile_titles(void **state)
{
	static const char *const units[] = { "(", "|", "① ", "第一", "part 1 ",
		"1/2 ", "—", "之", "一百零", "零", "- ", "[a#", "\xff", "，" };
	struct mark m;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		struct buf b = BUF_INIT(1 << 20);

		while (b.len < 990)
			buf_put_str(&b, units[i]);
		series_parse_title(buf_slice(&b), &arena, &m);
		assert_true(m.headline.len <= b.len);
		while (b.len < 1000000)
			buf_put_str(&b, units[i]);
		series_parse_title(buf_slice(&b), &arena, &m);
		assert_int_equal(m.strength, MARK_NONE);
		buf_done(&b);
		arena_reset(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(all_cases_of_the_table, reset),
		cmocka_unit_test_teardown(more_cases, reset),
		cmocka_unit_test_teardown(strong_marks, reset),
		cmocka_unit_test_teardown(seasons, reset),
		cmocka_unit_test_teardown(weak_marks, reset),
		cmocka_unit_test_teardown(no_marks, reset),
		cmocka_unit_test_teardown(hostile_titles, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
