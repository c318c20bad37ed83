/*
 * The voice: templates, what gives way, an article's own words, addresses,
 * hashtags, and what is done when.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "assert_slice.h"
#include "feed_kit.h"
#include "push/quiet.h"
#include "push/voice.h"

static struct slice hashtags[] = { S_INIT("GreaterBayArea"),
	S_INIT("zh \u5927\u6e7e\u533a"), S_INIT("zh \u7ca4\u6e2f\u6fb3") };
static struct channel channel = { .kind = CHANNEL_TOPIC,
	.name = S_INIT("gba"), .key = S_INIT("gba"), .hashtags = hashtags,
	.n_hashtags = COUNT_OF(hashtags) };

/* A delivery, and what it points to. */
static struct world {
	struct config config;
	struct target target;
	struct entry entry;
	struct voice_conf conf;
	struct delivery d;
	struct fit fit;
} w;

static int
open_world(void **state)
{
	(void)state;
	w = (struct world){ .config = kit_config(),
		.target.name = S("x"),
		.entry = kit_entry(),
		.conf = { .template = S("{headline}"), .hashtags = 3 },
		.fit = { FIT_CODE_POINT, 280, 0 } };
	w.config.site.name = S("The News");
	w.entry.headline = S("Three & more");
	w.d = (struct delivery){ .config = &w.config, .target = &w.target,
		.entry = &w.entry };
	return 0;
}

#define VOICE_TEST(f) cmocka_unit_test_setup_teardown(f, open_world, kit_forget)

static struct slice
said(void)
{
	struct slice ret;
	struct err e;

	if (voice_put(&w.conf, &w.d, &w.fit, 1, &kit_arena, &ret, &e) < 0)
		fail_msg("%s", e.text);
	return ret;
}

static void
check_said(const char *template, const char *want)
{
	w.conf.template = slice_str(template);
	assert_slice(said(), want);
}

static void
own_words(const char *target, enum said send, const char *text)
{
	static struct push_word word;

	word = (struct push_word){ slice_str(target), send, slice_str(text) };
	w.entry.fields.pushes = &word;
	w.entry.fields.n_pushes = 1;
}

/* ---- templates ---- */

static void
every_field_is_filled_in(void **state)
{
	(void)state;
	w.entry.fields.section = S("Science");
	w.entry.fields.correction = S("It is four.");
	check_said("{title}", "Bridges \u2462 | Three & more");
	check_said("{series} {part} | {headline}",
		"Bridges \u2462 | Three & more");
	check_said("{summary}", "A <summary> & more.");
	check_said("{url}", "https://www.example.org/articles/a");
	check_said("{credits}", "Ann & Co\u3001Cy\u3001Di\u3001Ed\u3001Tr");
	check_said("{section}: {correction} ({site})",
		"Science: It is four. (The News)");
	check_said("{nothing} { } {", "{nothing} { } {");
}

static void
what_is_empty_takes_its_surroundings_along(void **state)
{
	(void)state;
	w.entry.series_title = w.entry.part_label = S("");
	check_said("[{series} {part} | ]{headline}", "Three & more");
	check_said("[{section} [] no field]{headline}", "Three & more");
	check_said("[see] {headline} [", "[see] Three & more [");
	check_said("A\n\n{section}\n\nB", "A\n\nB");
	check_said("{section}\n{series}\n\nB\n\n\n\nC\n", "B\n\nC");
	check_said("{series}: {headline}", ": Three & more");
}

static void
one_field_gives_way(void **state)
{
	(void)state;
	w.entry.summary = S("One two three four five.");
	w.fit.max = 30;
	check_said("{headline}\n{summary}", "Three & more\nOne two three\u2026");
	check_said("{headline...}\n{part}{summary}",
		"Thre\u2026\n\u2462One two three four five.");
	/* Without a mark, and without a summary, it is the headline. */
	w.fit.max = 9;
	check_said("{part} {headline}", "\u2462 Three\u2026");
}

static void
a_field_that_is_cut_to_nothing_goes(void **state)
{
	(void)state;
	w.fit.max = 14;
	check_said("{headline}\n{summary...}\n{part}", "Three & more\n\u2462");
}

