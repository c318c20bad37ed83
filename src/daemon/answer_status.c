/*
 * How the daemon is: for gazettectl status, and the service manager.
 */
#include <stdio.h>

#include "base/clock.h"
#include "daemon/answer.h"
#include "daemon/answer_verb.h"
#include "daemon/feeds.h"
#include "daemon/flow.h"
#include "daemon/holds.h"
#include "daemon/releases.h"

enum { ASIDES_MAX = 100, SERIES_MAX = 200 };

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
	return !flow.failing && !feeds.failing && watch.roots_gone == 0 &&
		holds_counts(p->holds)->guarded == 0 &&
		releases_ahead(p->releases) == 0;
}

void
answer_summary(const struct press *p, char *ret, size_t size)
{
	struct flow_status flow;
	struct feeds_status feeds;
	struct watch_status watch;

	if (!p->store) {
		snprintf(ret, size, "telling others");
		return;
	}
	flow_get_status(p->flow, &flow);
	feeds_get_status(p->feeds, &feeds);
	watch_get_status(p->watch, &watch);
	if (flow.failing)
		snprintf(ret, size, "failing: %s", flow.why.text);
	else if (feeds.failing)
		snprintf(ret, size, "failing: %s", feeds.why.text);
	else if (watch.roots_gone)
		snprintf(ret, size, "waiting: a content directory is gone");
	else if (holds_counts(p->holds)->guarded > 0)
		snprintf(ret, size, "%jd deletions are held: bring the files "
			"back, or \"gazettectl confirm\"",
			(intmax_t)holds_counts(p->holds)->guarded);
	else if (releases_ahead(p->releases) > 0)
		snprintf(ret, size, "the clock jumped ahead by %jd s: set it "
			"right, or \"gazettectl confirm\"",
			(intmax_t)releases_ahead(p->releases));
	else if (!flow.reconciled)
		snprintf(ret, size, "serving %zu feeds; comparing the "
			"content, %zu files to read", feeds.feeds,
			watch.dirty);
	else if (flow.rereading)
		snprintf(ret, size, "serving %zu feeds; the rules changed, "
			"%zu of %zu files to read again", feeds.feeds,
			watch.dirty, watch.files);
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
held_answer(const struct press *p)
{
	const struct hold_counts *n = holds_counts(p->holds);

	return json_pack("{sIsI}", "guard", (json_int_t)n->guarded, "ask",
		(json_int_t)n->asked);
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

/* Of a process that has no press. */
static json_t *
courier_health(const struct press *p)
{
	char summary[256];

	answer_summary(p, summary, sizeof(summary));
	return json_pack("{sb ss ss sb sI ss}", "healthy", 1, "state",
		"pushing", "summary", summary, "reconciled", 1, "uptime_s",
		(json_int_t)(clock_mono_ms() - p->started) / 1000,
		"version", PACKAGE_VERSION);
}

json_t *
answer_health(const struct press *p)
{
	struct flow_status flow;
	struct feeds_status feeds;
	struct watch_status watch;
	struct serve_status serve;
	char summary[256];
	json_t *o;

	if (!p->store)
		return courier_health(p);
	flow_get_status(p->flow, &flow);
	feeds_get_status(p->feeds, &feeds);
	watch_get_status(p->watch, &watch);
	serve_get_status(p->serve, &serve);
	answer_summary(p, summary, sizeof(summary));
	o = json_pack("{sb ss ss sb sI sI sI sI sI ss sI sI sI sI}",
		"healthy", (int)answer_healthy(p),
		"state", flow.reconciled ? "serving" : "scanning",
		"summary", summary, "reconciled", (int)flow.reconciled,
		"uptime_s", (json_int_t)(clock_mono_ms() - p->started) / 1000,
		"feeds", (json_int_t)feeds.feeds,
		"dirty", (json_int_t)(watch.dirty + flow.open + feeds.dirty +
			holds_open(p->holds)),
		"rendered", (json_int_t)feeds.rendered,
		"fragments", (json_int_t)fragments_made(p->fragments),
		"version", PACKAGE_VERSION,
		"files", (json_int_t)watch.files,
		"requests", (json_int_t)serve.requests,
		"connections", (json_int_t)serve.connections,
		"last_published", (json_int_t)feeds.last_published);
	CHECK(o);
	json_object_set_new(o, "address", addresses_answer(p));
	json_object_set_new(o, "watch", watch_answer(p));
	json_object_set_new(o, "held", held_answer(p));
	return o;
}

void
answer_status_begin(struct answer_job *j)
{
	json_t *o = answer_health(j->press);

	json_object_update(j->answer, o);
	json_decref(o);
}

/* ---- what the store knows ---- */

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
			"path", answer_text(a[i].path),
			"why", answer_text(a[i].why),
			"hint", answer_text(a[i].hint),
			"since", (json_int_t)a[i].since));
}

void
answer_status_read(struct answer_job *j, struct store_reader *r)
{
	struct store_counts c;
	struct file_waits w;
	json_t *o;

	if (j->press->ops->counts(r, &c, &j->failed) < 0 ||
		j->press->ops->waits(r, &w, &j->failed) < 0)
		return;
	o = json_pack("{sI sI sI sI sI sI sI}",
		"drafts", (json_int_t)w.drafts,
		"embargoed", (json_int_t)w.waiting,
		"next_release", (json_int_t)w.next,
		"articles", (json_int_t)c.articles,
		"withdrawn", (json_int_t)c.withdrawn,
		"topics", (json_int_t)c.topics,
		"set_aside", (json_int_t)c.aside);
	CHECK(o);
	json_object_update(j->answer, o);
	json_decref(o);
	if (answer_put_series(j, r, SERIES_MAX) == 0 &&
		answer_put_near(j, r, 0) == 0)
		put_asides(j, r);
}

