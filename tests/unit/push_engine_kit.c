/*
 * What the engine's tests share (see the header).
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <sqlite3.h>

#include "base/clock.h"
#include "base/secret.h"
#include "push_engine_kit.h"

enum { PATIENCE_MS = 20000 };

struct desk desk;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct network loopback;
static struct arena texts;

/* ---- the targets ---- */

static void
put(char *ret, size_t size, struct slice s)
{
	snprintf(ret, size, "%.*s", ARG(s));
}

static void
remember(const struct delivery *d, bool asked)
{
	struct desk_sent *s;

	pthread_mutex_lock(&lock);
	s = &desk.sent[desk.n_sent++ % DESK_SENT_MAX];
	*s = (struct desk_sent){ .step = d->step, .attempt = d->attempt,
		.asked = asked };
	put(s->target, sizeof(s->target), d->target->name);
	put(s->id, sizeof(s->id), d->id);
	put(s->memo, sizeof(s->memo), d->memo);
	put(s->action, sizeof(s->action), delivery_action_name(d->action));
	if (d->subject == DELIVER_TOPIC)
		put(s->topic, sizeof(s->topic), d->topic);
	if (d->entry)
		put(s->title, sizeof(s->title), d->entry->title);
	pthread_mutex_unlock(&lock);
}

static int
build(const struct delivery *d, struct request *q, struct err *e)
{
	const struct secret *key = NULL;

	if (desk.needs_secret && !(key = delivery_secret(d, S("key"), e)))
		return -1;
	if (!desk.path)
		return request_check(q, e);
	pthread_mutex_lock(&lock);
	request_post(q, slice_str(peer_url("127.0.0.1", desk.path)));
	pthread_mutex_unlock(&lock);
	request_header(q, "Id", d->id);
	request_json_number(q, "now", d->now_ms);
	request_json_number(q, "chance", (int64_t)(d->chance >> 1));
	if (key) {
		request_hide(q, secret_text(key));
		request_json(q, "key", secret_text(key));
	}
	return request_check(q, e);
}

static int
compose(const struct delivery *d, struct request *q, struct err *e)
{
	remember(d, false);
	return build(d, q, e);
}

static int
ask(const struct delivery *d, struct request *q, struct err *e)
{
	remember(d, true);
	return build(d, q, e);
}

static struct verdict
judge(const struct delivery *d, const struct response *r, struct err *e)
{
	struct verdict v = verdict_done();

	(void)d;
	(void)r;
	pthread_mutex_lock(&lock);
	if (desk.at < desk.n_script)
		v = desk.script[desk.at++];
	pthread_mutex_unlock(&lock);
	err_set(e, ERR_REFUSED, "scripted");
	return v;
}

static const struct setting settings[] = { { 0 } };
static const struct setting secret_settings[] = {
	{ "key", SETTING_TEXT, .check = target_check_credential,
		.help = "A credential." },
	{ 0 },
};

/* What such a target's settings are: `key`. */
static const struct slice secret_conf = S_INIT("key");

#define TARGET_TYPE(type, flags, ...) \
	const struct target_ops desk_##type = { .name = #type, \
		.settings = secret_settings, .can = (flags), \
		.compose = compose, .judge = judge, __VA_ARGS__ }

TARGET_TYPE(blind, CAN_ARTICLES | CAN_BLIND, .help = "Once.");
TARGET_TYPE(repeat, CAN_ARTICLES | CAN_REPEAT, .help = "Again.");
TARGET_TYPE(back, CAN_ARTICLES | CAN_READ_BACK, .ask = ask, .answer = judge);
const struct target_ops desk_topics = { .name = "topics",
	.settings = settings, .can = CAN_TOPICS | CAN_LATEST | CAN_REPEAT,
	.compose = compose, .judge = judge };

struct target *
desk_target(const char *name, const struct target_ops *ops)
{
	struct target *t = &desk.targets[desk.n_targets++];

	*t = (struct target){ .ops = ops, .name = slice_str(name),
		.type = slice_str(ops->name), .conf = &secret_conf };
	return t;
}

void
desk_will(struct verdict v)
{
	desk.script[desk.n_script++] = v;
}

/* ---- life ---- */

static void
on_tell(void *ctx, enum courier_news news, struct slice of,
	struct slice what, int64_t n, const struct err *why)
{
	(void)ctx;
	(void)of;
	(void)what;
	(void)n;
	desk.told[news]++;
	if (why)
		desk.why = *why;
}

static const struct courier_ops tell = { .tell = on_tell };

static struct config *
make_config(void)
{
	struct config *c = x_calloc(1, sizeof(*c));

	c->refs = 1;
	c->site.url = S("http://news.example.org/");
	c->state_dir = kit.dir;
	c->publish_dir = arena_printf(&c->arena, "%s/www", kit.dir).ptr;
	c->channels = desk.channels;
	c->n_channels = desk.n_channels;
	c->targets = ARENA_ARRAY(&c->arena, struct target, DESK_TARGETS_MAX);
	memcpy(c->targets, desk.targets, sizeof(desk.targets));
	c->n_targets = desk.n_targets;
	CHECK(network_parse(S("127.0.0.0/8"), &loopback));
	c->courier = (struct courier_conf){ .state_dir = kit.dir,
		.credentials = kit.dir, .instance = slice_str(desk.instance),
		.allow = { &loopback, 1 } };
	return c;
}

