/*
 * Ring: the courier's fan-out alone, without a newsroom in front of it.
 *
 *     ring DIR PORT MEMBERS CONCURRENCY [CA-FILE]
 *
 * Makes courier.db in DIR with that many subscriptions, each with a secret of
 * its own, by SQL: through the hub each takes a verification, which is not
 * what is measured.  Member n is where post.c has it.  It says "ready", and for
 * each line of input, a version, it announces what lies in
 * DIR/www/feeds/all.atom and prints, when the last cursor is committed,
 * {"begun": us, "ended": us, "done": n}; begun is before the announcement.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/file.h"
#include "now.h"
#include "push/ring.h"

enum {
	HOSTS = 500, FEED = 1,
	POOL_THREADS = 2,
};

struct bench {
	struct courier c;
	struct config config;
	struct network all;
	ev_io input;
	struct store_job job;
	int64_t version;
	double begun;
};

void
courier_tell(struct courier *c, enum courier_news news, struct slice of,
	struct slice what, int64_t n, const struct err *why)
{
	struct bench *b = CONTAINER_OF(c, struct bench, c);

	if (news == COURIER_FANNED_OUT) {
		printf("{\"begun\": %.0f, \"ended\": %.0f, \"done\": %jd}\n",
			b->begun, now_us(), (intmax_t)n);
		fflush(stdout);
		return;
	}
	fprintf(stderr, "ring: news %d of %.*s at %.*s: %s\n", (int)news,
		ARG(of), ARG(what), why ? why->text : "");
}

/* ---- subscriptions ---- */

static void
must(sqlite3 *db, int rc)
{
	if (rc == SQLITE_OK || rc == SQLITE_DONE)
		return;
	fprintf(stderr, "ring: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static void
subscribe(sqlite3 *db, const char *port, size_t members, bool has_hosts)
{
	char callback[300], host[100], secret[40];
	sqlite3_stmt *st;

	must(db, sqlite3_prepare_v2(db, "INSERT INTO hub_sub (topic_id,"
		" callback, host, secret, expires) VALUES (1, ?, ?,"
		" cast(? AS BLOB), unixepoch() + 864000)", -1, &st, NULL));
	for (size_t i = 0; i < members; i++) {
		if (has_hosts)
			snprintf(host, sizeof(host), "h%zu.bench.localhost",
				i % HOSTS);
		else
			snprintf(host, sizeof(host), "127.0.0.1");
		snprintf(callback, sizeof(callback), "http%s://%s:%s/%zu",
			has_hosts ? "s" : "", host, port, i);
		snprintf(secret, sizeof(secret), "secret of member %zu", i);
		sqlite3_bind_text(st, 1, callback, -1, SQLITE_STATIC);
		sqlite3_bind_text(st, 2, host, -1, SQLITE_STATIC);
		sqlite3_bind_text(st, 3, secret, -1, SQLITE_STATIC);
		must(db, sqlite3_step(st));
		sqlite3_reset(st);
	}
	must(db, sqlite3_finalize(st));
}

static void
subscribe_all(const char *dir, const char *port, size_t members,
	bool has_hosts)
{
	char path[500];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/courier.db", dir);
	must(NULL, sqlite3_open(path, &db));
	must(db, sqlite3_exec(db, "BEGIN; INSERT INTO hub_topic (id, url,"
		" feed_id) VALUES (1, 'http://127.0.0.1/feeds/all.atom', 1)",
		NULL, NULL, NULL));
	subscribe(db, port, members, has_hosts);
	must(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
	must(db, sqlite3_close(db));
}

/* ---- announcements ---- */

static void
run(struct store_job *j, struct store_tx *tx)
{
	struct bench *b = CONTAINER_OF(j, struct bench, job);

	if (ring_announce(tx, FEED, b->version, &j->failed) < 0)
		j->failed.kind = ERR_STORE;
}

static void
done(struct store_job *j)
{
	struct bench *b = CONTAINER_OF(j, struct bench, job);

	CHECK(j->failed.kind == ERR_NONE);
	ring_wake(b->c.ring);
}

static void
on_input(struct ev_loop *loop, ev_io *w, int events)
{
	struct bench *b = w->data;
	char line[100];
	ssize_t n = read(STDIN_FILENO, line, sizeof(line) - 1);

	(void)events;
	if (n <= 0) {
		ev_break(loop, EVBREAK_ALL);
		return;
	}
	line[n] = '\0';
	b->version = strtol(line, NULL, 10);
	b->begun = now_us();
	b->c.ops->submit(b->c.store, &b->job);
}

/* ---- life ---- */

static void
configure(struct bench *b, const char *dir, size_t concurrency)
{
	static struct slice hub = S_INIT("http://127.0.0.1/hub");
	static char www[500];
	struct config *c = &b->config;

	snprintf(www, sizeof(www), "%s/www", dir);
	c->refs = 1;
	c->site.url = S("http://127.0.0.1/");
	c->site.hubs = &hub;
	c->site.n_hubs = 1;
	c->publish_dir = www;
	CHECK(network_parse(S("127.0.0.0/8"), &b->all));
	c->hub = (struct hub_conf){ .signature = SIGNATURE_SHA256,
		.allow = { &b->all, 1 },
		.concurrency = (int64_t)concurrency,
		.host_concurrency = (int64_t)concurrency };
}

/* What names mean, for the client: all is here. */
static const char *const *
name_all(const char *port)
{
	static const char *names[HOSTS + 1];
	static char lines[HOSTS][60];

	for (unsigned i = 0; i < HOSTS; i++) {
		snprintf(lines[i], sizeof(lines[i]),
			"h%u.bench.localhost:%s:127.0.0.1", i, port);
		names[i] = lines[i];
	}
	return names;
}

int
main(int argc, char **argv)
{
	struct bench *b = x_calloc(1, sizeof(*b));
	struct courier *c = &b->c;
	struct store_open o = { 0 };
	struct client_limits l = { 0 };
	struct err e = { 0 };

	if (argc != 5 && argc != 6) {
		fprintf(stderr, "usage: ring DIR PORT MEMBERS CONCURRENCY "
			"[CA-FILE]\n");
		return 2;
	}
	configure(b, argv[1], strtoul(argv[4], NULL, 10));
	c->config = &b->config;
	c->loop = o.loop = ev_loop_new(EVFLAG_AUTO);
	c->pool = pool_new(c->loop, POOL_THREADS);
	c->ops = &store_sqlite;
	o.state_dir = argv[1];
	if (c->ops->open_courier(&o, &c->store, &e) < 0) {
		fprintf(stderr, "ring: %s\n", e.text);
		return 1;
	}
	subscribe_all(argv[1], argv[2], strtoul(argv[3], NULL, 10),
		argc == 6);
	l.total = l.per_host = (unsigned)b->config.hub.concurrency;
	if (argc == 6) {
		l.ca_file = argv[5];
		l.names = name_all(argv[2]);
	}
	c->callbacks = client_new(c->loop, &l);
	CHECK(ring_new(c, &c->ring, &e) == 0);
	b->job.run = run;
	b->job.done = done;
	ev_io_init(&b->input, on_input, STDIN_FILENO, EV_READ);
	b->input.data = b;
	ev_io_start(c->loop, &b->input);
	puts("ready");
	fflush(stdout);
	ev_run(c->loop, 0);
	client_free(c->callbacks);
	ring_free(c->ring);
	pool_free(c->pool);
	c->ops->close(c->store);
	return 0;
}
