/*
 * What is next for a delivery to X, and what is said there.
 */
#include "base/hash.h"
#include "model/address.h"
#include "push/x.h"

/* An id has the time in it, in ms since then, above these bits. */
static const int64_t ids_begin = INT64_C(1288834974657);
enum { ID_SHIFT = 22, EDIT_MS = 30 * 60 * 1000 };

bool
x_is_id(struct slice s)
{
	return s.len <= X_ID_MAX && slice_number(s, INT64_MAX) > 0;
}

/* They stand beside each other, at the end. */
static void
add_id(struct x_work *w, struct slice id)
{
	if (w->post.len == 0)
		w->post = w->ids = id;
	w->last = id;
	w->ids.len = (size_t)(id.ptr + id.len - w->ids.ptr);
}

/* Whatever else stands there is passed over. */
static void
read_memo(struct slice memo, struct x_work *w, bool *ret_posted)
{
	struct slice word;

	while (slice_next_field(&memo, ' ', &word))
		if (slice_eq(word, S("posted")))
			*ret_posted = true;
		else if (slice_eq(word, S("unedited")))
			w->is_unedited = true;
		else if (slice_eq(word, S("anew")))
			w->is_anew = true;
		else if (x_is_id(word))
			add_id(w, word);
}

/* ---- pictures ---- */

struct slice
x_described(const struct push_picture *p, struct arena *a)
{
	return arena_printf(a, "%.*s %016llx", ARG(picture_upload(p, X_IMAGE)),
		(unsigned long long)hash64(p->alt));
}

static bool
is_described(const struct push_picture *p)
{
	CLEANUP(arena_done) struct arena a = { 0 };

	return p->alt.len == 0 || slice_eq(picture_upload(p, X_ALT),
		x_described(p, &a));
}

/* A post with pictures, once all of them are there. */
static void
prepare_pictures(const struct delivery *d, struct x_work *w)
{
	w->picture = picture_to_upload(d, X_IMAGE);
	if (w->picture) {
		w->step = X_UPLOAD;
		return;
	}
	for (size_t i = 0; i < d->n_pictures; i++)
		if (!is_described(&d->pictures[i])) {
			w->picture = &d->pictures[i];
			w->step = X_DESCRIBE;
			return;
		}
}

/* ---- steps ---- */

static void
plan_post(const struct delivery *d, struct x_work *w)
{
	w->step = X_POST;
	if (d->action == ACTION_CORRECTED && w->post.len > 0)
		w->step = X_CORRECT;
	else
		prepare_pictures(d, w);
}

static bool
is_too_old(const struct delivery *d, struct slice id)
{
	int64_t at = (slice_number(id, INT64_MAX) >> ID_SHIFT) + ids_begin;

	return d->now_ms - at >= EDIT_MS;
}

/* Only who said something wrong says another thing. */
static void
plan_edit(const struct delivery *d, struct x_work *w)
{
	if (!w->is_unedited && !is_too_old(d, w->post)) {
		w->step = X_EDIT;
		prepare_pictures(d, w);
	} else if (d->action == ACTION_CORRECTED) {
		w->step = X_CORRECT;
	}
}

struct x_work
x_work(const struct delivery *d)
{
	const struct x_conf *conf = d->target->conf;
	struct x_work w = { .step = X_NOTHING };
	struct delivery about = *d;
	bool is_posted = false;

	read_memo(d->memo, &w, &is_posted);
	if (d->subject != DELIVER_ARTICLE) {
		w.step = X_LOOK;
		return w;
	}
	if (is_posted && w.post.len > 0) {
		w.step = X_FOLLOW;
		return w;
	}
	/* What is there: how far we are with it is no matter. */
	about.memo = w.post;
	switch (voice_deed(&conf->voice, &about)) {
	case VOICE_POST:
		plan_post(d, &w);
		break;
	case VOICE_EDIT:
		plan_edit(d, &w);
		break;
	case VOICE_DELETE:
		if (w.post.len > 0)
			w.step = X_DELETE;
		break;
	case VOICE_NOTHING:
		break;
	}
	return w;
}

/* ---- texts ---- */

static struct slice
series_url(const struct delivery *d, struct arena *a)
{
	return site_address(&d->config->site, address_page(CHANNEL_SERIES,
		d->entry->series_slug, a), a);
}

struct slice
x_mark(const struct delivery *d, const struct x_work *w, struct arena *a)
{
	const struct x_conf *conf = d->target->conf;

	return w->step == X_FOLLOW ? series_url(d, a) :
		voice_url(&conf->voice, d, a);
}

/* A line of text, as long as may be, and the mark. */
static int
put_line(const struct delivery *d, const struct x_work *w,
	const struct fit *fit, struct slice line, struct arena *a,
	struct slice *ret, struct err *e)
{
	struct slice end = arena_printf(a, "\n%.*s", ARG(x_mark(d, w, a)));
	struct slice fitting;

	if (!fit_between(fit, 1, S(""), line, end, a, &fitting))
		return err_set(e, ERR_LIMIT, "the address alone is too long");
	*ret = arena_printf(a, "%.*s%.*s", ARG(fitting), ARG(end));
	return 0;
}

int
x_text(const struct delivery *d, const struct x_work *w, struct arena *a,
	struct slice *ret, struct err *e)
{
	const struct x_conf *conf = d->target->conf;
	const struct fit fit = { FIT_WEIGHTED, (size_t)conf->weight, 0 };
	const struct entry *n = d->entry;

	switch (w->step) {
	case X_CORRECT:
		return put_line(d, w, &fit, n->fields.correction.len > 0 ?
			n->fields.correction : n->headline, a, ret, e);
	case X_FOLLOW:
		/* No two of them may be equal: X refuses the second. */
		return put_line(d, w, &fit, arena_printf(a, "%.*s%s%.*s",
			ARG(n->series_title), n->part_label.len > 0 ? " " : "",
			ARG(n->part_label)), a, ret, e);
	default:
		return voice_put(&conf->voice, d, &fit, 1, a, ret, e);
	}
}
