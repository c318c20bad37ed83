/*
 * The configuration: each broken file gives exactly the faults beside it, and
 * what a good one says arrives in struct config.
 *
 * data/config/bad/NAME.yaml and NAME.faults are what an operator writes and
 * sees.  Messages name files as they were asked for, so the test stands in
 * their directory.
 */
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "assert_slice.h"
#include "base/file.h"
#include "base/path.h"
#include "daemon/config_load.h"
#include "daemon/config_read.h"
#include "daemon/config_targets.h"
#include "daemon/config_words.h"
#include "push/target.h"

#define DATA TESTS_DIR "/unit/data/config"
#define LEAST "site: { url: \"http://h/\" }\ncontent: [ { dir: /srv/a } ]\n"

static const struct config_defaults defaults = {
	.state_dir = "/var/lib/gazetted",
	.publish_dir = "/var/cache/gazetted/www",
	.control = "/run/gazetted/control.sock",
};

static struct slice
must_read(const char *path, struct arena *a)
{
	struct slice s;
	struct err e;

	if (file_read(AT_FDCWD, path, 1024 * 1024, a, &s, &e) < 0)
		fail_msg("%s", e.text);
	return s;
}

/* What the operator sees of a broken configuration; "" when it is not. */
static struct slice
faults_of(const char *path, struct arena *a)
{
	CLEANUP(faults_done) struct faults f = { 0 };
	CLEANUP(buf_done) struct buf b = BUF_INIT(1024 * 1024);
	struct config *c = NULL;

	if (config_read(path, &defaults, &c, &f) == 0) {
		config_unref(c);
		return S("");
	}
	assert_null(c);
	assert_true(f.n > 0);
	faults_put(&f, &b);
	return arena_copy(a, buf_slice(&b));
}

/* The same for a text. */
static struct slice
faults_of_text(struct slice text, struct arena *a)
{
	CLEANUP(faults_done) struct faults f = { 0 };
	CLEANUP(buf_done) struct buf b = BUF_INIT(1024 * 1024);
	struct config *c = NULL;

	if (config_read_text("text.yaml", text, &defaults, &c, &f) == 0) {
		config_unref(c);
		return S("");
	}
	faults_put(&f, &b);
	return arena_copy(a, buf_slice(&b));
}

static void
assert_holds(struct slice text, const char *what)
{
	if (slice_find(text, slice_str(what), 0) < 0)
		fail_msg("\"%s\" is not in:\n%.*s", what, ARG(text));
}

static struct config *
must_config(const char *path)
{
	CLEANUP(faults_done) struct faults f = { 0 };
	CLEANUP(buf_done) struct buf b = BUF_INIT(1024 * 1024);
	struct config *c = NULL;

	if (config_read(path, &defaults, &c, &f) < 0) {
		faults_put(&f, &b);
		fail_msg("%s", b.ptr);
	}
	return c;
}

static void
test_bad_files(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	size_t wrong = 0;
	glob_t files;

	(void)state;
	assert_int_equal(chdir(DATA "/bad"), 0);
	assert_int_equal(glob("*.yaml", 0, NULL, &files), 0);
	assert_true(files.gl_pathc > 20);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		const char *path = files.gl_pathv[i];
		struct slice stem = slice(path, strlen(path) - 5);
		struct slice want = must_read(arena_printf(&a, "%.*s.faults",
			ARG(stem)).ptr, &a);
		struct slice got = faults_of(path, &a);

		if (slice_eq(got, want))
			continue;
		print_error("%s: got\n%.*swanted\n%.*s", path, ARG(got),
			ARG(want));
		wrong++;
	}
	globfree(&files);
	assert_int_equal(wrong, 0);
}

static void
test_no_file(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };

	(void)state;
	assert_slice(faults_of("/nowhere/gazetted.yaml", &a),
		"/nowhere/gazetted.yaml: error: cannot open "
		"\"/nowhere/gazetted.yaml\": No such file or directory\n");
	assert_slice(faults_of("/", &a),
		"/: error: \"/\" is not a regular file\n");
}

