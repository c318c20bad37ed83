/*
 * Answers for gazettectl: what the daemon says of itself.
 *
 * What the loop knows is taken when the request comes; what the store knows is
 * read in the pool; the answer is sent from the loop when the job is done.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/path.h"
#include "daemon/answer.h"
#include "daemon/control.h"
#include "daemon/feeds.h"
#include "daemon/flow.h"
#include "daemon/reload.h"
#include "feed/address.h"
#include "feed/render.h"

enum { ASIDES_MAX = 100, SERIES_MAX = 200 };

struct answer_job;

/* A verb that needs the store: fill j->answer, or j->failed. */
typedef void verb_fn(struct answer_job *j, struct store_reader *r);

struct answer_job {
	struct job job;
	struct press *press;
	struct config *config;	/* a reference */
	struct control_request *request;
	verb_fn *verb;
	struct slice argument;
	struct arena arena;
	json_t *answer;
	struct err failed;
};

static json_t *
text(struct slice s)
{
	json_t *v = json_stringn(s.ptr, s.len);

	return v ? v : json_string("(not UTF-8)");
}

/* ---- what the loop knows ---- */

bool
answer_published(const struct press *p)
{
	struct flow_status flow;
	struct feeds_status feeds;

	flow_get_status(p->flow, &flow);
	feeds_get_status(p->feeds, &feeds);
	return flow.reconciled && feeds.dirty == 0;
}

bool
answer_healthy(const struct press *p)
{
	struct flow_status flow;
	struct feeds_status feeds;
	struct watch_status watch;

	flow_get_status(p->flow, &flow);
	feeds_get_status(p->feeds, &feeds);
	watch_get_status(p->watch, &watch);
	return !flow.failing && !feeds.failing && watch.roots_gone == 0;
}

void
answer_summary(const struct press *p, char *ret, size_t size)
{
	struct flow_status flow;
	struct feeds_status feeds;
	struct watch_status watch;

	flow_get_status(p->flow, &flow);
	feeds_get_status(p->feeds, &feeds);
	watch_get_status(p->watch, &watch);
	if (flow.failing)
		snprintf(ret, size, "failing: %s", flow.why.text);
	else if (feeds.failing)
		snprintf(ret, size, "failing: %s", feeds.why.text);
	else if (watch.roots_gone)
		snprintf(ret, size, "waiting: a content directory is gone");
	else if (!flow.reconciled)
		snprintf(ret, size, "serving %zu feeds; comparing the "
			"content, %zu files to read", feeds.feeds,
			watch.dirty);
	else
		snprintf(ret, size, "all is well: %zu feeds from %zu files",
			feeds.feeds, watch.files);
}

static json_t *
watch_answer(const struct press *p)
{
	struct watch_status w;
	json_t *polled = json_array();

	watch_get_status(p->watch, &w);
	for (size_t i = 0; i < p->n_polled; i++)
		json_array_append_new(polled, json_pack("{ssss}", "dir",
			p->polled[i].dir, "why", p->polled[i].why.text));
	return json_pack("{sIsIsIsosIsIsb}", "dirs", (json_int_t)w.dirs,
		"dirs_polled", (json_int_t)w.dirs_polled,
		"files", (json_int_t)w.files, "polled", polled,
		"overflows", (json_int_t)w.overflows,
		"passed_over", (json_int_t)w.passed_over,
		"scanning", (int)w.scanning);
}

static json_t *
addresses_answer(const struct press *p)
{
	json_t *list = json_array();
	const char *address;

	for (size_t i = 0; (address = serve_address(p->serve, i)); i++)
		json_array_append_new(list, json_string(address));
	return list;
}

