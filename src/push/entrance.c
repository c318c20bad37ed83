/*
 * Somebody logs in for a target: the address that he opens, and the code that
 * he brings back.
 *
 * 1. State and verifier live in the lane, and nowhere else: a restart ends a
 *    login, and a second one replaces the first.
 * 2. A code is taken once, whatever comes of it.
 */
#include "base/clock.h"
#include "push/engine_parts.h"
#include "push/route.h"

static void
entrance_end(struct engine_login *o)
{
	config_unref(TAKE(o->config));
	o->done(o);
}

/* ---- the address ---- */

static int
make_url(struct engine_login *o, struct err *e)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(REQUEST_URL_MAX);
	struct keys keys = { 0 };
	struct delivery d = {
		.config = o->config,
		.target = config_target(o->config, o->target),
		.subject = DELIVER_PING,
		.id = S("login"),
		.now_ms = clock_now_ms(),
	};
	int ret;

	if (keys_read(o->engine->c, o->config->courier.credentials, &d, &keys,
		&o->arena, e) < 0) {
		keys_done(&keys);
		return -1;
	}
	ret = d.target->ops->login(&d, &o->login, &b, e);
	if (ret == 0 && !buf_ok(&b))
		ret = err_set(e, ERR_LIMIT, "the address is longer than %d "
			"bytes", REQUEST_URL_MAX);
	if (ret == 0)
		o->url = arena_copy(&o->arena, buf_slice(&b));
	keys_done(&keys);
	return ret;
}

static void
address_run(struct job *j)
{
	struct engine_login *o = CONTAINER_OF(j, struct engine_login, job);

	if (make_url(o, &o->failed) < 0)
		o->failed.kind = MAX(o->failed.kind, ERR_CONFIG);
}

static void
address_done(struct job *j)
{
	struct engine_login *o = CONTAINER_OF(j, struct engine_login, job);
	struct engine *e = o->engine;
	struct lane *l = lane_find(e, o->target);

	engine_job_ended(e);
	if (o->failed.kind == ERR_NONE && l)
		l->login = o->login;
	entrance_end(o);
}

static void
begin(struct engine *e, struct engine_login *o)
{
	login_init(&o->login, clock_now_ms());
	o->job = (struct job){ .run = address_run, .done = address_done };
	engine_job_begins(e);
	pool_submit(e->c->pool, &o->job, POOL_NOW);
}

/* ---- the code ---- */

static int
take_code(struct engine *e, struct lane *l, struct engine_login *o,
	struct err *ret)
{
	if (!engine_may_send(e)) {
		*ret = e->held;
		return e->is_draining ? err_set(ret, ERR_BUSY,
			"the courier ends") : -1;
	}
	if (l->is_fetching)
		return err_set(ret, ERR_BUSY, "a token is just being asked "
			"for: bring it again in a moment");
	if (login_take(&l->login, o->brought, clock_now_ms(), &o->arena,
		&o->login.code, ret) < 0)
		return -1;
	memcpy(o->login.verifier, l->login.verifier,
		sizeof(o->login.verifier));
	memcpy(o->login.state, l->login.state, sizeof(o->login.state));
	l->login.until = 0;
	return 0;
}

/* ---- both ---- */

static int
check(const struct engine_login *o, const struct lane *l, struct err *e)
{
	if (!l || !l->target) {
		err_set(e, ERR_MISSING, "there is no target \"%.*s\"",
			ARG(o->target));
		return err_hint(e, "\"gazettectl targets\" lists them.");
	}
	if (l->target->ops->login && push_keeps_token(l->target))
		return 0;
	err_set(e, ERR_REFUSED, "nobody has to log in for \"%.*s\"",
		ARG(o->target));
	return err_hint(e, "Its credentials are in files: see "
		"gazetted-targets(5).");
}

void
engine_login(struct engine *e, struct engine_login *o)
{
	struct lane *l = lane_find(e, o->target);

	o->engine = e;
	o->config = config_ref(e->config);
	o->failed = (struct err){ 0 };
	o->url = S("");
	o->arena = (struct arena){ 0 };
	o->login = (struct login){ 0 };
	if (check(o, l, &o->failed) < 0 || (o->brought.len > 0 &&
		take_code(e, l, o, &o->failed) < 0))
		entrance_end(o);
	else if (o->brought.len > 0)
		fetch_begin(e, l, FETCH_LOGIN, o);
	else
		begin(e, o);
}

void
engine_login_done(struct engine_login *l)
{
	explicit_bzero(&l->login, sizeof(l->login));
	arena_done(&l->arena);
}