static void
check_good_site(const struct config *c)
{
	assert_slice(c->site.name, "新闻 Newsroom");
	assert_slice(c->site.url, "https://news.example.org/base/");
	assert_slice(c->site.language, "zh-Hans");
	assert_slice(c->site.authority, "news.example.org,2024-05");
	assert_int_equal(c->site.zone_minutes, 480);
	assert_int_equal(c->site.n_hubs, 2);
	assert_slice(c->site.hubs[1], "http://hub.example.com/hub");
	/* "no" is a name where a text is expected, not a truth value. */
	assert_slice(c->site.follow.wechat, "no");
	assert_slice(c->site.follow.twitter, "@newsroom");
	assert_slice(c->site.follow.youtube, "");
}

/* The path as the reader gives it: "make distcheck" has ".." in DATA. */
static const char *
in_data(const char *path)
{
	static char full[PATH_MAX];
	char *data = realpath(DATA, NULL);

	assert_non_null(data);
	snprintf(full, sizeof(full), "%s%s", data, path);
	free(data);
	return full;
}

static void
check_good_roots(const struct config *c)
{
	assert_int_equal(c->n_roots, 2);
	assert_string_equal(c->roots[0].dir, "/srv/newsroom");
	assert_slice(c->roots[0].permalink, "/a/{stem}.html");
	assert_slice(c->roots[0].prefix, "");
	assert_int_equal(c->roots[0].poll_ms, 300000);
	assert_int_equal(c->roots[0].max_size, 512 * 1024);
	assert_int_equal(c->roots[0].on_delete, ON_DELETE_KEEP);
	assert_string_equal(c->roots[1].dir, in_data("/good/old"));
	assert_slice(c->roots[1].prefix, "archive");
	assert_int_equal(c->roots[1].poll_ms, 10000);
	assert_int_equal(c->roots[1].max_size, 4 * 1024 * 1024);
	assert_int_equal(c->roots[1].on_delete, ON_DELETE_DEFAULT);
	assert_string_equal(c->publish_dir, in_data("/www"));
	assert_string_equal(c->state_dir, "/srv/state");
	assert_string_equal(c->control, "/run/x/control.sock");
	assert_true(c->log_json);
}

static void
check_good_serve(const struct serve_conf *s)
{
	assert_int_equal(s->n_listen, 3);
	assert_slice(s->listen[2], "unix:/run/gazetted/http.sock");
	assert_int_equal(s->header_ms, 500);
	assert_int_equal(s->idle_ms, 60000);
	assert_int_equal(s->send_ms, 7200000);
	assert_int_equal(s->max_connections, 10);
	assert_int_equal(s->max_per_address, 5);
	assert_int_equal(s->cache_bytes, 1024 * 1024 * 1024);
}

static void
check_good_rule(const struct rule *r)
{
	assert_int_equal(r->kind, RULE_ANY);
	assert_int_equal(r->n_rules, 4);
	assert_int_equal(r->rules[3].kind, RULE_TITLE_MATCHES);
	assert_int_equal(r->rules[3].patterns.n, 1);
	assert_int_equal(r->rules[0].kind, RULE_TITLE);
	assert_int_equal(r->rules[0].n_texts, 2);
	assert_slice(r->rules[0].texts[1], "大湾区");
	assert_int_equal(r->rules[1].kind, RULE_ALL);
	assert_int_equal(r->rules[1].n_rules, 2);
	assert_int_equal(r->rules[1].rules[1].kind, RULE_NOT);
	assert_int_equal(r->rules[1].rules[1].rules[0].kind, RULE_LANGUAGE);
	assert_int_equal(r->rules[2].n_rules, 3);
	assert_int_equal(r->rules[2].rules[0].kind, RULE_PATH);
	assert_int_equal(r->rules[2].rules[1].kind, RULE_AUTHOR);
	assert_slice(r->rules[2].rules[2].texts[0], "7");
}

