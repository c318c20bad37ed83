/*
 * What comes of a step.
 *
 * 1. A refusal that says what is wrong with a draft is answered once: by a
 *    smaller one, or by a cover that is uploaded anew.
 * 2. What is to be deleted and is not there is deleted.
 * 3. Found again is an article by its original's address, and a time that is
 *    not before the delivery: an older draft of it is another one.
 * 4. Asking says "it was not done" only after it was looked for twice; any
 *    trouble with asking is none of the delivery's.
 */
#include "push/wechat.h"

enum {
	SECOND = 1000,
	LOOKS = 2,		/* before what is not there was not done */
	LOOK_MS = 5 * SECOND,
	EARLIER_S = 300,	/* clocks differ */
	ITEMS_MAX = 20,
};

/* ---- steps that went well ---- */

/* It says yes, and not what the thing is called. */
static struct verdict
nameless(const char *what, struct err *e)
{
	err_set(e, ERR_REFUSED, "WeChat's answer does not name the %s", what);
	return verdict_unknown();
}

static struct verdict
uploaded(const struct delivery *d, const struct push_picture *p,
	struct slice purpose, struct slice there, struct err *e)
{
	if (there.len == 0)
		return nameless("picture", e);
	return verdict_uploaded(wechat_memo(d), picture_uploaded(p, purpose,
		there, 0));
}

static struct verdict
drafted(const struct delivery *d, struct slice id, struct arena *a,
	struct err *e)
{
	const struct wechat_conf *conf = d->target->conf;

	if (id.len == 0)
		return nameless("draft", e);
	return conf->mode == WECHAT_DRAFT ?
		verdict_done_as(wechat_learn(S(""), "draft", id, a)) :
		verdict_next(wechat_learn(S("post"), "draft", id, a));
}

static struct verdict
submitted(const struct delivery *d, struct slice id, struct arena *a,
	struct err *e)
{
	return id.len == 0 ? nameless("publication", e) :
		verdict_next(wechat_learn(d->memo, "publish", id, a));
}

/* It can be deleted by the id, and led to by the address. */
static struct verdict
published(struct slice id, struct slice url, struct arena *a, struct err *e)
{
	struct slice memo = wechat_learn(S(""), "article", id, a);

	if (id.len == 0)
		return nameless("article", e);
	return verdict_done_as(url.len > 0 ? wechat_learn(memo, "url", url,
		a) : memo);
}

static struct verdict
still_running(const struct delivery *d, struct err *e)
{
	static const int64_t waits[] = { 5 * SECOND, 30 * SECOND,
		120 * SECOND };
	unsigned n = MIN(MAX(d->attempt, 1u), (unsigned)COUNT_OF(waits));

	err_set(e, ERR_BUSY, "WeChat is still publishing it");
	return verdict_wait(waits[n - 1], S(""));
}

static struct verdict
polled(const struct delivery *d, const struct response *r,
	const json_t *said, struct err *e)
{
	static const char *const reasons[] = {
		[2] = "it is taken for a copy of somebody else's",
		[3] = "it failed",
		[4] = "the platform's review refused it",
		[5] = "it was deleted there",
		[6] = "the platform has blocked it",
	};
	int64_t status = reply_number(said, "publish_status", 1);

	if (status == 0)
		return published(wechat_id(said, "article_id", r->a),
			wechat_id(said, "article_detail.item.0.article_url",
			r->a), r->a, e);
	if (status < 2 || status >= (int64_t)COUNT_OF(reasons))
		return still_running(d, e);
	err_set(e, ERR_REFUSED, "WeChat does not publish it: %s",
		reasons[status]);
	err_hint(e, "The account's own pages say more, and have the draft.");
	return verdict_reject();
}

static struct verdict
sent(const json_t *said, struct arena *a)
{
	struct slice id = wechat_id(said, "msg_id", a);

	/* Nobody can take it back without; but it was sent. */
	return id.len == 0 ? verdict_done() :
		verdict_done_as(wechat_learn(S(""), "mass", id, a));
}

/* Whatever it is called there, it still is. */
static struct verdict
kept(const struct delivery *d, struct arena *a)
{
	struct slice draft = wechat_known(d->memo, S("draft"));

	return verdict_done_as(draft.ptr ? wechat_learn(S(""), "draft",
		draft, a) : d->memo);
}

