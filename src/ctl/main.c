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
#include "ctl/show.h"
#include "ctl/token.h"
#include "daemon/config_read.h"

enum { FAULTS_BYTES_MAX = 4 * 1024 * 1024 };

struct verb {
	const char *name;
	const char *arg;	/* "[PATH]": may be left out; NULL: none */
	const char *help;
	bool waits;		/* takes --wait */
	int (*show)(const json_t *answer);
	int (*own)(const struct options *o, const char *arg);
};

/* ---- verbs ---- */

static int
ask_verb(const struct verb *v, const struct options *o, const char *arg)
{
	json_t *answer;
	int code = ask(o, ask_make(v->name, arg), &answer);

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
		.show = show_status },
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
		.waits = true, .own = follow_rebuild },
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
	{ "token", NULL, "make a token for a partner, and its hash",
		.own = make_token },
	{ "check", "[FILE]", "tell every fault of a configuration",
		.own = check },
	{ "reload", NULL, "put the changed configuration in force",
		.show = show_reload },
};

/* ---- the command line ---- */

static void
print_usage(FILE *out)
{
	fputs("usage: gazettectl [-c FILE] [--socket PATH] [--json] [--wait] "
		"VERB [ARGUMENT]\n\n", out);
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		fprintf(out, "  %-8s %-7s %s\n", verbs[i].name,
			verbs[i].arg ? verbs[i].arg : "", verbs[i].help);
	fputs("\n  -c, --config FILE   the configuration (" CONFIG_FILE ")\n"
		"  -s, --socket PATH   the daemon's control socket\n"
		"  -j, --json          the answer as the daemon gave it\n"
		"  -w, --wait          rebuild: until all is published\n"
		"  -h, --help          this text\n"
		"  -V, --version       which version this is\n"
		"\nSee gazettectl(1).\n", out);
}

static const struct verb *
find_verb(const char *name)
{
	struct nearest near = { .word = slice_str(name) };
	char hint[64] = "";

	for (size_t i = 0; i < COUNT_OF(verbs); i++) {
		if (slice_eq(near.word, slice_str(verbs[i].name)))
			return &verbs[i];
		nearest_try(&near, verbs[i].name);
	}
	if (near.best)
		snprintf(hint, sizeof(hint), "did you mean \"%s\"?",
			near.best);
	else
		snprintf(hint, sizeof(hint), "\"gazettectl --help\" lists the "
			"verbs.");
	fprintf(stderr, "gazettectl: unknown verb \"%s\"\n  hint: %s\n", name,
		hint);
	return NULL;
}

/* Run the verb with what stands behind it; n arguments. */
static int
run(const struct options *o, int n, char **args)
{
	const struct verb *v = find_verb(args[0]);
	const char *arg = n > 1 ? args[1] : NULL;

	if (!v)
		return CONTROL_USAGE;
	if (n > (v->arg ? 2 : 1) || (o->wait && !v->waits) ||
		(v->arg && v->arg[0] != '[' && !arg)) {
		fprintf(stderr, "usage: gazettectl %s%s%s%s\n", v->name,
			v->arg ? " " : "", v->arg ? v->arg : "",
			v->waits ? " [--wait]" : "");
		return CONTROL_USAGE;
	}
	return v->own ? v->own(o, arg) : ask_verb(v, o, arg);
}

int
main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "socket", required_argument, NULL, 's' },
		{ "json", no_argument, NULL, 'j' },
		{ "wait", no_argument, NULL, 'w' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	struct options o = { .config = CONFIG_FILE };
	int c;

	while ((c = getopt_long(argc, argv, "c:s:jwhV", longs, NULL)) >= 0) {
		if (c == 'c') {
			o.config = optarg;
		} else if (c == 's') {
			o.socket = optarg;
		} else if (c == 'j') {
			o.json = true;
		} else if (c == 'w') {
			o.wait = true;
		} else if (c == 'h') {
			print_usage(stdout);
			return CONTROL_OK;
		} else if (c == 'V') {
			puts("gazettectl " PACKAGE_VERSION);
			return CONTROL_OK;
		} else {
			return CONTROL_USAGE;
		}
	}
	if (optind == argc) {
		print_usage(stderr);
		return CONTROL_USAGE;
	}
	return run(&o, argc - optind, argv + optind);
}