static void
check_good_series(const struct channel *ch)
{
	assert_int_equal(ch->n_aliases, 2);
	assert_slice(ch->aliases[0], "blue-villages");
	assert_slice(ch->aliases[1], "蓝镇");
	assert_int_equal(ch->total, 5);
	assert_int_equal(ch->parts.n, 1);
	assert_int_equal(ch->never.n, 2);
	assert_slice(pattern_text(ch->never.list[1]), "(?i)correction");
	assert_true(slice_ends(ch->file, S("1-series.yaml")));
	assert_int_equal(ch->line, 6);
}

static void
check_good_channels(const struct config *c)
{
	assert_int_equal(c->n_channels, 7);
	assert_int_equal(c->channels[0].kind, CHANNEL_ALL);
	assert_slice(c->channels[0].title, "Everything");
	assert_int_equal(c->channels[1].kind, CHANNEL_SERIES);
	assert_slice(c->channels[1].name, "Green Towns' 2024");
	assert_slice(c->channels[1].key, "green-towns-2024");
	assert_slice(c->channels[1].slug, "green");
	assert_slice(c->channels[2].key, "blue-towns");
	assert_slice(c->channels[2].slug, "");
	assert_null(c->channels[2].match);
	check_good_series(&c->channels[2]);
	assert_int_equal(c->channels[3].kind, CHANNEL_TOPIC);
	assert_slice(c->channels[3].key, "大湾区");
	assert_slice(c->channels[3].title, "Greater Bay Area");
	assert_int_equal(c->channels[3].n_aliases, 2);
	assert_slice(c->channels[3].aliases[0], "bay");
	assert_slice(c->channels[3].aliases[1], "greater-bay-area");
	check_good_rule(c->channels[3].match);
	assert_int_equal(c->no_series.n, 1);
	assert_ptr_equal(config_channel(c, CHANNEL_SERIES, S("蓝镇")),
		&c->channels[2]);
	assert_null(config_channel(c, CHANNEL_TOPIC, S("蓝镇")));
}

static void
check_good_partners(const struct config *c)
{
	const struct channel *wire = &c->channels[4];
	const struct partner *star = &c->partners[0];

	assert_true(wire->is_private && wire->is_exclusive);
	assert_int_equal(wire->syndication, SYNDICATION_TEXT_ONLY);
	assert_true(c->channels[5].is_private);
	assert_false(c->channels[5].is_exclusive || c->channels[3].is_private);
	assert_int_equal(c->n_partners, 2);
	assert_slice(star->name, "Daily Star");
	assert_int_equal(star->n_tokens, 2);
	assert_int_equal(star->tokens[0].until, 0);
	/* Midnight in the site's zone. */
	assert_int_equal(star->tokens[1].until, 1715702400);
	assert_int_equal(star->tokens[1].hash.bytes[0], 0xe3);
	assert_int_equal(star->n_channels, 2);
	assert_ptr_equal(star->channels[0], wire);
	assert_ptr_equal(star->channels[1], &c->channels[5]);
	assert_true(c->partners[1].revoked);
	assert_string_equal(c->private_dir, "/srv/state/private");
}

static void
check_good_app(const struct target *app)
{
	assert_slice(app->name, "app");
	assert_slice(app->type, "fail");
	assert_string_equal(app->ops->name, "fail");
	assert_int_equal(app->max_age_ms, 86400000);
	assert_int_equal(app->fuse.n, 10);
	assert_int_equal(app->fuse.ms, 600000);
	assert_int_equal(app->cap.n, 100);
	assert_int_equal(app->rate.n, 0);
	assert_int_equal(app->approval, APPROVAL_AUTO);
	assert_int_equal(app->line, 2);
	/* Its own list, and what channels say. */
	assert_int_equal(app->n_wants, 2);
	assert_slice(app->wants[0].key, "bay");
	assert_int_equal(app->wants[1].kind, CHANNEL_TOPIC);
	assert_slice(app->wants[1].key, "pushed");
}

