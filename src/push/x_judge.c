/*
 * What answers of X mean.
 */
#include "push/x_parts.h"

enum { HOUR_S = 3600, DAY_S = 24 * HOUR_S, MONTH_S = 30 * DAY_S };

/* ---- what was done ---- */

static bool
has_thread(const struct delivery *d)
{
	const struct x_conf *conf = d->target->conf;

	return conf->thread && d->entry->series_id > 0;
}

struct verdict
x_made(const struct delivery *d, const struct x_work *w, struct slice id,
	struct arena *a)
{
	switch (w->step) {
	case X_POST:
		if (has_thread(d))
			return verdict_next(arena_printf(a, "posted %.*s",
				ARG(id)));
		return verdict_done_as(id);
	case X_EDIT:
		return verdict_done_as(arena_printf(a, "%.*s%.*s", ARG(id),
			ARG(slice_from(w->ids, w->post.len))));
	default:
		return verdict_done_as(arena_printf(a, "%.*s %.*s",
			ARG(w->ids), ARG(id)));
	}
}

/* What there was is there, and nothing else. */
static struct verdict
kept(const struct x_work *w)
{
	return verdict_done_as(w->ids);
}

/* The last one is gone: what it replied to is next. */
static struct verdict
deleted(const struct x_work *w)
{
	ssize_t end = slice_rfind_byte(w->ids, ' ');

	return end < 0 ? verdict_done() : verdict_next(slice_sub(w->ids, 0,
		(size_t)end));
}

static struct verdict
uploaded(const struct delivery *d, const struct x_work *w,
	const struct response *r, const json_t *said, struct err *e)
{
	struct slice id = reply_text(said, "data.id", r->a);
	int64_t s = reply_number(said, "data.expires_after_secs", DAY_S);

	if (!x_is_id(id)) {
		err_set(e, ERR_REFUSED, "X does not say what the picture is "
			"called");
		return verdict_retry(0);
	}
	/* A little less: it has to last until the post. */
	return verdict_uploaded(d->memo, picture_uploaded(w->picture, X_IMAGE,
		id, d->now_ms + MIN(MAX(s, HOUR_S), MONTH_S) * 900));
}

static struct verdict
worked(const struct delivery *d, const struct x_work *w,
	const struct response *r, const json_t *said, struct err *e)
{
	struct slice id;

	switch (w->step) {
	case X_UPLOAD:
		return uploaded(d, w, r, said, e);
	case X_DESCRIBE:
		return verdict_uploaded(d->memo, picture_uploaded(w->picture,
			X_ALT, x_described(w->picture, r->a), d->now_ms +
			DAY_S * INT64_C(1000)));
	case X_DELETE:
		return deleted(w);
	case X_LOOK:
	case X_NOTHING:
		return verdict_done();
	default:
		break;
	}
	id = reply_text(said, "data.id", r->a);
	if (x_is_id(id))
		return x_made(d, w, id, r->a);
	err_set(e, ERR_REFUSED, "X answered %d and does not say which post it "
		"made", r->status);
	return verdict_unknown();
}

/* ---- what failed ---- */

/* The pictures are sent again, once: who forgets them twice will not learn. */
static struct verdict
media_lost(const struct delivery *d, const struct x_work *w, struct arena *a)
{
	struct verdict v = verdict_next(arena_printf(a, "anew%s%.*s",
		d->memo.len > 0 ? " " : "", ARG(d->memo)));

	if (w->is_anew || d->n_pictures == 0)
		return verdict_reject();
	v.upload = picture_uploaded(&d->pictures[0], X_IMAGE, S(""), 0);
	return v;
}

/* It may be our own: that is found by looking. */
static struct verdict
is_twice(const struct delivery *d, const struct x_work *w, struct err *e)
{
	if (w->step == X_FOLLOW || w->step == X_EDIT)
		return kept(w);
	if (d->attempt > 1)
		return verdict_unknown();
	err_hint(e, "The account has posted the same text lately.");
	return verdict_reject();
}

struct verdict
x_failed(const struct delivery *d, const struct x_work *w,
	const struct response *r, enum x_fault fault, struct err *e)
{
	switch (fault) {
	case X_FAULT_LOGIN:
		err_hint(e, "See whether its keys are still good, and whether "
			"this machine's clock is right.");
		return verdict_auth();
	case X_FAULT_ACCOUNT:
		err_hint(e, "See what the developer console of X says of the "
			"app and the account.");
		return verdict_hold();
	case X_FAULT_LATER:
		return verdict_retry(x_wait(d, r));
	case X_FAULT_TWICE:
		return is_twice(d, w, e);
	case X_FAULT_MEDIA:
		return media_lost(d, w, r->a);
	case X_FAULT_GONE:
		if (w->step == X_DELETE)
			return deleted(w);
		return w->step == X_FOLLOW ? kept(w) : verdict_reject();
	case X_FAULT_TEXT:
		return verdict_reject();
	case X_FAULT_OTHER:
		break;
	}
	return target_judge(d, "X", r, e);
}

struct verdict
x_judge(const struct delivery *d, const struct response *r, struct err *e)
{
	json_auto_t *said = reply_json(r);
	struct x_work w = x_work(d);
	enum x_fault fault;

	if (w.step == X_NOTHING)
		return kept(&w);
	if (r->status / 100 == 2)
		return worked(d, &w, r, said, e);
	/* Whatever is said beside it. */
	if (r->status >= 500)
		return target_judge(d, "X", r, e);
	fault = x_fault_of(&w, r, said);
	x_tell(r, said, e);
	if (w.step == X_EDIT && r->status == 403 && (fault == X_FAULT_TEXT ||
		fault == X_FAULT_GONE))
		return verdict_next(arena_printf(r->a, "unedited %.*s",
			ARG(d->memo)));
	return x_failed(d, &w, r, fault, e);
}
