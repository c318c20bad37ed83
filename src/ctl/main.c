/*
 * gazettectl: asks the daemon, and checks configurations.
 *
 * One table of verbs makes the usage and the dispatch.  A verb asks the daemon
 * and shows the answer, or goes its own way: with more questions (follow.c), or
 * without the daemon.
 *
 * Exit status: 0 well, 1 failed or unhealthy, 2 usage or configuration, 3 the
 * daemon cannot be reached, 4 not found (enum control_code).
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/nearest.h"
#include "ctl/ask.h"
#include "ctl/follow.h"
#include "ctl/login.h"
#include "ctl/show.h"
#include "ctl/show_push.h"
#include "ctl/token.h"
#include "daemon/config_read.h"

enum { FAULTS_BYTES_MAX = 4 * 1024 * 1024 };

/* Options that only some verbs take. */
enum { TAKES_WAIT = 1, TAKES_TARGET = 2, TAKES_STATE = 4, TAKES_AGAIN = 8,
	TAKES_RANGE = 16, TAKES_YES = 32 };

struct verb {
	const char *name;	/* one word, or two */
	const char *arg;	/* "[PATH]": may be left out; NULL: none */
	const char *help;
	/* What a second word is in the request; arg names it.  NULL: none. */
	const char *second;
	int takes;
	/* A long list in the answer, and what asks for more behind its ids. */
	const char *list, *cursor;
	bool of_courier;	/* it is asked, and not the press */
	int (*show)(const json_t *answer);
	int (*own)(const struct options *o, const char *arg);
};

/* ---- verbs ---- */

/* What was said beside the argument. */
static void
add_options(const struct options *o, json_t *request)
{
	const struct {
		const char *name, *value;
	} texts[] = { { "target", o->target }, { "state", o->state },
		{ "from", o->from }, { "to", o->to }, { "rate", o->rate } };

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		if (texts[i].value)
			json_object_set_new(request, texts[i].name,
				json_string(texts[i].value));
	if (o->again)
		json_object_set_new(request, "again", json_true());
	if (o->yes)
		json_object_set_new(request, "yes", json_true());
}

static int
ask_verb(const struct verb *v, const struct options *o, char **args)
{
	json_t *answer;
	json_t *request = ask_make(v->name, args[0]);
	int code;

	if (v->second)
		json_object_set_new(request, v->second, json_string(args[1]));
	add_options(o, request);
	if (o->json && v->list)
		code = ask_pages(o, request, v->list, v->cursor, &answer);
	else
		code = v->of_courier ? ask_courier(o, request, &answer) :
			ask(o, request, &answer);
	return code != CONTROL_OK ? code : ask_show(o, answer, v->show);
}

static void
tell_faults(const struct options *o, const char *path,
	const struct faults *f)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(FAULTS_BYTES_MAX);
	size_t n = f->n + f->dropped;
	json_t *list = json_array(), *answer;

	for (size_t i = 0; o->json && i < f->n; i++) {
		buf_reset(&b);
		fault_put(&f->list[i], &b);
		json_array_append_new(list, json_stringn(b.ptr, b.len));
	}
	answer = json_pack("{s:b, s:i, s:s, s:o}", "ok", 0, "code",
		CONTROL_USAGE, "error", "the configuration has faults",
		"faults", list);
	if (o->json) {
		ask_print(answer);
	} else {
		faults_put(f, &b);
		fprintf(stderr, "%.*s%s: %zu fault%s\n",
			ARG(buf_slice(&b)), path, n, n == 1 ? "" : "s");
	}
	json_decref(answer);
}

static void
tell_fine(const struct options *o, const char *path, const struct config *c)
{
	json_t *answer = json_pack("{s:b, s:s, s:I, s:I}", "ok", 1, "file",
		path, "content", (json_int_t)c->n_roots, "channels",
		(json_int_t)c->n_channels);

	if (o->json)
		ask_print(answer);
	else
		printf("%s: no faults; content directories: %zu, channels: "
			"%zu\n", path, c->n_roots, c->n_channels);
	json_decref(answer);
}

/* Read a configuration as the daemon would, and put nothing in force. */
static int
check(const struct options *o, const char *arg)
{
	CLEANUP(faults_done) struct faults faults = { 0 };
	CLEANUP(arena_done) struct arena a = { 0 };
	const char *path = arg ? arg : o->config;
	struct config_defaults d;
	struct config *c;

	config_defaults(&d, &a);
	if (config_read(path, &d, &c, &faults) < 0) {
		tell_faults(o, path, &faults);
		return CONTROL_USAGE;
	}
	tell_fine(o, path, c);
	config_unref(c);
	return CONTROL_OK;
}

static int
make_token(const struct options *o, const char *arg)
{
	json_t *made = token_make();

	(void)arg;
	if (o->json)
		ask_print(made);
	else
		token_show(made);
	json_decref(made);
	return CONTROL_OK;
}

