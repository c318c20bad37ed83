/*
 * What the Graph API answers, and what that means for the delivery.
 */
#include "base/uri.h"
#include "model/address.h"
#include "push/facebook.h"

enum {
	LOOKS = 2,			/* a new post may not be listed yet */
	LOOK_AGAIN_MS = 15 * 1000,
};

/* ---- success ---- */

/* It says that it was done, and not what: nobody knows. */
static struct verdict
unclear(const struct response *r, struct err *e)
{
	response_tell(r, "Facebook", e);
	err_hint(e, "That is no answer of the Graph API: see whether \"url\" "
		"is right.");
	return verdict_unknown();
}

static struct verdict
posted(const struct response *r, const json_t *said, struct err *e)
{
	struct slice id = reply_text(said, "post_id", r->a);

	if (id.len == 0)
		id = reply_text(said, "id", r->a);
	return facebook_is_id(id) ? verdict_done_as(id) : unclear(r, e);
}

/* What is repeated until it is said to be done. */
static struct verdict
confirmed(const struct response *r, const json_t *said, struct verdict v,
	struct err *e)
{
	return json_is_true(reply_at(said, "success")) ? v : unclear(r, e);
}

static struct verdict
taken(const struct delivery *d, const struct response *r, const json_t *said,
	struct err *e)
{
	const struct facebook_conf *conf = d->target->conf;
	struct verdict done = verdict_done_as(facebook_post(d));

	switch (facebook_turn(d)) {
	case FACEBOOK_POST:
		return posted(r, said, e);
	case FACEBOOK_EDIT:
		return confirmed(r, said, conf->scrape ? verdict_next(
			facebook_edited(d, r->a)) : done, e);
	case FACEBOOK_DELETE:
		return confirmed(r, said, verdict_done(), e);
	case FACEBOOK_SCRAPE:
	case FACEBOOK_NOTHING:
		return done;
	case FACEBOOK_TRY:
		break;
	}
	return facebook_is_id(reply_text(said, "id", r->a)) ? verdict_done() :
		unclear(r, e);
}

/* ---- failure ---- */

/*
 * There is no such post, or the token may not see it: only who has deleted it
 * before, and had no answer, may take that for done.
 */
static struct verdict
missing(const struct delivery *d, const struct response *r,
	const json_t *said, struct err *e)
{
	if (facebook_turn(d) == FACEBOOK_DELETE && d->attempt > 1)
		return verdict_done();
	facebook_tell(r, said, e);
	err_hint(e, "See whether somebody deleted the post by hand.");
	return verdict_reject();
}

struct verdict
facebook_judge(const struct delivery *d, const struct response *r,
	struct err *e)
{
	json_auto_t *said = reply_json(r);
	struct verdict v;

	/* Nothing was sent: there is nothing to do. */
	if (r->status == 0 || (r->status / 100 == 2 &&
		!reply_at(said, "error")))
		return taken(d, r, said, e);
	if (facebook_error(r, said) == FACEBOOK_MISSING &&
		r->status / 100 == 4 && facebook_turn(d) != FACEBOOK_SCRAPE)
		return missing(d, r, said, e);
	v = facebook_refused(d, r, said, e);
	/* What matters is done. */
	if (v.kind == VERDICT_REJECT && facebook_turn(d) == FACEBOOK_SCRAPE)
		return verdict_done_as(facebook_post(d));
	return v;
}

/* ---- reading back ---- */

/* What tells our post from the others. */
struct look {
	struct slice old;	/* an earlier post of the article */
	struct slice urls[2];	/* of the article, as it may be said */
	struct slice text;	/* empty: it cannot be said any more */
};

static struct look
look_for(const struct delivery *d, struct arena *a)
{
	const struct facebook_conf *conf = d->target->conf;
	struct look l = { .old = facebook_post(d) };
	struct slice text;
	struct err e;

	l.urls[0] = voice_url(&conf->voice, d, a);
	l.urls[1] = address_entry(d->config, d->entry, a);
	if (facebook_text(d, a, &text, &e) == 0)
		l.text = slice_trim(text);
	return l;
}

/* Does the text have the address as a word? */
static bool
has_word(struct slice text, struct slice url)
{
	ssize_t at = slice_find(text, url, 0);
	size_t end;

	for (; url.len > 0 && at >= 0; at = slice_find(text, url, end)) {
		end = (size_t)at + url.len;
		if (end == text.len || (unsigned char)text.ptr[end] <= ' ')
			return true;
	}
	return false;
}

static bool
is_same(struct slice url, struct slice other, struct arena *a)
{
	return url.len > 0 && slice_eq(uri_normal(url, a),
		uri_normal(other, a));
}

static bool
leads_to(const struct look *l, const json_t *post, struct arena *a)
{
	const json_t *card;
	size_t i;

	json_array_foreach(reply_at(post, "attachments.data"), i, card) {
		struct slice url = reply_text(card, "unshimmed_url", a);

		if (is_same(url, l->urls[0], a) || is_same(url, l->urls[1], a))
			return true;
	}
	return false;
}

static bool
is_ours(const struct look *l, const json_t *post, struct arena *a)
{
	struct slice text = slice_trim(reply_text(post, "message", a));
	struct slice id = reply_text(post, "id", a);

	if (!facebook_is_id(id) || slice_eq(id, l->old))
		return false;
	return (l->text.len > 0 && slice_eq(text, l->text)) ||
		has_word(text, l->urls[0]) || has_word(text, l->urls[1]) ||
		leads_to(l, post, a);
}

/* It is among none of those that were posted since. */
static struct verdict
not_there(const struct delivery *d, size_t n, struct err *e)
{
	err_set(e, ERR_MISSING, "it is not among the %zu latest posts of the "
		"Page", n);
	if (n >= FACEBOOK_POSTS_MAX) {
		err_hint(e, "There are too many to tell: see for yourself, "
			"and say it with \"gazettectl resolve\".");
		return verdict_unknown();
	}
	return d->attempt < LOOKS ? verdict_wait(LOOK_AGAIN_MS, S("")) :
		verdict_retry(0);
}

/* Asking failed, which says nothing of the post. */
static struct verdict
not_told(const struct delivery *d, const struct response *r,
	const json_t *said, struct err *e)
{
	struct verdict v = facebook_refused(d, r, said, e);

	switch (v.kind) {
	case VERDICT_HOLD:
	case VERDICT_AUTH:
		return verdict_hold();
	case VERDICT_REJECT:
		return verdict_unknown();
	case VERDICT_WAIT:
		return v;
	default:
		return verdict_wait(v.wait_ms, S(""));
	}
}

struct verdict
facebook_answer(const struct delivery *d, const struct response *r,
	struct err *e)
{
	json_auto_t *said = reply_json(r);
	const json_t *posts = reply_at(said, "data"), *post;
	struct look l;
	size_t i;

	if (r->status / 100 != 2 || reply_at(said, "error"))
		return not_told(d, r, said, e);
	if (!json_is_array(posts) || !d->entry)
		return unclear(r, e);
	l = look_for(d, r->a);
	json_array_foreach(posts, i, post)
		if (is_ours(&l, post, r->a))
			return verdict_done_as(reply_text(post, "id", r->a));
	return not_there(d, json_array_size(posts), e);
}
