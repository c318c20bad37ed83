/*
 * The target "webhook": requests, what each event holds, what no event may
 * hold, and what answers mean.
 *
 *	push_webhook --events
 *
 * prints events of all kinds, one on a line, for tests/push/test_events.py,
 * which holds them against the schema.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#include "feed_kit.h"
#include "push/target.h"
#include "push/webhook.h"

#define SHARED "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define PRIVATE "whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk="

enum { MANY = 64 * 1024 };

static struct channel channels[] = {
	{ .kind = CHANNEL_TOPIC, .key = S_INIT("secret"), .is_private = true },
	{ .kind = CHANNEL_SERIES, .key = S_INIT("bridges"),
		.title = S_INIT("Bridges of the Bay") },
};
static const struct feed in[] = {
	{ .kind = CHANNEL_ALL, .slug = S_INIT("all") },
	{ .kind = CHANNEL_SERIES, .slug = S_INIT("bridges"),
		.title = S_INIT("Bridges") },
	{ .kind = CHANNEL_TOPIC, .slug = S_INIT("\xe6\xa1\xa5"),
		.title = S_INIT("\xe6\xa1\xa5") },
};
static struct feed feed = { .kind = CHANNEL_SERIES, .slug = S_INIT("bridges"),
	.uid = S_INIT("tag:example.org,2024:series/bridges"),
	.title = S_INIT("Bridges"), .entries = 2 };
static int parts[] = { 1, 3 }, missing[] = { 2, 4 };
static const struct series_info series = { .parts = parts, .n_parts = 2,
	.missing = missing, .n_missing = 2, .total = 4 };
static struct slice names[] = { S_INIT("one"), S_INIT("two") };

/* A delivery, and what it points to. */
struct world {
	struct config config;
	struct webhook_conf conf;
	struct target target;
	struct entry entry;
	struct credential credentials[2];
	struct delivery d;
};

static struct world w;

static const struct target_ops *
ops(void)
{
	return push_target_find(S("webhook"));
}

static int
begin(void **state)
{
	(void)state;
	w = (struct world){
		.config = kit_config(),
		.conf = { .url = S("https://app.example.org/hook"),
			.secrets = names, .n_secrets = 1 },
		.target = { .ops = ops(), .name = S("app"),
			.conf = &w.conf },
		.entry = kit_entry(),
		.credentials = { { .name = S("one"), .secret =
			secret_of(S(SHARED)) }, { .name = S("two"),
			.secret = secret_of(S(PRIVATE)) } },
	};
	w.config.channels = channels;
	w.config.n_channels = COUNT_OF(channels);
	w.d = (struct delivery){ .config = &w.config, .target = &w.target,
		.revision = 3, .seq = 118, .id = S("dlv_1"), .attempt = 1,
		.at = 1715760061, .now_ms = 1715760062500,
		.credentials = w.credentials, .n_credentials = 2,
		.entry = &w.entry, .channels = in,
		.n_channels = COUNT_OF(in) };
	return 0;
}