static const struct verb verbs[] = {
	{ "status", NULL, "is it well; missing parts; files set aside",
		.own = follow_status },
	{ "feeds", NULL, "every feed: entries, size, readers, last change",
		.show = show_feeds },
	{ "feed", "NAME", "one: its documents, archive and readers",
		.show = show_feed },
	{ "article", "PATH", "what was read from a file, and where it went",
		.show = show_article },
	{ "series", "[NAME]", "every series, or one with its articles",
		.show = show_series },
	{ "explain", "PATH", "why an article has its series and topics",
		.show = show_explain },
	{ "rescan", "[PATH]", "compare the files with the store, now",
		.show = show_rescan },
	{ "rebuild", "[NAME]", "render a feed, or all, and write them again",
		.takes = TAKES_WAIT, .own = follow_rebuild },
	{ "verify", NULL, "read all that is published, compare with the store",
		.own = follow_verify },
	{ "withdraw", "PATH", "take an article back, whatever its file says",
		.show = show_withdraw },
	{ "publish", "PATH", "bring such an article back, with its id",
		.show = show_publish },
	{ "confirm", "[PATH]", "carry out the deletions that are held",
		.show = show_confirm },
	{ "partners", NULL, "who may read private channels, and who came",
		.show = show_partners },
	{ "outbox", NULL, "what waits to be sent, is unclear, or failed",
		.takes = TAKES_TARGET | TAKES_STATE, .of_courier = true,
		.list = "deliveries", .cursor = "before",
		.show = show_outbox },
	{ "outbox show", "ID", "one delivery: its steps, answers and errors",
		.of_courier = true, .show = show_delivery },
	{ "outbox approve", "ID", "say yes to a delivery that waits for it",
		.of_courier = true, .show = show_changed },
	{ "retry", "ID|TARGET", "try again what failed, now",
		.of_courier = true, .show = show_changed },
	{ "release", "ID|TARGET", "send what is held",
		.of_courier = true, .show = show_changed },
	{ "discard", "ID|TARGET", "never send what waits",
		.takes = TAKES_YES, .of_courier = true, .show = show_changed },
	{ "resolve", "ID done|failed", "say how an unclear delivery ended",
		.second = "as", .of_courier = true, .show = show_changed },
	{ "pause", "TARGET", "send nothing to a target",
		.of_courier = true, .show = show_changed },
	{ "resume", "TARGET", "go on with a target",
		.of_courier = true, .show = show_changed },
	{ "adopt", NULL, "go on after a copy or a backup was put in place",
		.of_courier = true, .show = show_changed },
	{ "targets", NULL, "who is told, and how that goes",
		.of_courier = true, .show = show_targets },
	{ "target test", "NAME", "send a target something to try it",
		.own = follow_target_test },
	{ "target auth", "NAME", "log in for a target, by a browser",
		.own = login_target },
	{ "preview", "PATH", "what would be sent of an article",
		.takes = TAKES_TARGET, .of_courier = true,
		.show = show_preview },
	{ "post", "PATH", "send an article, or send it once more",
		.takes = TAKES_TARGET | TAKES_AGAIN, .of_courier = true,
		.show = show_changed },
	{ "backfill", NULL, "send what was published before, by date",
		.takes = TAKES_TARGET | TAKES_RANGE | TAKES_YES,
		.of_courier = true, .show = show_changed },
	{ "subscribers", "[FEED]", "who subscribed at the hub",
		.list = "subscribers", .cursor = "after",
		.of_courier = true, .show = show_subscribers },
	{ "hub status", NULL, "how the hub is",
		.of_courier = true, .show = show_hub },
	{ "token", NULL, "make a token for a partner, and its hash",
		.own = make_token },
	{ "check", "[FILE]", "tell every fault of a configuration",
		.own = check },
	{ "reload", NULL, "put the changed configuration in force",
		.own = follow_reload },
};

/* ---- the command line ---- */

/* The options that only some verbs take: how they are written, in a usage. */
static const struct {
	int takes;
	const char *text;
} extras[] = {
	{ TAKES_WAIT, "[--wait]" },
	{ TAKES_TARGET, "[--target NAME]" },
	{ TAKES_STATE, "[--state STATE]" },
	{ TAKES_AGAIN, "[--again]" },
	{ TAKES_RANGE, "--from DATE --to DATE [--rate 10/h]" },
	{ TAKES_YES, "[--yes]" },
};

static void
print_usage(FILE *out)
{
	fputs("usage: gazettectl [-c FILE] [--socket PATH] [--json] "
		"VERB [ARGUMENT] [OPTION ...]\n\n", out);
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		fprintf(out, "  %-14s %-14s %s\n", verbs[i].name,
			verbs[i].arg ? verbs[i].arg : "", verbs[i].help);
	fputs("\n  -c, --config FILE   the configuration (" CONFIG_FILE ")\n"
		"  -s, --socket PATH   the daemon's control socket\n"
		"  -j, --json          the answer as the daemon gave it\n"
		"  -w, --wait          rebuild: until all is published\n"
		"  -t, --target NAME   outbox, preview, post, backfill: which\n"
		"      --state STATE   outbox: what is in it, or \"all\"\n"
		"      --again         post: though it was sent already\n"
		"      --from, --to DATE, --rate 10/h, --yes\n"
		"                      backfill: what, how fast, and really;\n"
		"                      discard TARGET: really\n"
		"  -h, --help          this text\n"
		"  -V, --version       which version this is\n"
		"\nSee gazettectl(1).\n", out);
}