/* What the loop knows, as it is now. */
static json_t *
status_of_loop(const struct press *p)
{
	struct flow_status flow;
	struct feeds_status feeds;
	struct watch_status watch;
	struct serve_status serve;
	char summary[256];
	json_t *o;

	flow_get_status(p->flow, &flow);
	feeds_get_status(p->feeds, &feeds);
	watch_get_status(p->watch, &watch);
	serve_get_status(p->serve, &serve);
	answer_summary(p, summary, sizeof(summary));
	o = json_pack("{sbsbsssssbsIsIsIsI}", "ok", 1,
		"healthy", (int)answer_healthy(p),
		"state", flow.reconciled ? "serving" : "scanning",
		"summary", summary, "reconciled", (int)flow.reconciled,
		"uptime_s", (json_int_t)(clock_mono_ms() - p->started) / 1000,
		"feeds", (json_int_t)feeds.feeds,
		"dirty", (json_int_t)(watch.dirty + flow.open + feeds.dirty),
		"rendered", (json_int_t)feeds.rendered);
	CHECK(o);
	json_object_set_new(o, "version", json_string(PACKAGE_VERSION));
	json_object_set_new(o, "files", json_integer((json_int_t)
		watch.files));
	json_object_set_new(o, "requests", json_integer((json_int_t)
		serve.requests));
	json_object_set_new(o, "connections", json_integer((json_int_t)
		serve.connections));
	json_object_set_new(o, "last_published", json_integer((json_int_t)
		feeds.last_published));
	json_object_set_new(o, "address", addresses_answer(p));
	json_object_set_new(o, "watch", watch_answer(p));
	return o;
}

/* ---- what the store knows ---- */

static json_t *
numbers(const int *list, size_t n)
{
	json_t *a = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(a, json_integer(list[i]));
	return a;
}

static int
put_series(struct answer_job *j, struct store_reader *r)
{
	json_t *list = json_array();
	struct series_info *s;
	size_t n;

	json_object_set_new(j->answer, "series", list);
	if (j->press->ops->series(r, SERIES_MAX, &j->arena, &s, &n,
		&j->failed) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_pack("{sososiso so}",
			"title", text(s[i].title), "slug", text(s[i].slug),
			"total", s[i].total,
			"parts", numbers(s[i].parts, s[i].n_parts),
			"missing", numbers(s[i].missing, s[i].n_missing)));
	return 0;
}

static void
put_asides(struct answer_job *j, struct store_reader *r)
{
	json_t *list = json_array();
	struct aside *a;
	size_t n;

	json_object_set_new(j->answer, "aside", list);
	if (j->press->ops->asides(r, ASIDES_MAX, &j->arena, &a, &n,
		&j->failed) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_pack("{sososo sI}",
			"path", text(a[i].path), "why", text(a[i].why),
			"hint", text(a[i].hint),
			"since", (json_int_t)a[i].since));
}

static void
status_verb(struct answer_job *j, struct store_reader *r)
{
	struct store_counts c;

	if (j->press->ops->counts(r, &c, &j->failed) < 0)
		return;
	json_object_set_new(j->answer, "articles",
		json_integer((json_int_t)c.articles));
	json_object_set_new(j->answer, "withdrawn",
		json_integer((json_int_t)c.withdrawn));
	json_object_set_new(j->answer, "topics",
		json_integer((json_int_t)c.topics));
	json_object_set_new(j->answer, "set_aside",
		json_integer((json_int_t)c.aside));
	if (put_series(j, r) == 0)
		put_asides(j, r);
}

static const char *
kind_name(enum channel_kind kind)
{
	return kind == CHANNEL_SERIES ? "series" :
		kind == CHANNEL_TOPIC ? "topic" : "all";
}

static json_t *
feed_answer(struct answer_job *j, const struct feed *f)
{
	struct slice address = address_feed(f, renderers[0]->ending,
		&j->arena);

	return json_pack("{ss sososo sI sI ss so sb}",
		"kind", kind_name(f->kind), "slug", text(f->slug),
		"title", text(feed_title(j->config, f)),
		"path", text(address),
		"entries", (json_int_t)f->entries,
		"mtime", (json_int_t)f->mtime, "etag", f->etag,
		"url", text(site_address(&j->config->site, address,
			&j->arena)),
		"published", f->published >= f->wanted);
}

