/*
 * Routes: which target is told of what.
 */
#include "base/clock.h"
#include "base/fold.h"
#include "base/language_tag.h"
#include "model/access.h"
#include "model/address.h"
#include "push/backfill.h"
#include "push/issue.h"
#include "push/quiet.h"
#include "push/route.h"

enum { UID_HEX = 32 };

/* ---- who wants what ---- */

const struct outbox_target *
route_known(const struct outbox_target *list, size_t n, struct slice name)
{
	for (size_t i = 0; i < n; i++)
		if (slice_eq(list[i].name, name))
			return &list[i];
	return NULL;
}

const struct target *
config_target(const struct config *c, struct slice name)
{
	for (size_t i = 0; i < c->n_targets; i++)
		if (slice_eq(c->targets[i].name, name))
			return &c->targets[i];
	return NULL;
}

struct slice
route_article_subject(int64_t article_id, struct arena *a)
{
	return arena_printf(a, "a%jd", (intmax_t)article_id);
}

/*
 * Is it from before the target was there?  A clock that was ahead then says
 * nothing of today; the cursor has it begin behind what was planned, anyway.
 */
static bool
is_before(const struct route *r, const struct outbox_target *known,
	const struct announcement *n)
{
	return known->since_at <= r->now_ms && backfill_is_before(known, n);
}

/* ---- rows ---- */

static struct slice
hex_of(struct slice text, struct arena *a)
{
	struct sha256 h = sha256_of(text);
	char hex[SHA256_HEX + 1];

	sha256_hex(&h, hex);
	return arena_copy(a, slice(hex, UID_HEX));
}

/* The name of a row that an announcement makes: the same each time. */
static struct slice
uid_of(const struct route *r, const struct target *t,
	const struct outbox_planned *p)
{
	return hex_of(arena_printf(r->arena, "%.*s\n%jd\n%.*s\n%.*s\n%.*s\n"
		"%jd\n%jd", ARG(r->stream), (intmax_t)p->seq, ARG(t->name),
		ARG(p->subject), ARG(p->action), (intmax_t)p->revision,
		(intmax_t)p->at), r->arena);
}

static struct slice
uid_by_chance(struct route *r)
{
	return hex_of(arena_printf(r->arena, "%jx %jx", (uintmax_t)rand_u64(),
		(uintmax_t)rand_u64()), r->arena);
}

static struct outbox_planned *
add(struct route *r, struct outbox_planned p)
{
	r->list = ARENA_GROW(r->arena, r->list, r->n);
	r->list[r->n] = p;
	return &r->list[r->n++];
}

static void
put_approval(const struct target *t, int64_t now_ms, struct outbox_planned *p)
{
	p->state = t->approval == APPROVAL_AUTO ? OUTBOX_READY :
		OUTBOX_PLANNED;
	p->due = t->approval == APPROVAL_MANUAL ? 0 : now_ms +
		(t->approval == APPROVAL_DELAY ? t->delay_ms : 0);
}

/* ---- articles ---- */

static bool
has_section(const struct target *t, struct slice section, struct arena *a)
{
	struct slice key = fold_key(section, a);

	for (size_t i = 0; i < t->n_sections; i++)
		if (slice_eq(key, t->sections[i]))
			return true;
	return t->n_sections == 0;
}

/* What all targets' rows of an announced article have in common. */
struct told {
	const struct announcement *n;
	const struct entry *entry;
	enum delivery_action action;
	struct slice subject;
	struct feed *channels;		/* the public ones */
	size_t n_channels;
};

static int
head_of(struct route *r, int64_t id, const struct feed **ret, struct err *e)
{
	struct feed *f = table_get(&r->heads, slice((const char *)&id,
		sizeof(id)));

	*ret = f;
	if (f)
		return 0;
	f = ARENA_NEW(r->arena, struct feed);
	if (r->ops->feed(r->press, id, r->arena, f, e) < 0)
		return err_forgive(e, ERR_MISSING);
	table_set(&r->heads, slice((const char *)&f->id, sizeof(f->id)), f);
	*ret = f;
	return 0;
}