static int
end(void **state)
{
	for (size_t i = 0; i < COUNT_OF(w.credentials); i++)
		secret_free((struct secret *)(uintptr_t)
			w.credentials[i].secret);
	return kit_forget(state);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

/* ---- requests ---- */

static struct slice
header(const struct request *q, const char *name)
{
	for (size_t i = 0; i < q->n_headers; i++) {
		struct slice line = slice_str(q->headers[i]);

		if (slice_starts(line, slice_str(name)))
			return slice_from(line, strlen(name) + 2);
	}
	return S("");
}

static struct request
composed(void)
{
	struct request q;
	struct err e;

	if (push_compose(&w.d, &kit_arena, &q, &e) < 0)
		fail_msg("%s", e.text);
	q.body = arena_copy(&kit_arena, q.body);
	request_done(&q);
	return q;
}

static void
attempts_differ_in_time_and_signature_only(void **state)
{
	struct request first = composed(), again = composed(), later;

	(void)state;
	w.d.now_ms += 90000;
	w.d.attempt = 2;
	later = composed();
	assert_true(slice_eq(header(&first, "webhook-signature"),
		header(&again, "webhook-signature")));
	assert_true(slice_eq(first.body, later.body));
	assert_true(slice_eq(header(&later, "webhook-id"), S("dlv_1")));
	assert_true(slice_eq(header(&later, "webhook-timestamp"),
		S("1715760152")));
	assert_false(slice_eq(header(&first, "webhook-signature"),
		header(&later, "webhook-signature")));
	assert_true(first.repeatable);
	assert_true(slice_eq(header(&first, "Content-Type"),
		S("application/json")));
}

static void
every_secret_signs(void **state)
{
	struct slice rest, one, two;
	struct request q;

	(void)state;
	w.conf.n_secrets = 2;
	q = composed();
	rest = header(&q, "webhook-signature");
	assert_true(slice_next_field(&rest, ' ', &one));
	assert_true(slice_next_field(&rest, ' ', &two));
	assert_int_equal(rest.len, 0);
	assert_true(slice_starts(one, S("v1,")));
	assert_true(slice_starts(two, S("v1a,")));
}

static void
no_signature_is_printed(void **state)
{
	struct buf b = BUF_INIT(MANY);
	struct request q = composed();

	(void)state;
	request_print_masked(&q, &b);
	assert_true(slice_find(kit_keep(&b), S("webhook-signature: ***\n"), 0)
		> 0);
}

static void
a_bad_credential_holds_the_target(void **state)
{
	struct slice other = S("three");
	struct request q;
	struct err e = { 0 };

	(void)state;
	w.conf.secrets = &other;
	assert_int_equal(push_compose(&w.d, &kit_arena, &q, &e), -1);
	request_done(&q);
	assert_int_equal(e.kind, ERR_CONFIG);
	w.conf.secrets = names;
	secret_free((struct secret *)(uintptr_t)w.credentials[0].secret);
	w.credentials[0].secret = secret_of(S("password"));
	assert_int_equal(push_compose(&w.d, &kit_arena, &q, &e), -1);
	request_done(&q);
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_non_null(strstr(e.text, "\"one\""));
	assert_null(strstr(e.text, "password"));
}

/* ---- events ---- */

/* The event as JSON; the caller gives it back. */
static json_t *
event(void)
{
	struct request q = composed();
	json_error_t wrong;
	json_t *o = json_loadb(q.body.ptr, q.body.len, JSON_REJECT_DUPLICATES,
		&wrong);

	if (!o)
		fail_msg("%s in\n%.*s", wrong.text, ARG(q.body));
	return o;
}

/* The text at a path like "data.article.channels.1.title"; "": none. */
static struct slice
at(const json_t *o, const char *path)
{
	struct slice rest = slice_str(path), key;

	while (o && slice_next_field(&rest, '.', &key)) {
		int64_t n = slice_number(key, 1000);

		o = n >= 0 ? json_array_get(o, (size_t)n) :
			json_object_get(o, arena_copy(&kit_arena, key).ptr);
	}
	if (json_is_integer(o))
		return arena_printf(&kit_arena, "%lld",
			(long long)json_integer_value(o));
	if (json_is_boolean(o))
		return json_is_true(o) ? S("yes") : S("no");
	if (!o)
		return S("");
	return arena_copy(&kit_arena, slice_str(json_is_string(o) ?
		json_string_value(o) : "something"));
}

struct says { const char *path, *text; };

static void
assert_says(const struct says *list, size_t n)
{
	json_t *o = event();

	for (size_t i = 0; i < n; i++)
		if (!slice_eq(at(o, list[i].path), slice_str(list[i].text)))
			fail_msg("%s is \"%.*s\", not \"%s\"", list[i].path,
				ARG(at(o, list[i].path)), list[i].text);
	json_decref(o);
}

#define SAYS(...) do { \
	static const struct says list[] = { __VA_ARGS__ }; \
	assert_says(list, COUNT_OF(list)); \
} while (0)