static void
what_does_not_fit_is_told(void **state)
{
	struct slice text;
	struct err e;

	(void)state;
	w.fit.max = 10;
	w.conf.template = S("{title}\n{summary...}");
	assert_int_equal(voice_put(&w.conf, &w.d, &w.fit, 1, &kit_arena,
		&text, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
	w.conf.template = S("{section}");
	assert_int_equal(voice_put(&w.conf, &w.d, &w.fit, 1, &kit_arena,
		&text, &e), -1);
	assert_int_equal(e.kind, ERR_REFUSED);
}

static void
wrong_templates_are_told(void **state)
{
	static const char *const list[] = { "{healine}", "{headline", "{}",
		"{summary...} {headline...}", "{ headline }" };
	struct err e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(list); i++) {
		assert_int_equal(voice_check_template(slice_str(list[i]), &e),
			-1);
		assert_true(e.hint[0] != '\0');
	}
	assert_int_equal(voice_check_template(S("[{part}] {summary...}\n{url}"
		" }"), &e), 0);
}

/* ---- an article's own words ---- */

static void
an_article_says_it_in_its_own_words(void **state)
{
	struct slice text;
	struct err e;

	(void)state;
	w.conf.template = S("{headline}\n{url}");
	own_words("x", SAID_NOTHING, "Look: {headline}");
	assert_slice(said(), "Look: Three & more\n"
		"https://www.example.org/articles/a");
	own_words("x", SAID_NOTHING, "{url} - look");
	assert_slice(said(), "https://www.example.org/articles/a - look");
	own_words("other", SAID_NOTHING, "Look");
	assert_slice(said(), "Three & more\n"
		"https://www.example.org/articles/a");
	own_words("all", SAID_NOTHING, "Look");
	assert_slice(said(), "Look\nhttps://www.example.org/articles/a");
	/* Nobody cuts them. */
	w.fit.max = 40;
	own_words("x", SAID_NOTHING, "Look at this: {summary}");
	assert_int_equal(voice_put(&w.conf, &w.d, &w.fit, 1, &kit_arena,
		&text, &e), -1);
	assert_int_equal(e.kind, ERR_LIMIT);
}

static void
the_nearest_word_for_a_target_counts(void **state)
{
	struct push_word list[] = { { S("all"), SAID_NO, S("") },
		{ S("x"), SAID_YES, S("") }, { S("x"), SAID_NO, S("") },
		{ S("all"), SAID_YES, S("") } };
	struct fields f = { .pushes = list, .n_pushes = 4 };

	(void)state;
	assert_int_equal(fields_push(&f, S("x"))->send, SAID_NO);
	assert_int_equal(fields_push(&f, S("y"))->send, SAID_YES);
	f.n_pushes = 1;
	assert_int_equal(fields_push(&f, S("y"))->send, SAID_NO);
	f.n_pushes = 0;
	assert_null(fields_push(&f, S("y")));
}

/* ---- addresses and hashtags ---- */

static void
addresses_tell_where_readers_come_from(void **state)
{
	struct err e;

	(void)state;
	w.conf.utm = S("utm_source=x&utm_medium=social");
	assert_slice(voice_url(&w.conf, &w.d, &kit_arena),
		"https://www.example.org/articles/a?utm_source=x"
		"&utm_medium=social");
	w.entry.fields.url = S("https://www.example.org/a?b=c#d");
	assert_slice(voice_url(&w.conf, &w.d, &kit_arena),
		"https://www.example.org/a?b=c&utm_source=x"
		"&utm_medium=social#d");
	w.entry.fields.url = S("https://elsewhere.example.net/a");
	assert_slice(voice_url(&w.conf, &w.d, &kit_arena),
		"https://elsewhere.example.net/a");
	assert_int_equal(voice_check_utm(w.conf.utm, &e), 0);
	assert_int_equal(voice_check_utm(S("a b"), &e), -1);
	assert_int_equal(voice_check_utm(S("a#b"), &e), -1);
}

static void
hashtags_are_those_of_the_language(void **state)
{
	(void)state;
	/* "Bay <Area>", and what the article adds. */
	check_said("{tags}", "#BayArea #GBA #rainWind");
	w.conf.hashtags = 2;
	check_said("{tags}", "#BayArea #GBA");
	w.config.channels = &channel;
	w.config.n_channels = 1;
	check_said("{tags}", "#\u5927\u6e7e\u533a #\u7ca4\u6e2f\u6fb3");
	w.entry.lang = S("en");
	check_said("{tags}", "#GreaterBayArea #GBA");
	channel.is_private = true;
	check_said("{tags}", "#GBA #rainWind");
	channel.is_private = false;
	w.conf.hashtags = 0;
	check_said("{part}\n{tags}", "\u2462");
}

/* ---- what is done ---- */

static enum voice_deed
deed(enum delivery_action action, const char *memo)
{
	w.d.action = action;
	w.d.memo = slice_str(memo);
	return voice_deed(&w.conf, &w.d);
}

static void
corrections_follow_the_policy(void **state)
{
	(void)state;
	assert_int_equal(deed(ACTION_PUBLISHED, ""), VOICE_POST);
	assert_int_equal(deed(ACTION_UPDATED, "7"), VOICE_NOTHING);
	assert_int_equal(deed(ACTION_MINOR, "7"), VOICE_NOTHING);
	assert_int_equal(deed(ACTION_CORRECTED, "7"), VOICE_EDIT);
	assert_int_equal(deed(ACTION_CORRECTED, ""), VOICE_NOTHING);
	assert_true(voice_wants(&w.conf, &w.d));
	w.conf.correction = VOICE_CORRECTION_NEW;
	assert_int_equal(deed(ACTION_CORRECTED, "7"), VOICE_POST);
	w.conf.correction = VOICE_CORRECTION_IGNORE;
	assert_int_equal(deed(ACTION_CORRECTED, "7"), VOICE_NOTHING);
	assert_false(voice_wants(&w.conf, &w.d));
	w.d.action = ACTION_UPDATED;
	assert_false(voice_wants(&w.conf, &w.d));
}

static void
what_is_taken_back_goes_and_may_return(void **state)
{
	(void)state;
	assert_int_equal(deed(ACTION_WITHDRAWN, "7"), VOICE_DELETE);
	assert_int_equal(deed(ACTION_WITHDRAWN, ""), VOICE_NOTHING);
	assert_int_equal(deed(ACTION_RESTORED, ""), VOICE_POST);
	assert_int_equal(deed(ACTION_RESTORED, "7"), VOICE_NOTHING);
	assert_true(voice_wants(&w.conf, &w.d));
	w.conf.withdrawal = VOICE_WITHDRAWAL_IGNORE;
	assert_int_equal(deed(ACTION_WITHDRAWN, "7"), VOICE_NOTHING);
	w.d.subject = DELIVER_PING;
	assert_true(voice_wants(&w.conf, &w.d));
}

/* ---- quiet hours ---- */

#define AT(hour, minute) (((hour) * 60 + (minute)) * INT64_C(60000))

static void
quiet_hours_end(void **state)
{
	const struct quiet night = { 23 * 60, 7 * 60 }, noon = { 720, 780 };
	const int64_t day = AT(24, 0);

	(void)state;
	assert_int_equal(quiet_end(&(struct quiet){ 0 }, 0, AT(3, 0)),
		AT(3, 0));
	assert_int_equal(quiet_end(&night, 0, day + AT(3, 0) + 1),
		day + AT(7, 0));
	assert_int_equal(quiet_end(&night, 0, day + AT(23, 0)),
		2 * day + AT(7, 0));
	assert_int_equal(quiet_end(&night, 0, day + AT(7, 0)),
		day + AT(7, 0));
	assert_int_equal(quiet_end(&night, 0, day + AT(22, 59)),
		day + AT(22, 59));
	assert_int_equal(quiet_end(&noon, 0, day + AT(12, 30)),
		day + AT(13, 0));
	/* In Hong Kong it is eight hours later, in New York five earlier. */
	assert_int_equal(quiet_end(&night, 480, day + AT(16, 0)),
		day + AT(23, 0));
	assert_int_equal(quiet_end(&night, -300, day + AT(4, 0)),
		day + AT(12, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		VOICE_TEST(every_field_is_filled_in),
		VOICE_TEST(what_is_empty_takes_its_surroundings_along),
		VOICE_TEST(one_field_gives_way),
		VOICE_TEST(a_field_that_is_cut_to_nothing_goes),
		VOICE_TEST(what_does_not_fit_is_told),
		VOICE_TEST(wrong_templates_are_told),
		VOICE_TEST(an_article_says_it_in_its_own_words),
		VOICE_TEST(the_nearest_word_for_a_target_counts),
		VOICE_TEST(addresses_tell_where_readers_come_from),
		VOICE_TEST(hashtags_are_those_of_the_language),
		VOICE_TEST(corrections_follow_the_policy),
		VOICE_TEST(what_is_taken_back_goes_and_may_return),
		VOICE_TEST(quiet_hours_end),
	};

	return cmocka_run_group_tests(tests, NULL, kit_done);
}
