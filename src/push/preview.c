/*
 * Previews: what was sent, or would be, byte for byte; nothing leaves.
 *
 * A row of the outbox is prepared by the very functions that send it.  For an
 * article that is not owed to a target a row is imagined, as an announcement
 * of this moment would make it.
 */
#include "base/clock.h"
#include "push/engine_parts.h"
#include "push/fence.h"
#include "push/route.h"

enum { SHOWN_REQUEST_MAX = 2 * REQUEST_BODY_MAX };

/* What the pool's part works with. */
struct showing {
	struct engine_preview *p;
	struct store_reader *store;
	int64_t now_ms;
};

static void
put_request(const struct prepared *from, struct arena *a,
	struct engine_shown *ret)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(SHOWN_REQUEST_MAX);
	struct sha256 h = request_hash(&from->request);

	request_print_masked(&from->request, &b);
	ret->request = arena_copy(a, buf_slice(&b));
	sha256_hex(&h, ret->hash);
}

static void
put_row(const struct prepared *from, struct engine_shown *ret)
{
	const struct outbox_row *row = &from->row;

	*ret = (struct engine_shown){
		.id = row->id,
		.target = row->target,
		.subject = row->plan.subject,
		.action = row->plan.action,
		.state = row->plan.state,
		.step = row->step,
		.why = row->why,
	};
}

static int
show_row(struct showing *s, const struct outbox_row *row, struct err *e)
{
	struct engine_preview *p = s->p;
	struct prepare how = {
		.courier = p->engine->c,
		.config = p->config,
		.target = config_target(p->config, row->target),
		.now_ms = s->now_ms,
		.is_preview = true,
	};
	struct prepared it = { .row = *row };
	struct engine_shown *shown;
	int ret;

	if (!how.target)
		return err_set(e, ERR_MISSING, "the target \"%.*s\" is not in "
			"the configuration", ARG(row->target));
	ret = prepare_delivery(&how, &it, &p->arena, e);
	p->list = ARENA_GROW(&p->arena, p->list, p->n);
	shown = &p->list[p->n];
	put_row(&it, shown);
	if (ret == 0 && it.is_settled) {
		shown->state = it.is_skipped ? OUTBOX_SKIPPED :
			it.verdict.kind == VERDICT_REJECT ? OUTBOX_REJECTED :
			row->plan.state;
		shown->why = arena_copy(&p->arena, slice_str(it.why.text));
	} else if (ret == 0) {
		put_request(&it, &p->arena, shown);
	}
	p->n += ret == 0;
	prepared_done(&it);
	return ret;
}

/* ---- one of the outbox ---- */

static int
show_id(struct showing *s, struct err *e)
{
	struct outbox_row row;

	if (s->p->engine->outbox->show(s->store, s->p->id, &s->p->arena, &row,
		e) < 0)
		return -1;
	return show_row(s, &row, e);
}

/* ---- an article ---- */

/* The newest row of the article for the target; id 0: there is none. */
static int
find_row(struct showing *s, const struct outbox_filter *f,
	struct outbox_row *ret, struct err *e)
{
	struct outbox_row *rows;
	size_t n;

	*ret = (struct outbox_row){ 0 };
	if (s->p->engine->outbox->list(s->store, f, &s->p->arena, &rows, &n,
		e) < 0)
		return -1;
	if (n > 0)
		*ret = rows[0];
	return 0;
}

static int
imagine_row(struct showing *s, struct store_reader *press,
	const struct outbox_target *known, const struct entry *entry,
	struct outbox_row *ret, struct err *e)
{
	struct engine_preview *p = s->p;
	CLEANUP(route_done) struct route r = {
		.config = p->config,
		.ops = p->engine->c->ops,
		.press = press,
		.known = known,
		.n_known = 1,
		.now_ms = s->now_ms,
		.arena = &p->arena,
	};
	struct announcement n = {
		.kind = ANNOUNCED_ARTICLE,
		.article_id = entry->article_id,
		.action = delivery_action_name(entry->state == STATE_WITHDRAWN ?
			ACTION_WITHDRAWN : ACTION_PUBLISHED),
		.version = entry->revision,
		.at = s->now_ms / 1000,
	};
	struct feed *feeds;

	if (r.ops->feeds_of(press, entry->article_id, r.arena, &feeds,
		&n.n_channels, e) < 0)
		return -1;
	n.channels = ARENA_ARRAY(r.arena, int64_t, n.n_channels);
	for (size_t i = 0; i < n.n_channels; i++)
		n.channels[i] = feeds[i].id;
	if (route_announcement(&r, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < r.n; i++)
		if (r.list[i].target_id == known->id)
			*ret = (struct outbox_row){ .plan = r.list[i],
				.target = known->name, .why = r.list[i].why };
	return 0;
}

static int
show_target(struct showing *s, struct store_reader *press,
	const struct outbox_target *known, const struct entry *entry,
	struct err *e)
{
	const struct outbox_filter f = {
		.target = known->name,
		.subject = route_article_subject(entry->article_id,
			&s->p->arena),
		.max = 1,
	};
	struct outbox_row row;

	if (find_row(s, &f, &row, e) < 0)
		return -1;
	if (row.id == 0 && imagine_row(s, press, known, entry, &row, e) < 0)
		return -1;
	return row.target.len > 0 ? show_row(s, &row, e) : 0;
}

static int
show_article(struct showing *s, struct store_reader *press, struct err *e)
{
	struct engine_preview *p = s->p;
	struct outbox_target *known;
	struct entry entry;
	bool any = p->target.len == 0;
	size_t n;

	if (p->engine->c->ops->entry_by_path(press, p->path, &p->arena,
		&entry, e) < 0 || p->engine->outbox->targets(s->store,
		&p->arena, &known, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct target *t = config_target(p->config,
			known[i].name);

		if (!t || !(t->ops->can & CAN_ARTICLES) || (p->target.len > 0
			&& !slice_eq(p->target, known[i].name)))
			continue;
		any = true;
		if (show_target(s, press, &known[i], &entry, e) < 0)
			return -1;
	}
	return any ? 0 : err_set(e, ERR_MISSING, "no target \"%.*s\" is told "
		"of articles", ARG(p->target));
}

/* ---- the job ---- */

static void
preview_run(struct job *j)
{
	struct engine_preview *p = CONTAINER_OF(j, struct engine_preview, job);
	const struct courier *c = p->engine->c;
	struct store_reader *press = c->ops->reader_take(c->press);
	struct showing s = { .p = p, .now_ms = clock_now_ms(),
		.store = c->ops->reader_take(c->store) };
	int ret = p->id ? show_id(&s, &p->failed) :
		show_article(&s, press, &p->failed);

	CHECK(ret == 0 || p->failed.kind != ERR_NONE);
	c->ops->reader_give(c->store, s.store);
	c->ops->reader_give(c->press, press);
}

static void
preview_done(struct job *j)
{
	struct engine_preview *p = CONTAINER_OF(j, struct engine_preview, job);

	engine_job_ended(p->engine);
	config_unref(TAKE(p->config));
	p->done(p);
}

void
engine_preview(struct engine *e, struct engine_preview *p)
{
	p->engine = e;
	p->config = config_ref(e->config);
	p->failed = (struct err){ 0 };
	p->list = NULL;
	p->n = 0;
	p->arena = (struct arena){ 0 };
	p->job = (struct job){ .run = preview_run, .done = preview_done };
	engine_job_begins(e);
	pool_submit(e->c->pool, &p->job, POOL_NOW);
}

void
engine_preview_done(struct engine_preview *p)
{
	arena_done(&p->arena);
	p->list = NULL;
	p->n = 0;
}