static void
check_good_targets(const struct config *c)
{
	const struct target *all = &c->targets[1], *hub = &c->targets[2];

	assert_int_equal(c->n_targets, 4);
	check_good_app(&c->targets[0]);
	assert_slice(all->name, "all.of-it");
	assert_int_equal(all->n_wants, 3);
	assert_int_equal(all->wants[0].kind, CHANNEL_ALL);
	assert_slice(all->wants[1].key, "");
	assert_slice(all->wants[2].key, "green-towns-2024");
	assert_int_equal(all->fuse.n, 0);
	assert_int_equal(all->cap.ms, 86400000);
	assert_int_equal(all->rate.ms, 10000);
	assert_int_equal(all->approval, APPROVAL_DELAY);
	assert_int_equal(all->delay_ms, 300000);
	assert_slice(all->cover.name, "cover.gif");
	assert_string_equal(all->cover.type, "image/gif");
	assert_int_equal(all->cover.width, 2);
	assert_true(slice_starts(all->cover.bytes, S("GIF89a")));
	assert_int_equal(c->targets[0].cover.bytes.len, 0);
	assert_int_equal(all->pace.ms, 180000);
	assert_slice(all->languages[0], "zh");
	assert_slice(all->sections[0], "fine-arts");
	assert_int_equal(all->quiet.from, 23 * 60);
	assert_int_equal(all->quiet.to, 7 * 60 + 5);
	assert_true(all->quiet_drops);
	/* Those of hub.publish, which get everything. */
	assert_slice(hub[0].name, "hub-hub.example.net");
	assert_slice(hub[1].name, "hub-hub.example.com");
	assert_true(hub->is_hub);
	assert_int_equal(hub->n_wants, 0);
	assert_string_equal(hub->ops->name, "hub");
}

static void
test_good_file(void **state)
{
	struct config *c;

	(void)state;
	assert_int_equal(chdir(DATA "/good"), 0);
	c = must_config("good.yaml");
	assert_int_equal(c->refs, 1);
	check_good_site(c);
	check_good_roots(c);
	check_good_serve(&c->serve);
	check_good_channels(c);
	check_good_partners(c);
	check_good_targets(c);
	config_unref(c);
}

static void
test_presets(void **state)
{
	struct config *c;

	(void)state;
	c = must_config(DATA "/good/least.yaml");
	assert_slice(c->site.name, "127.0.0.1");
	assert_slice(c->site.url, "http://127.0.0.1:8080/");
	assert_slice(c->site.language, "en");
	assert_slice(c->site.authority, "");
	assert_int_equal(c->site.zone_minutes, 0);
	assert_int_equal(c->site.n_hubs, 0);
	assert_slice(c->roots[0].permalink, "/articles/{stem}");
	assert_int_equal(c->serve.n_listen, 1);
	assert_slice(c->serve.listen[0], "127.0.0.1:8080");
	assert_int_equal(c->serve.header_ms, 10000);
	assert_int_equal(c->serve.idle_ms, 15000);
	assert_int_equal(c->serve.send_ms, 30000);
	assert_int_equal(c->serve.max_connections, 4096);
	assert_int_equal(c->serve.max_per_address, 64);
	assert_int_equal(c->serve.cache_bytes, 64 * 1024 * 1024);
	assert_string_equal(c->state_dir, defaults.state_dir);
	assert_string_equal(c->publish_dir, defaults.publish_dir);
	assert_string_equal(c->control, defaults.control);
	assert_false(c->log_json);
	assert_int_equal(c->n_channels, 0);
	config_unref(c);
}

static void
test_control_beside_state(void **state)
{
	CLEANUP(faults_done) struct faults f = { 0 };
	struct config_defaults d = defaults;
	struct config *c;

	(void)state;
	d.control = NULL;
	assert_int_equal(config_read_text("t", S(LEAST "state: /srv/b\n"), &d,
		&c, &f), 0);
	assert_string_equal(c->control, "/srv/b/control.sock");
	config_unref(c);
}