static int
find_channels(struct route *r, struct told *t, struct err *e)
{
	const struct feed *f;

	t->channels = ARENA_ARRAY(r->arena, struct feed, t->n->n_channels);
	for (size_t i = 0; i < t->n->n_channels; i++) {
		if (head_of(r, t->n->channels[i], &f, e) < 0)
			return -1;
		if (f && !channel_is_private(r->config, f))
			t->channels[t->n_channels++] = *f;
	}
	return 0;
}

/*
 * Does the target get such articles?  What the article itself says of it
 * counts more than its channels, language and section; but a text that is
 * taken back is, wherever it may have been told of.
 */
static bool
is_routed(const struct route *r, const struct target *t,
	const struct told *a)
{
	const struct push_word *word = fields_push(&a->entry->fields, t->name);
	struct slice language = a->entry->lang.len ? a->entry->lang :
		r->config->site.language;

	if (a->n_channels == 0)
		return false;
	if (word && word->send == SAID_YES)
		return true;
	if (word && word->send == SAID_NO &&
		a->action != ACTION_WITHDRAWN)
		return false;
	if (!language_tag_is_among(language, t->languages, t->n_languages) ||
		!has_section(t, a->entry->fields.section, r->arena))
		return false;
	for (size_t i = 0; i < a->n_channels; i++)
		if (target_wants_channel(r->config, t,
			&a->channels[i]))
			return true;
	return false;
}

/* What is urgent, or taken back, does not wait for the morning. */
static void
put_quiet(const struct route *r, const struct target *t,
	const struct told *a, struct outbox_planned *p)
{
	int64_t end = quiet_end(&t->quiet, r->config->site.zone_minutes,
		p->due);

	if (p->due == 0 || p->due == end || a->action == ACTION_WITHDRAWN ||
		a->entry->fields.urgent == SAID_YES)
		return;
	p->due = end;
	if (!t->quiet_drops)
		return;
	p->state = OUTBOX_SKIPPED;
	p->why = S("it came in the target's quiet hours");
}

static void
plan_article(struct route *r, const struct target *t,
	const struct outbox_target *known, const struct told *a)
{
	struct delivery d = { .config = r->config, .target = t,
		.subject = DELIVER_ARTICLE, .action = a->action,
		.revision = a->n->version, .entry = a->entry };
	struct outbox_planned *p;

	if (!is_routed(r, t, a) || !push_wants(&d))
		return;
	p = add(r, (struct outbox_planned){
		.target_id = known->id,
		.subject = a->subject,
		.action = a->n->action,
		.revision = a->n->version,
		.article_id = a->n->article_id,
		.line = a->entry->series_id,
		.seq = a->n->seq,
		.at = a->n->at,
	});
	p->uid = uid_of(r, t, p);
	put_approval(t, r->now_ms, p);
	put_quiet(r, t, a, p);
	/* A text that is taken back is taken back, however late. */
	if (a->action == ACTION_WITHDRAWN || !backfill_is_old(t,
		a->action == ACTION_PUBLISHED, a->entry->published, a->n->at,
		r->now_ms))
		return;
	p->state = OUTBOX_SKIPPED;
	p->why = S("older than the target's max-age");
}

static int
route_article(struct route *r, const struct announcement *n, struct err *e)
{
	struct entry entry;
	struct told a = { .n = n, .entry = &entry };

	if (!delivery_action_parse(n->action, &a.action))
		return 0;
	arena_reset(&r->scratch);
	if (r->ops->entry_by_id(r->press, n->article_id, &r->scratch, &entry,
		e) < 0)
		return err_forgive(e, ERR_MISSING);
	if (find_channels(r, &a, e) < 0)
		return -1;
	a.subject = route_article_subject(n->article_id, r->arena);
	for (size_t i = 0; i < r->config->n_targets; i++) {
		const struct target *t = &r->config->targets[i];
		const struct outbox_target *known = route_known(r->known,
			r->n_known, t->name);

		if (known && !is_before(r, known, n) &&
			(t->ops->can & CAN_ARTICLES))
			plan_article(r, t, known, &a);
	}
	return 0;
}

/* ---- feeds and their documents ---- */

