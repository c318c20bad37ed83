/*
 * What a draft of WeChat says beside its text: title, author, digest; and all
 * of it together.
 */
#include "base/utf8.h"
#include "push/wechat.h"

enum { SOURCE_MAX = 1024 };	/* bytes of the original's address */

static struct slice
cut(struct slice text, int64_t max, bool is_smaller, struct arena *a)
{
	const struct fit fit = { .unit = FIT_CODE_POINT,
		.max = (size_t)(is_smaller ? max * 4 / 5 : max) };

	return fit_cut(&fit, 1, text, a);
}

/* The article's own words for it, else its short title, else the template. */
static int
title_of(const struct delivery *d, bool is_smaller, struct arena *a,
	struct slice *ret, struct err *e)
{
	const struct wechat_conf *conf = d->target->conf;
	const int64_t max = conf->title_max;
	const struct fit fit = { .unit = FIT_CODE_POINT,
		.max = (size_t)(is_smaller ? max * 4 / 5 : max) };
	const struct push_word *own = fields_push(&d->entry->fields,
		d->target->name);
	struct slice said = d->entry->fields.short_title;

	if (said.len > 0 && !(own && own->text.len > 0)) {
		*ret = cut(said, max, is_smaller, a);
		return 0;
	}
	return voice_put(&conf->voice, d, &fit, 1, a, ret, e);
}

/* As many authors as there is room for, and the first in any case. */
static struct slice
author_of(const struct delivery *d, bool is_smaller, struct arena *a)
{
	const struct wechat_conf *conf = d->target->conf;
	int64_t max = is_smaller ? conf->author_max * 4 / 5 : conf->author_max;
	struct slice said = conf->author;

	for (size_t i = 0; i < d->entry->n_people && !conf->author.len; i++) {
		const struct person *p = &d->entry->people[i];
		struct slice longer = said.len == 0 ? p->name :
			arena_printf(a, "%.*s, %.*s", ARG(said),
				ARG(p->name));

		if (p->role != ROLE_AUTHOR)
			continue;
		if (said.len > 0 && (int64_t)utf8_count(longer) > max)
			break;
		said = longer;
	}
	return cut(said, conf->author_max, is_smaller, a);
}

static void
put_said(struct request *q, const char *key, struct slice text)
{
	if (text.len > 0)
		request_json(q, key, text);
}

int
wechat_put_article(const struct delivery *d, struct request *q,
	bool is_smaller, struct err *e)
{
	const struct wechat_conf *conf = d->target->conf;
	struct slice url = voice_url(&conf->voice, d, q->a);
	size_t max = (size_t)conf->content_max;
	struct slice title;

	if (title_of(d, is_smaller, q->a, &title, e) < 0)
		return err_in(e, "the title");
	request_json(q, "article_type", S("news"));
	request_json(q, "title", title);
	put_said(q, "author", author_of(d, is_smaller, q->a));
	put_said(q, "digest", cut(d->entry->summary, conf->digest_max,
		is_smaller, q->a));
	request_json(q, "content", wechat_content(d, is_smaller ? max * 4 / 5 :
		max, q->a));
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
