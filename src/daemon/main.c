/*
 * gazetted: the command line.
 */
#include <getopt.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/config_read.h"
#include "daemon/run.h"
#include "daemon/try.h"

static const char usage_text[] =
	"Usage: gazetted [-c FILE] [-t] [-f] [--role=ROLE]\n"
	"       gazetted try DIR\n"
	"\n"
	"Watches a directory of articles and publishes feeds of them.\n"
	"\n"
	"  -c, --config FILE   the configuration (default:\n"
	"                      " CONFIG_FILE ")\n"
	"  -t, --test          check the configuration, and stop\n"
	"  -f, --foreground    for a person: show the first scan's progress\n"
	"      --role ROLE     press (publishes), courier (tells others),\n"
	"                      or both (default: both)\n"
	"  -V, --version       say the version, and stop\n"
	"  -h, --help          say this, and stop\n"
	"\n"
	"gazetted try DIR serves any folder of articles without a\n"
	"configuration, and says what it found in it.\n"
	"\n"
	"Exit: 0 ended on request, 1 failed, 2 usage or configuration.\n"
	"See gazetted(8), gazetted.yaml(5), gazettectl(1).\n";

struct options {
	const char *config;
	enum role role;
	bool test, foreground;
};

static int
usage(const char *why, const char *what)
{
	fprintf(stderr, "gazetted: %s%s%s%s\n"
		"  Try: gazetted --help\n", why, what ? " \"" : "",
		what ? what : "", what ? "\"" : "");
	return EXIT_USAGE;
}

static int
read_role(const char *role, enum role *ret)
{
	static const char *const names[] = {
		[ROLE_BOTH] = "both",
		[ROLE_PRESS] = "press",
		[ROLE_COURIER] = "courier",
	};

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(role, names[i]) == 0) {
			*ret = (enum role)i;
			return EXIT_OK;
		}
	return usage("the role is press, courier or both, not", role);
}

/* 0 go on, -1 stop with *ret_exit. */
static int
read_options(int argc, char **argv, struct options *o, int *ret_exit)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "test", no_argument, NULL, 't' },
		{ "foreground", no_argument, NULL, 'f' },
		{ "role", required_argument, NULL, 'r' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int c;

	*ret_exit = EXIT_OK;
	while ((c = getopt_long(argc, argv, "c:tfVh", longs, NULL)) != -1) {
		switch (c) {
		case 'c':
			o->config = optarg;
			break;
		case 't':
			o->test = true;
			break;
		case 'f':
			o->foreground = true;
			break;
		case 'r':
			*ret_exit = read_role(optarg, &o->role);
			if (*ret_exit != EXIT_OK)
				return -1;
			break;
		case 'V':
			puts("gazetted " PACKAGE_VERSION);
			return -1;
		case 'h':
			fputs(usage_text, stdout);
			return -1;
		default:
			fputs("  Try: gazetted --help\n", stderr);
			*ret_exit = EXIT_USAGE;
			return -1;
		}
	}
	return 0;
}

static int
print_faults(const struct faults *faults)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1024 * 1024);

	faults_put(faults, &b);
	fwrite(b.ptr, 1, b.len, stderr);
	return EXIT_USAGE;
}

static int
run_file(const struct options *o)
{
	CLEANUP(faults_done) struct faults faults = { 0 };
	CLEANUP(arena_done) struct arena a = { 0 };
	struct config_defaults defaults;
	struct run run = {
		.role = o->role,
		.config_path = o->config,
		.progress = o->foreground,
	};

	config_defaults(&defaults, &a);
	if (config_read(o->config, &defaults, &run.config, &faults) < 0)
		return print_faults(&faults);
	if (!o->test)
		return run_daemon(&run);
	printf("%s: no faults\n", o->config);
	config_unref(run.config);
	return EXIT_OK;
}

/*
 * Batches and documents come and go in megabytes, many times a second: giving
 * each back to the system, and asking for it again, cost a fifth of a first
 * build in page faults.
 */
static void
tune_malloc(void)
{
	mallopt(M_MMAP_THRESHOLD, 4 * 1024 * 1024);
	mallopt(M_TRIM_THRESHOLD, 16 * 1024 * 1024);
	mallopt(M_TOP_PAD, 1024 * 1024);
}

int
main(int argc, char **argv)
{
	struct options o = { .config = CONFIG_FILE };
	int rc;

	tune_malloc();
	if (read_options(argc, argv, &o, &rc) < 0)
		return rc;
	argc -= optind;
	argv += optind;
	if (argc == 0)
		return run_file(&o);
	if (strcmp(argv[0], "try") == 0 && argc == 2)
		return try_directory(argv[1]);
	if (strcmp(argv[0], "try") == 0)
		return usage("try needs one directory", NULL);
	return usage("there is no command", argv[0]);
}