static void
plan_feed(struct route *r, const struct target *t,
	const struct outbox_target *known, const struct announcement *n,
	const struct delivery *d)
{
	struct outbox_planned *p;

	if (!push_wants(d))
		return;
	p = add(r, (struct outbox_planned){
		.target_id = known->id,
		.subject = d->subject == DELIVER_TOPIC ? d->topic :
			arena_printf(r->arena, "f%jd", (intmax_t)n->feed_id),
		.action = S("published"),
		.revision = n->version,
		.feed_id = n->feed_id,
		.seq = n->seq,
		.at = n->at,
		.state = OUTBOX_READY,
		.due = r->now_ms,
		.latest = t->ops->can & CAN_LATEST,
	});
	p->uid = uid_of(r, t, p);
}

static void
plan_feeds(struct route *r, const struct target *t,
	const struct outbox_target *known, const struct announcement *n,
	const struct feed *f)
{
	struct delivery d = { .config = r->config, .target = t,
		.subject = DELIVER_FEED, .revision = n->version, .feed = f };
	const char *ending;

	if (t->ops->can & CAN_FEEDS)
		plan_feed(r, t, known, n, &d);
	d.subject = DELIVER_TOPIC;
	for (size_t i = 0; (t->ops->can & CAN_TOPICS) &&
		(ending = issue_ending(i)); i++) {
		d.topic = site_address(&r->config->site, address_feed(f,
			ending, r->arena), r->arena);
		plan_feed(r, t, known, n, &d);
	}
}

static int
route_feed(struct route *r, const struct announcement *n, struct err *e)
{
	const struct feed *f;

	if (head_of(r, n->feed_id, &f, e) < 0)
		return -1;
	if (!f || channel_is_private(r->config, f))
		return 0;
	for (size_t i = 0; i < r->config->n_targets; i++) {
		const struct target *t = &r->config->targets[i];
		const struct outbox_target *known = route_known(r->known,
			r->n_known, t->name);

		if (known && !is_before(r, known, n) &&
			target_wants_channel(r->config, t, f))
			plan_feeds(r, t, known, n, f);
	}
	return 0;
}

int
route_announcement(struct route *r, const struct announcement *n,
	struct err *e)
{
	return n->kind == ANNOUNCED_FEED ? route_feed(r, n, e) :
		route_article(r, n, e);
}

/* ---- what somebody asked for ---- */

int
route_is_wanted(struct route *r, const struct target *t,
	const struct entry *entry, bool *ret, struct err *e)
{
	const struct delivery d = { .config = r->config, .target = t,
		.subject = DELIVER_ARTICLE, .revision = entry->revision,
		.entry = entry };
	struct told a = { .entry = entry };

	*ret = false;
	arena_reset(&r->scratch);
	if (r->ops->feeds_of(r->press, entry->article_id, &r->scratch,
		&a.channels, &a.n_channels, e) < 0)
		return -1;
	a.n_channels = feeds_keep_public(r->config, a.channels, a.n_channels);
	*ret = is_routed(r, t, &a) && push_wants(&d);
	return 0;
}

void
route_asked(struct route *r, const struct outbox_target *known,
	const struct entry *entry, int64_t due_ms, bool again)
{
	add(r, (struct outbox_planned){
		.target_id = known->id,
		.subject = route_article_subject(entry->article_id, r->arena),
		.action = delivery_action_name(ACTION_PUBLISHED),
		.revision = entry->revision,
		.article_id = entry->article_id,
		.line = entry->series_id,
		.at = r->now_ms / 1000,
		.uid = uid_by_chance(r),
		.state = OUTBOX_READY,
		.due = due_ms,
		.asked = true,
		.again = again,
	});
}

void
route_ping(struct route *r, const struct outbox_target *known)
{
	add(r, (struct outbox_planned){
		.target_id = known->id,
		.subject = S("ping"),
		.action = delivery_action_name(ACTION_PUBLISHED),
		.at = r->now_ms / 1000,
		.uid = uid_by_chance(r),
		.state = OUTBOX_READY,
		.due = r->now_ms,
		.asked = true,
		.again = true,
	});
}

void
route_done(struct route *r)
{
	table_done(&r->heads);
	arena_done(&r->scratch);
}