static void
test_for_dir(void **state)
{
	struct config *c;
	struct err e;

	(void)state;
	assert_int_equal(config_for_dir(DATA "/good/../good", &defaults, &c,
		&e), 0);
	assert_string_equal(c->roots[0].dir, in_data("/good"));
	assert_int_equal(c->roots[0].poll_ms, 10000);
	assert_slice(c->site.name, "good");
	assert_slice(c->site.url, "http://127.0.0.1:8080/");
	assert_slice(c->serve.listen[0], "127.0.0.1:8080");
	config_unref(c);
	assert_int_equal(config_for_dir("/nowhere", &defaults, &c, &e), -1);
	assert_int_equal(e.kind, ERR_MISSING);
	assert_int_equal(config_for_dir("/dev/null", &defaults, &c, &e), -1);
	assert_string_equal(e.text, "\"/dev/null\" is not a directory");
}

/* A daemon must be found while its next configuration is half-written. */
static void
test_find_control(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	bool sure;

	(void)state;
	assert_string_equal(config_find_control(DATA "/good/good.yaml", &a,
		&sure), "/run/x/control.sock");
	assert_true(sure);
	assert_string_equal(config_find_control(DATA "/bad/state.yaml", &a,
		&sure), "/srv/www/state/control.sock");
	assert_false(sure);
	assert_null(config_find_control(DATA "/good/least.yaml", &a, &sure));
	assert_null(config_find_control(DATA "/bad/tab.yaml", &a, &sure));
	assert_null(config_find_control("/nowhere", &a, &sure));
}

/* ---- limits ---- */

static void
test_too_many_faults(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	CLEANUP(buf_done) struct buf b = BUF_INIT(64 * 1024);
	struct slice faults;

	(void)state;
	buf_put_str(&b, LEAST);
	for (int i = 0; i < 105; i++)
		buf_printf(&b, "unknown%d: 1\n", i);
	faults = faults_of_text(buf_slice(&b), &a);
	assert_holds(faults, "unknown99\"");
	assert_true(slice_find(faults, S("unknown100\""), 0) < 0);
	assert_true(slice_ends(faults, S("and 5 more faults\n")));
}

static void
test_too_big(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	CLEANUP(buf_done) struct buf b = BUF_INIT(4 * 1024 * 1024);

	(void)state;
	for (int i = 0; i < NODE_COUNT_MAX; i++)
		buf_put_str(&b, "- \n");
	assert_holds(faults_of_text(buf_slice(&b), &a),
		"too much in one file: at most 50000 values");
	while (b.len <= NODE_BYTES_MAX)
		buf_put_str(&b, "# a comment that fills the file\n");
	assert_holds(faults_of_text(buf_slice(&b), &a), "too big: ");
}

static void
test_too_many_channels(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	CLEANUP(buf_done) struct buf b = BUF_INIT(1024 * 1024);

	(void)state;
	buf_put_str(&b, LEAST "channels:\n");
	for (int i = 0; i < CONFIG_CHANNELS_MAX; i++)
		buf_printf(&b, "- series: s%d\n", i);
	assert_slice(faults_of_text(buf_slice(&b), &a), "");
	buf_put_str(&b, "- series: one more\n");
	assert_holds(faults_of_text(buf_slice(&b), &a),
		"too many in \"channels\": 4097, at most 4096");
}

static void
test_text_includes_nothing(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };

	(void)state;
	assert_holds(faults_of_text(S(LEAST "include: /etc/*\n"), &a),
		"text.yaml:3:1: error: nothing can be included here");
}

/* A chain of files, each of which includes the next. */
static void
write_chain(const char *dir, int n)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct err e;

	for (int i = 0; i < n; i++) {
		struct slice text = arena_printf(&a, "%sinclude: %d.yaml\n",
			i ? "" : LEAST, i + 1);

		if (file_replace(AT_FDCWD, arena_printf(&a, "%s/%d.yaml", dir,
			i).ptr, i + 1 < n ? text : S("log: json\n"), -1, &e))
			fail_msg("%s", e.text);
	}
}