static struct verdict
went_well(const struct delivery *d, const struct response *r,
	const json_t *said, struct err *e)
{
	switch (wechat_step(d)) {
	case WECHAT_STEP_COVER:
		return uploaded(d, wechat_cover(d), WECHAT_COVER,
			wechat_id(said, "media_id", r->a), e);
	case WECHAT_STEP_BODY:
		return uploaded(d, wechat_missing(d), WECHAT_BODY,
			wechat_id(said, "url", r->a), e);
	case WECHAT_STEP_DRAFT:
		return drafted(d, wechat_id(said, "media_id", r->a), r->a, e);
	case WECHAT_STEP_SUBMIT:
		return submitted(d, wechat_id(said, "publish_id", r->a), r->a,
			e);
	case WECHAT_STEP_POLL:
		return polled(d, r, said, e);
	case WECHAT_STEP_MASS:
		return sent(said, r->a);
	case WECHAT_STEP_UPDATE:
	case WECHAT_STEP_NOTHING:
		return kept(d, r->a);
	case WECHAT_STEP_TRY:
	case WECHAT_STEP_DELETE:
		break;
	}
	return verdict_done();
}

/* ---- steps that did not ---- */

static bool
writes(enum wechat_step step)
{
	return step == WECHAT_STEP_DRAFT || step == WECHAT_STEP_UPDATE;
}

/* Once more, and it is remembered that it was. */
static struct verdict
again(const struct delivery *d, const char *word, struct arena *a)
{
	return verdict_next(wechat_learn(wechat_memo(d), word, S(""), a));
}

static struct verdict
went_wrong(const struct delivery *d, const struct response *r,
	const json_t *said, struct verdict v, struct err *e)
{
	enum wechat_error means = wechat_error(r, said);
	enum wechat_step step = wechat_step(d);
	struct slice memo = wechat_memo(d);

	if (means == WECHAT_SENT && step == WECHAT_STEP_MASS)
		return sent(said, r->a);
	if (means == WECHAT_LONG && writes(step) &&
		!wechat_known(memo, S("smaller")).ptr)
		return again(d, "smaller", r->a);
	if (means != WECHAT_MEDIA && means != WECHAT_GONE)
		return v;
	if (step == WECHAT_STEP_DELETE)
		return verdict_done();
	if (!writes(step) || wechat_known(memo, S("again")).ptr ||
		!wechat_cover(d)) {
		err_hint(e, "The draft, or its cover, is not there any more: "
			"somebody published or deleted it.");
		return v;
	}
	v = again(d, "again", r->a);
	v.upload = picture_uploaded(wechat_cover(d), WECHAT_COVER, S(""), 0);
	return v;
}

struct verdict
wechat_done(const struct delivery *d, const struct response *r,
	struct err *e)
{
	json_auto_t *said = reply_json(r);
	struct verdict v;

	if (wechat_step(d) == WECHAT_STEP_NOTHING)
		return kept(d, r->a);
	v = wechat_judge(d, r, said, e);
	return v.kind == VERDICT_DONE ? went_well(d, r, said, e) :
		went_wrong(d, r, said, v, e);
}

/* ---- reading back ---- */

/* Its article in the list, which is not older than the delivery. */
static const json_t *
find(const struct delivery *d, const json_t *said, struct arena *a,
	const json_t **ret_article)
{
	const struct wechat_conf *conf = d->target->conf;
	struct slice url = voice_url(&conf->voice, d, a);
	const json_t *items = json_object_get(said, "item"), *item, *article;
	size_t i, k;

	json_array_foreach(items, i, item) {
		const json_t *news = reply_at(item, "content.news_item");

		if (reply_number(item, "update_time", d->at) <
			d->at - EARLIER_S)
			continue;
		json_array_foreach(news, k, article) {
			*ret_article = article;
			if (k < ITEMS_MAX && reply_is(article,
				"content_source_url", url))
				return item;
		}
	}
	return NULL;
}

static struct verdict
not_found(const struct delivery *d, struct err *e)
{
	err_set(e, ERR_MISSING, "WeChat does not have it");
	return d->attempt < LOOKS ? verdict_wait(LOOK_MS, S("")) :
		verdict_retry(0);
}

struct verdict
wechat_found(const struct delivery *d, const struct response *r,
	struct err *e)
{
	json_auto_t *said = reply_json(r);
	struct verdict v = wechat_judge(d, r, said, e);
	const json_t *item, *article;

	if (v.kind == VERDICT_AUTH || v.kind == VERDICT_HOLD)
		return v;
	if (v.kind != VERDICT_DONE)
		return verdict_wait(v.wait_ms, S(""));
	item = d->subject == DELIVER_ARTICLE ? find(d, said, r->a, &article) :
		NULL;
	if (!item)
		return not_found(d, e);
	if (wechat_step(d) == WECHAT_STEP_SUBMIT)
		return published(wechat_id(item, "article_id", r->a),
			wechat_id(article, "url", r->a), r->a, e);
	return drafted(d, wechat_id(item, "media_id", r->a), r->a, e);
}