/* The verb of the first word, or of the first two: *ret_words. */
static const struct verb *
match_verb(int n, char **args, int *ret_words)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice one = slice_str(args[0]);
	struct slice two = n > 1 ? arena_printf(&a, "%s %s", args[0],
		args[1]) : one;
	const struct verb *found = NULL;

	for (size_t i = 0; i < COUNT_OF(verbs); i++) {
		struct slice name = slice_str(verbs[i].name);

		if (slice_eq(name, two)) {
			*ret_words = slice_eq(name, one) ? 1 : 2;
			return &verbs[i];
		}
		if (slice_eq(name, one))
			found = &verbs[i];
	}
	*ret_words = 1;
	return found;
}

static void
tell_unknown(const char *name)
{
	struct nearest near = { .word = slice_str(name) };
	char hint[64];

	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		nearest_try(&near, verbs[i].name);
	if (near.best)
		snprintf(hint, sizeof(hint), "did you mean \"%s\"?",
			near.best);
	else
		snprintf(hint, sizeof(hint), "\"gazettectl --help\" lists the "
			"verbs.");
	fprintf(stderr, "gazettectl: unknown verb \"%s\"\n  hint: %s\n", name,
		hint);
}

static int
tell_usage(const struct verb *v)
{
	fprintf(stderr, "usage: gazettectl %s%s%s", v->name,
		v->arg ? " " : "", v->arg ? v->arg : "");
	for (size_t i = 0; i < COUNT_OF(extras); i++)
		if (v->takes & extras[i].takes)
			fprintf(stderr, " %s", extras[i].text);
	fputc('\n', stderr);
	return CONTROL_USAGE;
}

/* Which of the options that only some verbs take were given. */
static int
given(const struct options *o)
{
	return (o->wait ? TAKES_WAIT : 0) | (o->target ? TAKES_TARGET : 0) |
		(o->state ? TAKES_STATE : 0) | (o->again ? TAKES_AGAIN : 0) |
		(o->from || o->to || o->rate ? TAKES_RANGE : 0) |
		(o->yes ? TAKES_YES : 0);
}

/* Are n words behind the verb what it wants? */
static bool
is_enough(const struct verb *v, int n)
{
	int most = (v->arg != NULL) + (v->second != NULL);
	int least = v->arg && v->arg[0] == '[' ? 0 : most;

	return n >= least && n <= most;
}

/* Run the verb with what stands behind it: n words, and NULL. */
static int
run(const struct options *o, int n, char **args)
{
	int words;
	const struct verb *v = match_verb(n, args, &words);

	if (!v) {
		tell_unknown(args[0]);
		return CONTROL_USAGE;
	}
	if (!is_enough(v, n - words) || (given(o) & ~v->takes))
		return tell_usage(v);
	args += words;
	return v->own ? v->own(o, args[0]) : ask_verb(v, o, args);
}

/* Keep an option; false: there is no such one. */
static bool
take_option(struct options *o, int c)
{
	switch (c) {
	case 'c':
		o->config = optarg;
		return true;
	case 's':
		o->socket = optarg;
		return true;
	case 'j':
		o->json = true;
		return true;
	case 'w':
		o->wait = true;
		return true;
	case 't':
		o->target = optarg;
		return true;
	case 'S':
		o->state = optarg;
		return true;
	case 'A':
		o->again = true;
		return true;
	case 'Y':
		o->yes = true;
		return true;
	case 'F':
		o->from = optarg;
		return true;
	case 'T':
		o->to = optarg;
		return true;
	case 'R':
		o->rate = optarg;
		return true;
	}
	return false;
}

int
main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "socket", required_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "wait", no_argument, NULL, 'w' },
		{ "target", required_argument, NULL, 't' },
		{ "state", required_argument, NULL, 'S' },
		{ "again", no_argument, NULL, 'A' },
		{ "yes", no_argument, NULL, 'Y' },
		{ "from", required_argument, NULL, 'F' },
		{ "to", required_argument, NULL, 'T' },
		{ "rate", required_argument, NULL, 'R' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	struct options o = { .config = CONFIG_FILE };
	int c;

	while ((c = getopt_long(argc, argv, "c:s:jwt:hV", longs, NULL)) >= 0) {
		if (c == 'h') {
			print_usage(stdout);
			return CONTROL_OK;
		} else if (c == 'V') {
			puts("gazettectl " PACKAGE_VERSION);
			return CONTROL_OK;
		} else if (!take_option(&o, c)) {
			return CONTROL_USAGE;
		}
	}
	if (optind == argc) {
		print_usage(stderr);
		return CONTROL_USAGE;
	}
	return run(&o, argc - optind, argv + optind);
}