static void
an_article_has_everything(void **state)
{
	(void)state;
	w.entry.fields.correction = S("It is red.");
	w.entry.fields.urgent = SAID_YES;
	SAYS({ "type", "article.published" }, { "version", "1" },
		{ "timestamp", "2024-05-15T08:01:01Z" },
		{ "data.seq", "118" }, { "data.action", "published" },
		{ "data.article.id", "tag:example.org,2024:a" },
		{ "data.article.url", "https://www.example.org/articles/a" },
		{ "data.article.language", "zh-Hans" },
		{ "data.article.revision", "3" },
		{ "data.article.series.name", "Bridges" },
		{ "data.article.series.part", "3" },
		{ "data.article.authors.0.name", "Ann & Co" },
		{ "data.article.contributors.0.role", "editor" },
		{ "data.article.credits.1.name", "Di" },
		{ "data.article.attachments.0.credit", "Cy" },
		{ "data.article.attachments.0.width", "640" },
		{ "data.article.correction", "It is red." },
		{ "data.article.urgent", "yes" },
		{ "data.article._gazetted", "" },
		{ "data.article.channels.1.title", "Bridges of the Bay" },
		{ "data.article.channels.1.kind", "series" },
		{ "data.article.channels.2.changes_url",
			"https://www.example.org/feeds/topics/%E6%A1%A5/"
			"changes.json" });
}

static void
actions_are_events(void **state)
{
	static const char *const types[ACTION_COUNT] = {
		"article.published", "article.updated", "article.updated",
		"article.corrected", "article.withdrawn", "article.published",
	};

	(void)state;
	for (int i = 0; i < ACTION_COUNT; i++) {
		json_t *o;

		w.d.action = i;
		o = event();
		assert_true(slice_eq(at(o, "type"), slice_str(types[i])));
		assert_true(slice_eq(at(o, "data.action"),
			delivery_action_name(i)));
		json_decref(o);
	}
}

static void
a_withdrawal_says_nothing_of_what_it_was(void **state)
{
	struct request q;

	(void)state;
	w.entry.state = STATE_WITHDRAWN;
	w.d.action = ACTION_WITHDRAWN;
	q = composed();
	assert_int_equal(slice_find(q.body, S("Three"), 0), -1);
	assert_int_equal(slice_find(q.body, S("summary"), 0), -1);
	SAYS({ "data.article.id", "tag:example.org,2024:a" },
		{ "data.article.url", "https://www.example.org/articles/a" });
}

static void
a_series_tells_its_parts(void **state)
{
	(void)state;
	w.d.subject = DELIVER_FEED;
	w.d.feed = &feed;
	w.d.series = &series;
	w.d.entry = NULL;
	SAYS({ "type", "series.updated" },
		{ "data.series.name", "Bridges of the Bay" },
		{ "data.series.articles", "2" }, { "data.series.parts.1", "3" },
		{ "data.series.missing.0", "2" }, { "data.series.total", "4" },
		{ "data.series.complete", "no" },
		{ "data.series.feed_url",
			"https://www.example.org/feeds/series/bridges.json" });
	w.d.series = NULL;
	SAYS({ "data.series.name", "Bridges of the Bay" },
		{ "data.series.parts", "" });
}

static void
a_ping_says_who(void **state)
{
	(void)state;
	w.d.subject = DELIVER_PING;
	w.d.entry = NULL;
	SAYS({ "type", "ping" }, { "data.target", "app" },
		{ "data.site.url", "https://www.example.org/" });
}

/* ---- what nobody may have ---- */

static void
nothing_private_is_named(void **state)
{
	struct topic topics[] = { { S("secret"), S("Hush") },
		{ S("gba"), S("Bay") } };
	struct request q;

	(void)state;
	w.entry.topics = topics;
	w.entry.n_topics = COUNT_OF(topics);
	channels[1].is_private = true;
	w.d.n_channels = 1;
	q = composed();
	channels[1].is_private = false;
	assert_int_equal(slice_find(q.body, S("secret"), 0), -1);
	assert_int_equal(slice_find(q.body, S("Hush"), 0), -1);
	assert_int_equal(slice_find(q.body, S("series"), 0), -1);
	assert_true(slice_find(q.body, S("\"slug\":\"gba\""), 0) > 0);
	/* The delivery's own is as it was. */
	assert_true(slice_eq(topics[0].slug, S("secret")));
	assert_true(w.entry.series_id != 0);
}

