/*
 * What a draft of WeChat says beside its text: title, author, digest; and all
 * of it together.
 */
#include "base/utf8.h"
#include "push/wechat.h"

enum { SOURCE_MAX = 1024 };	/* bytes of the original's address */

/* How many characters there may be, of max. */
static struct fit
fit_of(const struct delivery *d, int64_t max)
{
	bool is_smaller = wechat_known(wechat_memo(d), S("smaller")).ptr;

	return (struct fit){ .unit = FIT_CODE_POINT,
		.max = (size_t)(is_smaller ? max * 4 / 5 : max) };
}

/* The article's own words for it, else its short title, else the template. */
static int
title_of(const struct delivery *d, struct arena *a, struct slice *ret,
	struct err *e)
{
	const struct wechat_conf *conf = d->target->conf;
	const struct fit fit = fit_of(d, conf->title_max);
	const struct push_word *own = fields_push(&d->entry->fields,
		d->target->name);
	struct slice said = d->entry->fields.short_title;

	if (said.len > 0 && !(own && own->text.len > 0)) {
		*ret = fit_cut(&fit, 1, said, a);
		return 0;
	}
	return voice_put(&conf->voice, d, &fit, 1, a, ret, e);
}

/* As many authors as there is room for, and the first in any case. */
static struct slice
author_of(const struct delivery *d, struct arena *a)
{
	const struct wechat_conf *conf = d->target->conf;
	const struct fit fit = fit_of(d, conf->author_max);
	struct slice said = conf->author;

	for (size_t i = 0; i < d->entry->n_people && !conf->author.len; i++) {
		const struct person *p = &d->entry->people[i];
		struct slice longer = said.len == 0 ? p->name :
			arena_printf(a, "%.*s, %.*s", ARG(said),
				ARG(p->name));

		if (p->role != ROLE_AUTHOR)
			continue;
		if (said.len > 0 && utf8_count(longer) > fit.max)
			break;
		said = longer;
	}
	return fit_cut(&fit, 1, said, a);
}

static void
put_said(struct request *q, const char *key, struct slice text)
{
	if (text.len > 0)
		request_json(q, key, text);
}

int
wechat_put_article(const struct delivery *d, struct request *q,
	struct err *e)
{
	const struct wechat_conf *conf = d->target->conf;
	struct slice url = voice_url(&conf->voice, d, q->a);
	const struct fit digest = fit_of(d, conf->digest_max);
	struct slice title;

	if (title_of(d, q->a, &title, e) < 0)
		return err_in(e, "the title");
	request_json(q, "article_type", S("news"));
	request_json(q, "title", title);
	put_said(q, "author", author_of(d, q->a));
	put_said(q, "digest", fit_cut(&digest, 1, d->entry->summary, q->a));
	request_json(q, "content", wechat_content(d,
		fit_of(d, conf->content_max).max, q->a));
	if (url.len <= SOURCE_MAX)
		request_json(q, "content_source_url", url);
	request_json(q, "thumb_media_id", picture_upload(&d->pictures[0],
		WECHAT_COVER));
	request_json_number(q, "need_open_comment",
		conf->comments != WECHAT_COMMENTS_NO);
	request_json_number(q, "only_fans_can_comment",
		conf->comments == WECHAT_COMMENTS_FANS);
	return 0;
}