static void
remove_chain(const char *dir, int n)
{
	char path[64];

	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%d.yaml", dir, i);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(dir), 0);
}

static void
test_include_depth(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	/* The folder's name must not be taken for a pattern. */
	char dir[] = "/tmp/gazetted-[ab]*XXXXXX", path[64];
	int most = CONFIG_INCLUDE_DEPTH_MAX + 1;
	struct config *c;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/0.yaml", dir);
	write_chain(dir, most);
	c = must_config(path);
	assert_true(c->log_json);
	config_unref(c);
	write_chain(dir, most + 1);
	assert_holds(faults_of(path, &a), "8.yaml:1:10: error: included too "
		"deep: at most 8 files within each other");
	remove_chain(dir, most + 1);
}

/* ---- the manual ---- */

/* Where the manual tells a word: in a section of its own, or as an item. */
static ssize_t
find_word(struct slice manual, const struct setting *w, struct arena *a)
{
	return slice_find(manual, arena_printf(a, w->words ? "\n.Ss %s\n" :
		"\n.It Ic %s ", w->name), 0);
}

static void
check_manual(struct slice manual, const struct setting *words,
	struct arena *a)
{
	for (; words->name; words++) {
		ssize_t at = find_word(manual, words, a);

		if (words->type == SETTING_LATER)
			continue;
		if (at < 0)
			fail_msg("the manual has no \"%s\"", words->name);
		if (words->preset)
			assert_holds(slice_sub(manual, (size_t)at,
				(size_t)at + 500), words->preset);
		if (words->words)
			check_manual(slice_from(manual, (size_t)at),
				words->words, a);
	}
}

static void
test_manual(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };

	(void)state;
	check_manual(must_read(TESTS_DIR "/../docs/gazetted.yaml.5", &a),
		config_words, &a);
	check_manual(must_read(TESTS_DIR "/../docs/gazetted-targets.5", &a),
		config_target_words, &a);
}

/* What we ship must be without faults. */
static void
test_shipped(void **state)
{
	struct config *c = must_config(TESTS_DIR "/../etc/gazetted.yaml");

	(void)state;
	assert_slice(c->site.name, "Newsroom");
	config_unref(c);
}

static void
test_defaults(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct config_defaults d;

	(void)state;
	setenv("STATE_DIRECTORY", "/srv/state:/srv/other", 1);
	setenv("CACHE_DIRECTORY", "relative", 1);
	unsetenv("RUNTIME_DIRECTORY");
	config_defaults(&d, &a);
	assert_string_equal(d.state_dir, "/srv/state");
	assert_string_equal(d.publish_dir, LOCALSTATEDIR
		"/cache/gazetted/www");
	assert_string_equal(d.control, RUNSTATEDIR "/gazetted/control.sock");
	unsetenv("STATE_DIRECTORY");
	unsetenv("CACHE_DIRECTORY");

	setenv("HOME", "/home/u", 1);
	setenv("XDG_STATE_HOME", "/home/u/s", 1);
	unsetenv("XDG_CACHE_HOME");
	setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
	config_defaults_user(&d, &a);
	assert_string_equal(d.state_dir, "/home/u/s/gazetted");
	assert_string_equal(d.publish_dir, "/home/u/.cache/gazetted/www");
	assert_string_equal(d.control, "/run/user/7/gazetted/control.sock");
	unsetenv("XDG_RUNTIME_DIR");
	config_defaults_user(&d, &a);
	assert_null(d.control);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_good_file),
		cmocka_unit_test(test_presets),
		cmocka_unit_test(test_control_beside_state),
		cmocka_unit_test(test_for_dir),
		cmocka_unit_test(test_find_control),
		cmocka_unit_test(test_too_many_faults),
		cmocka_unit_test(test_too_big),
		cmocka_unit_test(test_too_many_channels),
		cmocka_unit_test(test_text_includes_nothing),
		cmocka_unit_test(test_include_depth),
		cmocka_unit_test(test_manual),
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_defaults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
