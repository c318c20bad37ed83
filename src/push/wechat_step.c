/*
 * Which step of a draft's way comes next.
 *
 * The memo says what is known, a line for each: "draft ID", "publish ID",
 * "article ID", "url ADDRESS", "mass ID"; "smaller" and "again", what was
 * tried; and "post" while one is made.  A step is found by it, and never by its
 * number: how many pictures there are changes with every article.
 */
#include "push/wechat.h"

enum { ID_MAX = 1000 };	/* bytes; an address is one, too */

/* ---- the memo ---- */

struct slice
wechat_known(struct slice memo, struct slice word)
{
	struct slice line, key;

	while (slice_next_line(&memo, &line)) {
		slice_next_field(&line, ' ', &key);
		if (slice_eq(key, word))
			return line.ptr ? line : S("");
	}
	return slice(NULL, 0);
}

struct slice
wechat_learn(struct slice memo, const char *word, struct slice text,
	struct arena *a)
{
	return arena_printf(a, "%.*s%s%s%s%.*s", ARG(memo),
		memo.len ? "\n" : "", word, text.len ? " " : "", ARG(text));
}

struct slice
wechat_id(const json_t *said, const char *path, struct arena *a)
{
	struct slice id = reply_text(said, path, a);

	for (size_t i = 0; i < id.len; i++)
		if (id.ptr[i] <= ' ' || id.ptr[i] > '~')
			return S("");
	return id.len <= ID_MAX ? id : S("");
}

/* ---- which step it is ---- */

/*
 * A post that has begun stays one: what it has learned is no older post of its
 * article, which voice_deed() takes a memo for.
 */
static enum voice_deed
deed_of(const struct delivery *d)
{
	const struct wechat_conf *conf = d->target->conf;

	return d->step > 0 && wechat_known(d->memo, S("post")).ptr ?
		VOICE_POST : voice_deed(&conf->voice, d);
}

struct slice
wechat_memo(const struct delivery *d)
{
	return d->step == 0 && deed_of(d) == VOICE_POST ? S("post") : d->memo;
}

const struct push_picture *
wechat_cover(const struct delivery *d)
{
	return d->n_pictures > 0 && d->pictures[0].is_cover ?
		&d->pictures[0] : NULL;
}

const struct push_picture *
wechat_missing(const struct delivery *d)
{
	for (size_t i = 0; i < d->n_pictures; i++)
		if (wechat_body_takes(d, &d->pictures[i]) &&
			!picture_upload(&d->pictures[i], WECHAT_BODY).ptr)
			return &d->pictures[i];
	return NULL;
}

static bool
has_gone_out(struct slice memo)
{
	return wechat_known(memo, S("article")).ptr ||
		wechat_known(memo, S("mass")).ptr ||
		wechat_known(memo, S("draft")).ptr;
}

/* What comes behind a draft; the mode may have changed meanwhile. */
static enum wechat_step
behind_draft(const struct wechat_conf *conf)
{
	static const enum wechat_step steps[] = {
		[WECHAT_DRAFT] = WECHAT_STEP_NOTHING,
		[WECHAT_PUBLISH] = WECHAT_STEP_SUBMIT,
		[WECHAT_MASS] = WECHAT_STEP_MASS,
	};

	return steps[conf->mode];
}

enum wechat_step
wechat_step(const struct delivery *d)
{
	const struct wechat_conf *conf = d->target->conf;
	struct slice memo = wechat_memo(d);
	enum voice_deed deed;

	if (d->subject != DELIVER_ARTICLE)
		return WECHAT_STEP_TRY;
	deed = deed_of(d);
	if (deed == VOICE_NOTHING)
		return WECHAT_STEP_NOTHING;
	if (deed == VOICE_DELETE)
		return has_gone_out(memo) ? WECHAT_STEP_DELETE :
			WECHAT_STEP_NOTHING;
	if (wechat_known(memo, S("publish")).ptr)
		return WECHAT_STEP_POLL;
	if (deed == VOICE_POST && wechat_known(memo, S("draft")).ptr)
		return behind_draft(conf);
	if (wechat_cover(d) && !picture_upload(wechat_cover(d),
		WECHAT_COVER).ptr)
		return WECHAT_STEP_COVER;
	if (wechat_missing(d))
		return WECHAT_STEP_BODY;
	return deed == VOICE_EDIT ? WECHAT_STEP_UPDATE : WECHAT_STEP_DRAFT;
}