static void
feeds_verb(struct answer_job *j, struct store_reader *r)
{
	json_t *list = json_array();
	struct feed *f;
	size_t n;

	json_object_set_new(j->answer, "feeds", list);
	if (j->press->ops->feeds(r, &j->arena, &f, &n, &j->failed) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, feed_answer(j, &f[i]));
}

static json_t *
people_answer(const struct entry *e)
{
	static const char *const roles[] = {
		[ROLE_AUTHOR] = "author",
		[ROLE_EDITOR] = "editor",
		[ROLE_PHOTOGRAPHER] = "photographer",
	};
	json_t *list = json_array();

	for (size_t i = 0; i < e->n_people; i++)
		json_array_append_new(list, json_pack("{soss}",
			"name", text(e->people[i].name),
			"role", roles[e->people[i].role]));
	return list;
}

static json_t *
related_answer(struct answer_job *j, const struct entry *e)
{
	json_t *list = json_array();

	for (size_t i = 0; i < e->n_related; i++) {
		const struct related *r = &e->related[i];

		json_array_append_new(list, json_pack("{soso}",
			"title", text(r->title),
			"url", r->article_id ? text(address_article(j->config,
				r->path, r->slug, &j->arena)) : json_null()));
	}
	return list;
}

static json_t *
entry_answer(struct answer_job *j, const struct entry *e)
{
	static const char *const states[] = {
		[STATE_LIVE] = "live",
		[STATE_WITHDRAWN] = "withdrawn",
		[STATE_KEPT] = "kept",
	};
	json_t *o = json_pack("{sososososososIsIss so so}",
		"path", text(e->path), "id", text(e->uid),
		"slug", text(e->slug), "title", text(e->title),
		"headline", text(e->headline),
		"url", text(address_article(j->config, e->path, e->slug,
			&j->arena)),
		"published", (json_int_t)e->published,
		"updated", (json_int_t)e->updated,
		"state", states[e->state],
		"people", people_answer(e),
		"related", related_answer(j, e));

	CHECK(o);
	json_object_set_new(o, "series", e->series_id ?
		json_pack("{sosi}", "title", text(e->series_title),
			"part", e->part) : json_null());
	return o;
}

/* Why a file is set aside, or NULL when it is not. */
static json_t *
aside_answer(struct answer_job *j, struct store_reader *r)
{
	struct aside *a;
	size_t n;

	if (j->press->ops->asides(r, SIZE_MAX / 2, &j->arena, &a, &n,
		&j->failed) < 0)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (slice_eq(a[i].path, j->argument))
			return json_pack("{soso}", "why", text(a[i].why),
				"hint", text(a[i].hint));
	return NULL;
}

static void
article_verb(struct answer_job *j, struct store_reader *r)
{
	json_t *o, *list, *aside = aside_answer(j, r);
	struct entry e;
	struct feed *f;
	size_t n;

	if (j->press->ops->entry_by_path(r, j->argument, &j->arena, &e,
		&j->failed) < 0) {
		if (!aside) {
			err_in(&j->failed, "\"%.*s\"", ARG(j->argument));
			return;
		}
		j->failed.kind = ERR_NONE;
		o = json_pack("{soss}", "path", text(j->argument),
			"state", "aside");
		json_object_set_new(o, "aside", aside);
		json_object_set_new(j->answer, "article", o);
		return;
	}
	o = entry_answer(j, &e);
	json_object_set_new(o, "aside", aside ? aside : json_null());
	json_object_set_new(j->answer, "article", o);
	list = json_array();
	json_object_set_new(o, "feeds", list);
	if (j->press->ops->feeds_of(r, e.article_id, &j->arena, &f, &n,
		&j->failed) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, text(site_address(
			&j->config->site, address_feed(&f[i],
			renderers[0]->ending, &j->arena), &j->arena)));
}

