/*
 * Fuzz target: the configuration.
 *
 * Whatever the bytes are: either there is a configuration that keeps what
 * struct config promises, or there are faults, fit for a terminal.  Includes
 * are off, so that the disk is left alone.
 */
#include "base/utf8.h"
#include "daemon/config_read.h"
#include "fuzz.h"

/* The excerpts come from the input; nothing in them may move a cursor. */
static void
check_shown(struct slice s)
{
	int32_t c;

	CHECK(utf8_valid(s));
	while ((c = utf8_next(&s)) >= 0)
		CHECK(c == '\n' || (c >= 0x20 && (c < 0x7f || c >= 0xa0)));
}

static void
check_faults(struct faults *f)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(16 * 1024 * 1024);

	CHECK(f->n > 0 && f->n <= FAULTS_MAX);
	faults_put(f, &b);
	CHECK(buf_ok(&b));
	check_shown(buf_slice(&b));
}

static void
check_rule(const struct rule *r, unsigned depth)
{
	bool group = r->kind == RULE_ANY || r->kind == RULE_ALL ||
		r->kind == RULE_NOT;

	CHECK(depth <= CONFIG_RULE_DEPTH_MAX);
	CHECK(group ? r->n_rules > 0 && r->n_texts == 0 :
		r->n_rules == 0 && r->n_texts > 0);
	for (size_t i = 0; i < r->n_texts; i++)
		CHECK(r->texts[i].len > 0);
	for (size_t i = 0; i < r->n_rules; i++)
		check_rule(&r->rules[i], depth + 1);
}

static void
check_config(const struct config *c)
{
	CHECK(c->refs == 1);
	CHECK(slice_ends(c->site.url, S("/")) && c->site.name.len > 0);
	CHECK(c->n_roots > 0 && c->n_roots <= CONFIG_ROOTS_MAX);
	for (size_t i = 0; i < c->n_roots; i++) {
		CHECK(c->roots[i].dir[0] == '/');
		CHECK((i == 0) || c->roots[i].prefix.len > 0);
		CHECK(slice_find(c->roots[i].permalink, S("{stem}"), 0) >= 0);
	}
	CHECK(c->serve.n_listen > 0 && c->serve.header_ms > 0);
	CHECK(c->publish_dir[0] == '/' && c->state_dir[0] == '/');
	CHECK(c->n_channels <= CONFIG_CHANNELS_MAX);
	for (size_t i = 0; i < c->n_channels; i++) {
		CHECK(c->channels[i].key.len > 0);
		CHECK((c->channels[i].kind == CHANNEL_TOPIC) ==
			(c->channels[i].match != NULL));
		if (c->channels[i].match)
			check_rule(c->channels[i].match, 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct config_defaults defaults = {
		.state_dir = "/var/lib/gazetted",
		.publish_dir = "/var/cache/gazetted/www",
	};
	struct slice text = slice(len ? (const char *)bytes : "", len);
	struct faults faults = { 0 };
	struct config *c;

	if (config_read_text("fuzz.yaml", text, &defaults, &c, &faults) < 0) {
		check_faults(&faults);
	} else {
		check_config(c);
		config_unref(c);
	}
	faults_done(&faults);
	return 0;
}