#define PICTURE "<p>Text</p><figure><img src=\"https://www.example.org/media" \
	"/ab.jpg\" alt=\"\"></figure>"

static void
others_get_what_they_may_take(void **state)
{
	static const struct {
		enum syndication target, article, picture;
		bool text, image;
	} cases[] = {
		{ SYNDICATION_UNSAID, SYNDICATION_NONE, SYNDICATION_NONE,
			true, true },
		{ SYNDICATION_FULL, SYNDICATION_UNSAID, SYNDICATION_UNSAID,
			true, true },
		{ SYNDICATION_FULL, SYNDICATION_UNSAID, SYNDICATION_NONE,
			true, false },
		{ SYNDICATION_FULL, SYNDICATION_TEXT_ONLY, SYNDICATION_UNSAID,
			true, false },
		{ SYNDICATION_FULL, SYNDICATION_NONE, SYNDICATION_FULL,
			false, false },
		{ SYNDICATION_TEXT_ONLY, SYNDICATION_UNSAID,
			SYNDICATION_UNSAID, true, false },
		{ SYNDICATION_TEXT_ONLY, SYNDICATION_FULL,
			SYNDICATION_UNSAID, true, true },
		{ SYNDICATION_NONE, SYNDICATION_UNSAID, SYNDICATION_UNSAID,
			false, false },
		{ SYNDICATION_NONE, SYNDICATION_TEXT_ONLY, SYNDICATION_FULL,
			true, true },
	};
	struct media media = w.entry.media[0];

	(void)state;
	w.entry.html = S(PICTURE);
	w.entry.media = &media;
	w.entry.n_media = 1;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct request q;

		w.conf.syndication = cases[i].target;
		w.entry.fields.syndication = cases[i].article;
		media.syndication = cases[i].picture;
		q = composed();
		if ((slice_find(q.body, S("<p>Text"), 0) > 0) !=
			cases[i].text || (slice_find(q.body, S("ab.jpg"), 0) >
			0) != cases[i].image)
			fail_msg("case %zu: %.*s", i, ARG(q.body));
	}
}

static void
content_may_be_less(void **state)
{
	(void)state;
	w.conf.content = CONTENT_SUMMARY;
	SAYS({ "data.article.content_html", "" },
		{ "data.article.summary", "A <summary> & more." });
	w.conf.content = CONTENT_TITLE;
	SAYS({ "data.article.content_html", "" },
		{ "data.article.summary", "" },
		{ "data.article.title", "Bridges \xe2\x91\xa2 | Three & "
			"more" });
}

/* ---- what is wanted ---- */

static void
events_are_chosen(void **state)
{
	struct slice chosen[] = { S("article.withdrawn"),
		S("series.updated") };
	struct feed all = { .kind = CHANNEL_ALL, .slug = S("all") };

	(void)state;
	assert_true(push_wants(&w.d));
	w.conf.events = chosen;
	w.conf.n_events = COUNT_OF(chosen);
	assert_false(push_wants(&w.d));
	w.d.action = ACTION_WITHDRAWN;
	assert_true(push_wants(&w.d));
	w.d.subject = DELIVER_FEED;
	w.d.feed = &feed;
	assert_true(push_wants(&w.d));
	w.d.feed = &all;
	assert_false(push_wants(&w.d));
	w.conf.n_events = 0;
	assert_false(push_wants(&w.d));
	w.conf.n_events = 1;
	w.d.subject = DELIVER_PING;
	assert_true(push_wants(&w.d));
	w.d.subject = DELIVER_TOPIC;
	assert_false(push_wants(&w.d));
}

static const struct setting *
word(const char *name)
{
	const struct setting *s = ops()->settings;

	while (strcmp(s->name, name) != 0)
		s++;
	return s;
}

