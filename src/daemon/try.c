/*
 * gazetted try DIR: serve any folder without a configuration, and say what
 * was found in it.
 *
 * The folder is only read.  State and published feeds lie in a temporary
 * directory that goes with the process.
 */
#include <ftw.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "daemon/config_read.h"
#include "daemon/run.h"
#include "daemon/try.h"

enum { LISTED_MAX = 20, FIRST_PORT = 8080 };

static void
print_numbers(const int *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		printf("%s%d", i ? ", " : " ", list[i]);
}

static void
print_series(struct store_reader *r, const struct press *p, struct arena *a)
{
	struct series_info *s;
	struct err e;
	size_t n;

	if (p->ops->series(r, LISTED_MAX, a, &s, &n, &e) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		printf("    \"%.*s\": parts", ARG(s[i].title));
		print_numbers(s[i].parts, s[i].n_parts);
		if (s[i].n_missing) {
			printf("; missing");
			print_numbers(s[i].missing, s[i].n_missing);
		}
		putchar('\n');
	}
}

static void
print_asides(struct store_reader *r, const struct press *p, struct arena *a)
{
	struct aside *list;
	struct err e;
	size_t n;

	if (p->ops->asides(r, LISTED_MAX, a, &list, &n, &e) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		printf("    %.*s: %.*s\n", ARG(list[i].path),
			ARG(list[i].why));
		if (list[i].hint.len)
			printf("      %.*s\n", ARG(list[i].hint));
	}
}

/* Run once, at the end of the first scan; a short read on the loop is fine. */
static void
report(struct press *p)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct store_reader *r = p->ops->reader_take(p->store);
	struct store_counts c;
	struct err e;

	if (p->ops->counts(r, &c, &e) == 0) {
		printf("\nFound in %s:\n", p->config->roots[0].dir);
		printf("  %lld articles\n", (long long)c.articles);
		printf("  %lld series\n", (long long)c.series);
		print_series(r, p, &a);
		printf("  %lld topics%s\n", (long long)c.topics, c.topics ?
			"" : " (topics need a rule: see gazetted.yaml(5))");
		printf("  %lld files set aside\n", (long long)c.aside);
		print_asides(r, p, &a);
	}
	p->ops->reader_give(p->store, r);
	printf("\nOpen %s\n", serve_address(p->serve, 0));
	printf("Feed %sfeeds/all.atom\n", serve_address(p->serve, 0));
	printf("Ctrl-C ends it; the folder is only read.\n");
	fflush(stdout);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st;
	(void)f;
	return type == FTW_DP ? rmdir(path) : unlink(path);
}

/* A port of the loopback address that nobody listens on; -1: none. */
static int
free_port(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	for (int port = FIRST_PORT; port < FIRST_PORT + 100; port++) {
		CLEANUP(fd_close) int fd = socket(AF_INET,
			SOCK_STREAM | SOCK_CLOEXEC, 0);
		int on = 1;

		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		sa.sin_port = htons((uint16_t)port);
		if (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) == 0)
			return port;
	}
	return -1;
}

/* The configuration: the next free port is the site's address. */
static int
make_config(const char *dir, const char *state, struct config **ret,
	struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct config_defaults d = {
		.state_dir = state,
		.publish_dir = arena_printf(&a, "%s/www", state).ptr,
	};
	int port = free_port();
	struct config *c;

	if (port < 0)
		return err_set(e, ERR_IO, "cannot find a free port from %d",
			FIRST_PORT);
	if (config_for_dir(dir, &d, &c, e) < 0)
		return -1;
	c->site.url = arena_printf(&c->arena, "http://127.0.0.1:%d/", port);
	c->serve.listen[0] = arena_printf(&c->arena, "127.0.0.1:%d", port);
	*ret = c;
	return 0;
}

int
try_directory(const char *dir)
{
	const char *tmp = getenv("TMPDIR");
	struct run run = { .progress = true, .on_reconciled = report };
	struct err e = { 0 };
	struct stat st;
	char *state;
	int rc;

	if (stat(dir, &st) < 0 || !S_ISDIR(st.st_mode)) {
		fprintf(stderr, "gazetted: \"%s\" is not a directory\n"
			"  Name a folder with articles in it.\n", dir);
		return EXIT_USAGE;
	}
	if (asprintf(&state, "%s/gazetted-try.XXXXXX",
		tmp && *tmp ? tmp : "/tmp") < 0 || !mkdtemp(state)) {
		fprintf(stderr, "gazetted: cannot make \"%s\": %m\n", state);
		return EXIT_FAILED;
	}
	if (make_config(dir, state, &run.config, &e) < 0) {
		fprintf(stderr, "gazetted: %s\n", e.text);
		rc = EXIT_FAILED;
	} else {
		rc = run_daemon(&run);
	}
	nftw(state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(state);
	return rc;
}