void
desk_open(void)
{
	struct courier *c = &desk.courier;
	struct store_open o = { .state_dir = kit.dir, .loop = kit.loop };
	struct client_limits l = { 0 };
	struct err e;

	*c = (struct courier){ .loop = kit.loop, .ops = &store_sqlite,
		.tell = &tell };
	c->pool = pool_new(c->loop, 2);
	c->config = make_config();
	if (c->ops->open_courier(&o, &c->store, &e) < 0 ||
		c->ops->open_reading(kit.dir, &c->press, &e) < 0)
		fail_msg("%s", e.text);
	c->targets = client_new(c->loop, &l);
	assert_int_equal(engine_new(c, &c->engine, &e), 0);
}

void
desk_close(void)
{
	struct courier *c = &desk.courier;

	engine_drain(c->engine);
	client_free(TAKE(c->targets));
	while (engine_has_jobs(c->engine))
		ev_run(c->loop, EVRUN_ONCE);
	assert_true(engine_is_drained(c->engine));
	engine_free(TAKE(c->engine));
	pool_free(TAKE(c->pool));
	c->ops->close(TAKE(c->press));
	c->ops->close(TAKE(c->store));
	config_unref(TAKE(c->config));
}

int
desk_begin(void **state)
{
	desk = (struct desk){ .path = "/ok", .instance = "here" };
	peer_begin(state);
	return kit_begin(state);
}

int
desk_end(void **state)
{
	clock_set_ms(-1);
	if (desk.courier.engine)
		desk_close();
	arena_done(&texts);
	kit_end(state);
	return peer_end(state);
}

/* ---- time ---- */

static void
on_time(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)w;
	(void)events;
	ev_break(loop, EVBREAK_ONE);
}

/* Turn the loop, for so long at most. */
static void
turn(double seconds)
{
	ev_timer t;

	ev_timer_init(&t, on_time, seconds, 0);
	ev_timer_start(kit.loop, &t);
	ev_run(kit.loop, EVRUN_ONCE);
	ev_timer_stop(kit.loop, &t);
}

static bool
is_busy(const struct engine *e)
{
	return e->jobs > 0 || e->n_errands > 0;
}

void
desk_settle(void)
{
	int64_t end = clock_mono_ms() + PATIENCE_MS;
	int quiet = 0;

	while (quiet < 3) {
		if (clock_mono_ms() > end)
			fail_msg("it does not come to rest: %s", desk_rows());
		turn(.01);
		quiet = is_busy(desk.courier.engine) ? 0 : quiet + 1;
	}
}

void
desk_wait_sent(size_t n)
{
	int64_t end = clock_mono_ms() + PATIENCE_MS;
	size_t now = 0;

	while (now < n) {
		if (clock_mono_ms() > end)
			fail_msg("%zu were sent, not %zu", now, n);
		turn(.01);
		pthread_mutex_lock(&lock);
		now = desk.n_sent;
		pthread_mutex_unlock(&lock);
	}
}

void
desk_later(int64_t ms)
{
	clock_set_ms(clock_now_ms() + ms);
	lanes_touch(desk.courier.engine);
	engine_wake(desk.courier.engine);
	engine_pick(desk.courier.engine);
	desk_settle();
}

void
desk_publish(void)
{
	kit_publish_all(&kit);
	if (desk.courier.engine) {
		engine_wake(desk.courier.engine);
		desk_settle();
	}
}

/* ---- looking ---- */

const char *
desk_rows(void)
{
	struct courier *c = &desk.courier;
	struct store_reader *r = c->ops->reader_take(c->store);
	CLEANUP(buf_done) struct buf b = BUF_INIT(10000);
	CLEANUP(arena_done) struct arena a = { 0 };
	const struct outbox_filter all = { 0 };
	struct outbox_row *rows;
	struct err e;
	size_t n;

	if (outbox_sqlite.list(r, &all, &a, &rows, &n, &e) < 0)
		fail_msg("%s", e.text);
	c->ops->reader_give(c->store, r);
	while (n-- > 0)
		buf_printf(&b, "%s%jd %.*s %.*s %.*s", b.len ? " / " : "",
			(intmax_t)rows[n].id, ARG(rows[n].target),
			ARG(rows[n].plan.subject),
			ARG(outbox_state_name(rows[n].plan.state)));
	return arena_copy(&texts, buf_slice(&b)).ptr;
}

int64_t
desk_sql(const char *sql)
{
	sqlite3_stmt *st;
	sqlite3 *db;
	int64_t ret;

	assert_int_equal(sqlite3_open(kit_path(&kit, "courier.db"), &db),
		SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	ret = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
	assert_int_equal(sqlite3_finalize(st), SQLITE_OK);
	sqlite3_close(db);
	return ret;
}

/* ---- asking ---- */

static bool is_done;

static void
on_order(struct engine_order *o)
{
	(void)o;
	is_done = true;
}

static void
give(struct engine_order *o)
{
	o->done = on_order;
	is_done = false;
	engine_order(desk.courier.engine, o);
	while (!is_done)
		turn(.01);
	desk_settle();
}

int64_t
desk_order(struct engine_order o)
{
	give(&o);
	if (o.failed.kind != ERR_NONE)
		fail_msg("%s", o.failed.text);
	return o.n;
}

const char *
desk_refused(struct engine_order o)
{
	give(&o);
	assert_int_not_equal(o.failed.kind, ERR_NONE);
	return arena_copy(&texts, slice_str(o.failed.text)).ptr;
}

static void
on_preview(struct engine_preview *p)
{
	(void)p;
	is_done = true;
}

struct engine_preview
desk_preview(int64_t id, const char *path)
{
	struct engine_preview p = { .id = id, .path = slice_str(path),
		.done = on_preview };

	is_done = false;
	engine_preview(desk.courier.engine, &p);
	while (!is_done)
		turn(.01);
	if (p.failed.kind != ERR_NONE)
		fail_msg("%s", p.failed.text);
	return p;
}