static void
an_unknown_event_is_a_fault(void **state)
{
	struct err e = { 0 };

	(void)state;
	for (size_t i = 0; webhook_events[i]; i++)
		assert_int_equal(word("events")->check(slice_str(
			webhook_events[i]), &e), 0);
	assert_int_equal(word("events")->check(S("article.publish"), &e), -1);
	assert_string_equal(e.hint, "Did you mean \"article.published\"?");
	assert_int_equal(word("events")->check(S("everything"), &e), -1);
	assert_true(word("secrets")->required);
	assert_int_equal(word("secrets")->check(S("/etc/secret"), &e), -1);
}

/* ---- answers ---- */

static void
only_what_is_final_ends_it(void **state)
{
	static const struct { int status; enum verdict_kind kind; } cases[] = {
		{ 200, VERDICT_DONE }, { 202, VERDICT_DONE },
		{ 204, VERDICT_DONE }, { 299, VERDICT_DONE },
		{ 301, VERDICT_HOLD }, { 307, VERDICT_HOLD },
		{ 400, VERDICT_RETRY }, { 401, VERDICT_AUTH },
		{ 403, VERDICT_RETRY }, { 404, VERDICT_RETRY },
		{ 408, VERDICT_RETRY }, { 410, VERDICT_HOLD },
		{ 413, VERDICT_REJECT }, { 422, VERDICT_RETRY },
		{ 425, VERDICT_RETRY }, { 429, VERDICT_RETRY },
		{ 500, VERDICT_RETRY }, { 502, VERDICT_RETRY },
		{ 503, VERDICT_RETRY }, { 504, VERDICT_RETRY },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct response r = { .a = &kit_arena,
			.status = cases[i].status, .retry_after_ms = 7000 };
		struct request q = composed();
		struct err e = { 0 };
		struct verdict v = push_judge(&w.d, &q, &r, &e);

		if (v.kind != cases[i].kind)
			fail_msg("%d is %.*s", r.status,
				ARG(verdict_name(v.kind)));
		if (v.kind == VERDICT_RETRY)
			assert_int_equal(v.wait_ms, 7000);
	}
}

/* ---- for the schema ---- */

static void
print_event(void)
{
	struct request q = composed();

	printf("%.*s\n", ARG(q.body));
}

static void
print_articles(void)
{
	struct entry rich = w.entry;
	struct entry bare = { .article_id = 1, .uid = S("tag:x,2024:1"),
		.slug = S("x"), .path = S("x.txt") };

	rich.fields.correction = S("It is <red>.");
	rich.fields.source = rich.fields.section = S("Wire");
	rich.fields.urgent = SAID_YES;
	rich.fields.short_title = rich.headline = S("Three");
	for (int i = 0; i < ACTION_COUNT; i++)
		for (int k = 0; content_words[k]; k++)
			for (int m = 0; syndication_words[m]; m++) {
				w.d.action = i;
				w.conf.content = k;
				w.conf.syndication = m;
				w.entry = rich;
				w.d.n_channels = COUNT_OF(in);
				print_event();
				w.entry = bare;
				w.d.n_channels = 0;
				print_event();
			}
}

static int
print_events(void)
{
	begin(NULL);
	print_articles();
	w.d.entry = NULL;
	w.d.subject = DELIVER_FEED;
	w.d.feed = &feed;
	print_event();
	w.d.series = &series;
	print_event();
	w.d.subject = DELIVER_PING;
	w.d.seq = 0;
	print_event();
	end(NULL);
	return kit_done(NULL);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(attempts_differ_in_time_and_signature_only),
		TEST(every_secret_signs),
		TEST(no_signature_is_printed),
		TEST(a_bad_credential_holds_the_target),
		TEST(an_article_has_everything),
		TEST(actions_are_events),
		TEST(a_withdrawal_says_nothing_of_what_it_was),
		TEST(a_series_tells_its_parts),
		TEST(a_ping_says_who),
		TEST(nothing_private_is_named),
		TEST(others_get_what_they_may_take),
		TEST(content_may_be_less),
		TEST(events_are_chosen),
		TEST(an_unknown_event_is_a_fault),
		TEST(only_what_is_final_ends_it),
	};

	if (argc > 1 && strcmp(argv[1], "--events") == 0)
		return print_events();
	return cmocka_run_group_tests(tests, NULL, kit_done);
}
