/*
 * Access: which channel a feed is of, whose token opens it, and what may be
 * taken along.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/access.h"

enum { NOW = 1000 };

static struct slice sea[] = { S_INIT("sea"), S_INIT("tides") };
static struct channel channels[] = {
	{ .kind = CHANNEL_ALL, .key = S_INIT("all"), .name = S_INIT("all") },
	{ .kind = CHANNEL_TOPIC, .key = S_INIT("wire"), .is_private = true,
		.aliases = sea, .n_aliases = 1 },
	{ .kind = CHANNEL_TOPIC, .key = S_INIT("sea") },
	{ .kind = CHANNEL_SERIES, .key = S_INIT("tide-tables"),
		.slug = S_INIT("tt"), .is_private = true,
		.aliases = sea + 1, .n_aliases = 1 },
};
static struct config config = { .channels = channels,
	.n_channels = COUNT_OF(channels) };

static const struct channel *
find(enum channel_kind kind, const char *slug, const char *key)
{
	struct feed f = { .kind = kind, .slug = slice_str(slug),
		.key = slice_str(key) };

	return channel_of_feed(&config, &f);
}

static void
a_feed_is_found_by_any_of_its_names(void **state)
{
	(void)state;
	assert_ptr_equal(find(CHANNEL_ALL, "all", "all"), &channels[0]);
	assert_ptr_equal(find(CHANNEL_TOPIC, "wire", ""), &channels[1]);
	/* Another topic's alias: its own name comes first. */
	assert_ptr_equal(find(CHANNEL_TOPIC, "sea", ""), &channels[2]);
	assert_ptr_equal(find(CHANNEL_SERIES, "tt", ""), &channels[3]);
	assert_ptr_equal(find(CHANNEL_SERIES, "tide-tables", ""),
		&channels[3]);
	/* Merged: the older one's key is but an alias. */
	assert_ptr_equal(find(CHANNEL_SERIES, "x-2", "tides"), &channels[3]);
	assert_ptr_equal(find(CHANNEL_SERIES, "tide-tables-2",
		"tide-tables"), &channels[3]);
	assert_null(find(CHANNEL_SERIES, "wire", ""));
	assert_null(find(CHANNEL_TOPIC, "none", "none"));
}

static void
public_feeds_are_kept(void **state)
{
	struct feed list[] = {
		{ .id = 1, .kind = CHANNEL_TOPIC, .slug = S_INIT("wire") },
		{ .id = 2, .kind = CHANNEL_ALL, .slug = S_INIT("all") },
		{ .id = 3, .kind = CHANNEL_SERIES, .slug = S_INIT("tt") },
		{ .id = 4, .kind = CHANNEL_SERIES, .slug = S_INIT("other") },
	};

	(void)state;
	assert_true(config_has_private(&config));
	assert_int_equal(feeds_keep_public(&config, list, COUNT_OF(list)), 2);
	assert_int_equal(list[0].id, 2);
	assert_int_equal(list[1].id, 4);
}

static struct partner_token
token(const char *text, int64_t until)
{
	return (struct partner_token){ .hash = sha256_of(slice_str(text)),
		.until = until };
}

static struct slice
whose(const char *text)
{
	const struct partner *p = partner_of_token(&config, slice_str(text),
		NOW);

	return p ? p->name : S("nobody");
}

static void
tokens_are_of_one_partner_for_their_time(void **state)
{
	struct partner_token a[] = { token("old", NOW), token("now", NOW + 1),
		token("new", 0) };
	struct partner_token b[] = { token("gone", 0) };
	struct partner partners[] = {
		{ .name = S_INIT("A"), .tokens = a, .n_tokens = 3 },
		{ .name = S_INIT("B"), .tokens = b, .n_tokens = 1,
			.revoked = true },
		{ .name = S_INIT("C") },
	};
	char longer[CONFIG_TOKEN_MAX + 2];

	(void)state;
	config.partners = partners;
	config.n_partners = COUNT_OF(partners);
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	a[2] = token(longer, 0);
	assert_true(slice_eq(whose("old"), S("nobody")));
	assert_true(slice_eq(whose("now"), S("A")));
	assert_true(slice_eq(whose(longer), S("nobody")));
	assert_true(slice_eq(whose("gone"), S("nobody")));
	assert_true(slice_eq(whose(""), S("nobody")));
	assert_true(slice_eq(whose("Now"), S("nobody")));
	config.n_partners = 0;
}

static void
a_partner_reads_what_is_written_down(void **state)
{
	const struct channel *list[] = { &channels[1] };
	struct partner p = { .channels = list, .n_channels = 1 };

	(void)state;
	assert_true(partner_may_read(&p, &channels[1]));
	assert_false(partner_may_read(&p, &channels[3]));
}

static void
channels_take_what_they_may(void **state)
{
	static const struct {
		bool is_private;
		enum syndication channel, said;
		bool takes;
	} cases[] = {
		{ false, SYNDICATION_UNSAID, SYNDICATION_NONE, true },
		{ false, SYNDICATION_FULL, SYNDICATION_NONE, false },
		{ true, SYNDICATION_UNSAID, SYNDICATION_UNSAID, true },
		{ true, SYNDICATION_UNSAID, SYNDICATION_TEXT_ONLY, true },
		{ true, SYNDICATION_UNSAID, SYNDICATION_NONE, false },
		{ true, SYNDICATION_NONE, SYNDICATION_UNSAID, false },
		{ true, SYNDICATION_NONE, SYNDICATION_FULL, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct channel ch = { .is_private = cases[i].is_private,
			.syndication = cases[i].channel };

		assert_int_equal(channel_takes(&ch, cases[i].said),
			cases[i].takes);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_feed_is_found_by_any_of_its_names),
		cmocka_unit_test(public_feeds_are_kept),
		cmocka_unit_test(tokens_are_of_one_partner_for_their_time),
		cmocka_unit_test(a_partner_reads_what_is_written_down),
		cmocka_unit_test(channels_take_what_they_may),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
