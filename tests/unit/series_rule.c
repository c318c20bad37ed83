/*
 * Rules: words, scripts, and the tree of any, all and not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/fold.h"
#include "series/rule.h"

static struct arena arena;

static int
reset(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static struct person people[] = {
	{ S_INIT("Guo Chuhua"), ROLE_AUTHOR },
	{ S_INIT("Nan"), ROLE_EDITOR },
};

static struct slice article_tags[] = { S_INIT("Ports & Ships") };

static const struct article article = {
	.title = S_INIT("Élan in the Greater\u00a0Bay Area"),
	.text = S_INIT("The GBA grows.\n大湾区GBA建设 is its name; naïve."),
	.lang = S_INIT("zh-Hant"),
	.people = people,
	.n_people = 2,
	.fields = { .tags = article_tags, .n_tags = 1 },
};

static bool
match(const struct rule *r)
{
	struct slice tags[] = { fold_key(S("Ports & Ships"), &arena) };
	struct subject s = { .article = &article, .arena = &arena,
		.tags = tags,
		.path = S("economy/2024/a.txt") };

	return rule_match(r, &s);
}

static bool
leaf(enum rule_kind kind, const char *text)
{
	bool words = kind == RULE_TITLE || kind == RULE_BODY;
	bool key = kind == RULE_TAG || kind == RULE_AUTHOR;
	struct slice texts[] = { S("no such words"), words ?
		slice_trim(fold_words(slice_str(text), &arena)) : key ?
		fold_key(slice_str(text), &arena) : slice_str(text) };
	struct rule r = { .kind = kind, .texts = texts, .n_texts = 2 };

	return match(&r);
}

static void
words(void **state)
{
	(void)state;
	assert_true(leaf(RULE_BODY, "GBA"));
	assert_true(leaf(RULE_BODY, "gba"));
	assert_true(leaf(RULE_BODY, "GBA grows"));
	assert_true(leaf(RULE_BODY, "grows. 大"));
	assert_true(leaf(RULE_BODY, "湾区"));
	assert_true(leaf(RULE_BODY, "NAÏVE"));
	assert_false(leaf(RULE_BODY, "BA"));
	assert_false(leaf(RULE_BODY, "GB"));
	assert_false(leaf(RULE_BODY, "grow"));
	assert_false(leaf(RULE_BODY, "nave"));
	assert_false(leaf(RULE_BODY, "na"));
	assert_false(leaf(RULE_BODY, ""));
	assert_true(leaf(RULE_TITLE, "greater bay area"));
	assert_true(leaf(RULE_TITLE, "éLAN"));
	assert_true(leaf(RULE_TITLE, " area "));
	assert_false(leaf(RULE_TITLE, "GBA"));
}

static void
facts(void **state)
{
	(void)state;
	assert_true(leaf(RULE_AUTHOR, "guo  chuhua"));
	assert_false(leaf(RULE_AUTHOR, "Guo"));
	assert_false(leaf(RULE_AUTHOR, "Nan"));
	assert_true(leaf(RULE_PATH, "economy/"));
	assert_false(leaf(RULE_PATH, "2024/"));
	assert_true(leaf(RULE_LANGUAGE, "zh"));
	assert_true(leaf(RULE_LANGUAGE, "ZH-hant"));
	assert_false(leaf(RULE_LANGUAGE, "z"));
	assert_false(leaf(RULE_LANGUAGE, "zh-Hant-HK"));
	assert_false(leaf(RULE_TAG, "gba"));
	assert_true(leaf(RULE_TAG, "ports ships"));
	assert_false(leaf(RULE_TAG, "ports"));
}

static void
trees(void **state)
{
	struct slice yes = S("gba"), no = S("nothing");
	struct rule holds = { .kind = RULE_BODY, .texts = &yes,
		.n_texts = 1 };
	struct rule fails = { .kind = RULE_BODY, .texts = &no, .n_texts = 1 };
	struct rule both[] = { fails, holds };
	struct rule r = { .rules = both, .n_rules = 2 };
	struct rule outer = { .kind = RULE_ALL, .rules = &r, .n_rules = 1 };

	(void)state;
	r.kind = RULE_ANY;
	assert_true(match(&r));
	r.kind = RULE_ALL;
	assert_false(match(&r));
	r.kind = RULE_NOT;
	assert_false(match(&r));
	r.n_rules = 1;
	assert_true(match(&r));
	assert_true(match(&outer));
	both[0] = holds;
	assert_false(match(&r));
	assert_false(match(&outer));
	r.kind = RULE_ALL;
	assert_true(match(&outer));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(words, reset),
		cmocka_unit_test_teardown(facts, reset),
		cmocka_unit_test_teardown(trees, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
