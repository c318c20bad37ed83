/*
 * What the ring's tests share (see the header).
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "base/file.h"
#include "push_ring_kit.h"

enum { PATIENCE_S = 60, LEASE_S = 3600, BODY = 2048 };

struct ring_kit kit;

/* ---- news ---- */

/* In the daemon this is courier.c's. */
void
courier_tell(struct courier *c, enum courier_news news, struct slice of,
	struct slice what, int64_t n, const struct err *why)
{
	(void)c;
	(void)of;
	(void)what;
	kit.told[news]++;
	if (news == COURIER_FANNED_OUT)
		kit.fanned_out = n;
	if (why)
		snprintf(kit.why, sizeof(kit.why), "%.199s", why->text);
}

/* ---- the database ---- */

static void
sql(const char *text, int64_t *ret)
{
	sqlite3_stmt *st;
	char path[128];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/courier.db", kit.dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	if (sqlite3_prepare_v2(db, text, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
	*ret = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) :
		0;
	if (sqlite3_finalize(st) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
	sqlite3_close(db);
}

int64_t
kit_sql(const char *text)
{
	int64_t ret;

	sql(text, &ret);
	return ret;
}

void
kit_subscribe(size_t from, size_t to, const char *secret)
{
	char text[1000];

	snprintf(text, sizeof(text), "WITH RECURSIVE n (i) AS (VALUES (%zu)"
		" UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %zu)"
		" INSERT INTO hub_sub (id, topic_id, callback, host, secret,"
		" expires) SELECT i + 10, %d,"
		" 'http://127.0.0.1:%u/' || i, 'h' || i,"
		" cast(%s%s%s AS BLOB), %jd FROM n", from, to, KIT_TOPIC,
		kit.crowd.port, secret ? "'" : "", secret ? secret : "NULL",
		secret ? "'" : "", (intmax_t)(clock_now() + LEASE_S));
	kit_sql(text);
}

/* ---- the courier ---- */

static struct config *
make_config(void)
{
	struct config *c = x_calloc(1, sizeof(*c));
	struct arena *a = &c->arena;

	c->refs = 1;
	c->site.url = S("http://news.example.org/");
	c->site.hubs = ARENA_ARRAY(a, struct slice, 2);
	c->site.hubs[0] = S("http://news.example.org/hub");
	c->site.hubs[1] = S("https://hub.example.net/");
	c->site.n_hubs = 2;
	c->publish_dir = arena_printf(a, "%s/www", kit.dir).ptr;
	CHECK(network_parse(S("127.0.0.0/8"), &kit.loopback));
	c->hub = (struct hub_conf){ .serve = true,
		.signature = SIGNATURE_SHA256,
		.allow = { &kit.loopback, 1 },
		.concurrency = 64, .host_concurrency = 64 };
	return c;
}

void
kit_open(void)
{
	struct courier *c = &kit.courier;
	struct client_limits l = { .total = 64, .per_host = 64 };
	struct store_open o = { .state_dir = kit.dir };
	struct err e;

	*c = (struct courier){ .ops = &store_sqlite };
	c->loop = o.loop = ev_loop_new(EVFLAG_AUTO);
	c->pool = pool_new(c->loop, 2);
	c->config = make_config();
	if (c->ops->open_courier(&o, &c->store, &e) < 0)
		fail_msg("%s", e.text);
	kit_sql("INSERT OR IGNORE INTO hub_topic (id, url, feed_id) VALUES"
		" (3, 'http://news.example.org/feeds/all.atom', 7)");
	c->callbacks = client_new(c->loop, &l);
	assert_int_equal(ring_new(c, &c->ring, &e), 0);
}

void
kit_close(void)
{
	struct courier *c = &kit.courier;

	ring_drain(c->ring);
	/* Who does not answer is not waited for. */
	for (unsigned i = 0; i < 20 && !ring_is_drained(c->ring); i++)
		kit_run(10);
	client_free(TAKE(c->callbacks));
	ring_free(TAKE(c->ring));
	pool_free(TAKE(c->pool));
	c->ops->close(TAKE(c->store));
	config_unref(TAKE(c->config));
	ev_loop_destroy(TAKE(c->loop));
}

void
kit_begin(size_t members)
{
	kit = (struct ring_kit){ .dir = "ring.XXXXXX" };
	assert_non_null(mkdtemp(kit.dir));
	crowd_start(&kit.crowd, members);
}

void
kit_end(void)
{
	char command[128];

	clock_set_ms(-1);
	crowd_stop(&kit.crowd);
	snprintf(command, sizeof(command), "rm -r '%s'", kit.dir);
	assert_int_equal(system(command), 0);
}

/* ---- versions ---- */

void
kit_write(unsigned version)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(2 * BODY);
	char path[128];
	struct err e;

	snprintf(path, sizeof(path), "%s/www/feeds/all.atom", kit.dir);
	buf_printf(&b, "version %u\n", version);
	while (b.len < BODY)
		buf_put_byte(&b, '.');
	if (file_replace(AT_FDCWD, path, buf_slice(&b), -1, &e) < 0)
		fail_msg("%s", e.text);
}

struct announce_job {
	struct store_job job;
	unsigned version;
	bool done;
};

static void
announce_run(struct store_job *j, struct store_tx *tx)
{
	struct announce_job *a = CONTAINER_OF(j, struct announce_job, job);

	if (ring_announce(tx, KIT_FEED, a->version, &j->failed) < 0)
		j->failed.kind = ERR_STORE;
}

static void
announce_done(struct store_job *j)
{
	CONTAINER_OF(j, struct announce_job, job)->done = true;
}

void
kit_announce(unsigned version)
{
	struct announce_job a = { .job = { .run = announce_run,
		.done = announce_done }, .version = version };
	struct courier *c = &kit.courier;

	kit_write(version);
	c->ops->submit(c->store, &a.job);
	while (!a.done)
		ev_run(c->loop, EVRUN_ONCE);
	if (a.job.failed.kind != ERR_NONE)
		fail_msg("%s", a.job.failed.text);
	ring_wake(c->ring);
}

/* ---- time ---- */

static void
on_time(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)w;
	(void)events;
	ev_break(loop, EVBREAK_ONE);
}

void
kit_run(int64_t ms)
{
	ev_timer t;

	ev_timer_init(&t, on_time, (double)ms / 1e3, 0);
	ev_timer_start(kit.courier.loop, &t);
	ev_run(kit.courier.loop, 0);
}

void
kit_wait(bool (*is_so)(void))
{
	int64_t until = crowd_now_us() + (int64_t)PATIENCE_S * 1000000;

	while (!is_so()) {
		if (crowd_now_us() > until)
			fail_msg("it does not happen; told last: %s",
				kit.why);
		kit_run(5);
	}
}

bool
kit_is_over(void)
{
	struct ring *r = kit.courier.ring;

	return !r->rounds && !r->is_loading && acks_are_empty(r);
}