/* ---- requests ---- */

static void
answer_run(struct job *job)
{
	struct answer_job *j = CONTAINER_OF(job, struct answer_job, job);
	const struct store_ops *ops = j->press->ops;
	struct store_reader *r = ops->reader_take(j->press->store);

	j->verb(j, r);
	ops->reader_give(j->press->store, r);
}

static void
answer_done(struct job *job)
{
	struct answer_job *j = CONTAINER_OF(job, struct answer_job, job);

	if (j->failed.kind == ERR_NONE) {
		control_answer(j->request, TAKE(j->answer));
	} else {
		control_fail(j->request, j->failed.kind == ERR_MISSING ?
			CONTROL_NOT_FOUND : CONTROL_FAILED, &j->failed);
		json_decref(j->answer);
	}
	config_unref(j->config);
	arena_done(&j->arena);
	free(j);
}

static void
ask_store(struct press *p, struct control_request *r, verb_fn *verb,
	json_t *answer, struct slice argument)
{
	struct answer_job *j = x_calloc(1, sizeof(*j));

	CHECK(answer);
	j->job.run = answer_run;
	j->job.done = answer_done;
	j->press = p;
	j->config = config_ref(p->config);
	j->request = r;
	j->verb = verb;
	j->argument = arena_copy(&j->arena, argument);
	j->answer = answer;
	pool_submit(p->pool, &j->job, POOL_NOW);
}

/*
 * The path as the store has it: that of the file, if it is in a content
 * directory; else the path is meant to be the store's already.
 */
static struct slice
store_path(const struct press *p, const char *path, const char *file,
	struct arena *a)
{
	for (size_t i = 0; file && i < p->config->n_roots; i++) {
		const struct content_root *r = &p->config->roots[i];
		struct slice rest = slice_str(file);

		if (!path_is_in(file, r->dir))
			continue;
		rest = slice_from(rest, strlen(r->dir));
		if (slice_starts(rest, S("/")))
			rest = slice_from(rest, 1);
		return r->prefix.len == 0 ? rest : arena_printf(a, "%.*s%s%.*s",
			ARG(r->prefix), rest.len ? "/" : "", ARG(rest));
	}
	return slice_str(path);
}

static void
on_request(void *ctx, struct control_request *r, const char *verb,
	json_t *args)
{
	struct press *p = ctx;
	const char *path = json_string_value(json_object_get(args, "path"));
	const char *file = json_string_value(json_object_get(args, "file"));
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice stored = store_path(p, path ? path : "", file, &a);
	struct err e;

	if (strcmp(verb, "health") == 0) {
		control_answer(r, status_of_loop(p));
	} else if (strcmp(verb, "status") == 0) {
		ask_store(p, r, status_verb, status_of_loop(p), stored);
	} else if (strcmp(verb, "feeds") == 0) {
		ask_store(p, r, feeds_verb, json_pack("{sb}", "ok", 1), stored);
	} else if (strcmp(verb, "article") == 0 && path) {
		ask_store(p, r, article_verb, json_pack("{sb}", "ok", 1),
			stored);
	} else if (strcmp(verb, "rescan") == 0) {
		watch_rescan(p->watch, stored);
		control_answer(r, json_pack("{sbsb}", "ok", 1, "queued", 1));
	} else if (strcmp(verb, "reload") == 0) {
		reload_by_request(p, r);
	} else {
		err_set(&e, ERR_MISSING, "there is no verb \"%s\"", verb);
		control_fail(r, CONTROL_USAGE, &e);
	}
}

static const struct control_ops control_ops = { .request = on_request };

int
answer_start(struct press *p, struct err *e)
{
	return control_new(p->loop, p->config->control, &control_ops, p,
		&p->control, e);
}

void
answer_stop(struct press *p)
{
	control_free(TAKE(p->control));
}
