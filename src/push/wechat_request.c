/*
 * What is sent to WeChat, step by step.
 *
 * 1. The token stands in the address, as the platform wants it.
 * 2. Adding a draft and submitting it are sent once.  Everything else may be
 *    sent twice: an upload, an update, a deletion, a poll; and a mass message,
 *    which has the delivery's id (clientmsgid).
 */
#include "push/wechat.h"

enum { LIST_MAX = 20, HEAVY_LIST_MAX = 10 };	/* items of one page */

struct slice
wechat_address(const struct delivery *d, const char *call, struct arena *a)
{
	const struct wechat_conf *conf = d->target->conf;
	struct slice url = conf->url;

	while (slice_ends(url, S("/")))
		url.len--;
	return arena_printf(a, "%.*s/cgi-bin/%s", ARG(url), call);
}

static void
post(const struct delivery *d, struct request *q, const char *call,
	const char *more)
{
	request_post(q, arena_printf(q->a, "%.*s?access_token=%.*s%s",
		ARG(wechat_address(d, call, q->a)), ARG(d->token->access),
		more));
}

/* The newest items of a list. */
static void
put_page(struct request *q, int count, bool is_bare)
{
	request_json_number(q, "offset", 0);
	request_json_number(q, "count", count);
	request_json_number(q, "no_content", is_bare);
}

static int
compose_upload(const struct delivery *d, const struct push_picture *p,
	bool is_cover, struct request *q, struct err *e)
{
	post(d, q, is_cover ? "material/add_material" : "media/uploadimg",
		is_cover ? "&type=image" : "");
	request_multipart(q, d->chance);
	request_file(q, "media", p->name, p->type, p->bytes);
	request_repeatable(q);
	return request_check(q, e);
}

static int
check_cover(const struct delivery *d, struct err *e)
{
	if (wechat_cover(d))
		return 0;
	err_set(e, ERR_REFUSED, "a draft needs a cover, and the article has "
		"no picture");
	return err_hint(e, "Give the target a \"cover\" for such.");
}

static int
compose_draft(const struct delivery *d, struct request *q, struct err *e)
{
	if (check_cover(d, e) < 0)
		return -1;
	post(d, q, "draft/add", "");
	request_json_open(q, "articles", '[');
	request_json_open(q, NULL, '{');
	if (wechat_put_article(d, q, e) < 0)
		return -1;
	request_json_close(q, '}');
	request_json_close(q, ']');
	return request_check(q, e);
}

/* Only a draft can be changed. */
static int
compose_update(const struct delivery *d, struct request *q, struct err *e)
{
	struct slice draft = wechat_known(d->memo, S("draft"));

	if (!draft.ptr) {
		err_set(e, ERR_REFUSED, "what was published there cannot be "
			"changed");
		return err_hint(e, "Change it by hand, or say \"correction: "
			"new\".");
	}
	if (check_cover(d, e) < 0)
		return -1;
	post(d, q, "draft/update", "");
	request_json(q, "media_id", draft);
	request_json_number(q, "index", 0);
	request_json_open(q, "articles", '{');
	if (wechat_put_article(d, q, e) < 0)
		return -1;
	request_json_close(q, '}');
	request_repeatable(q);
	return request_check(q, e);
}

static int
compose_mass(const struct delivery *d, struct request *q, struct err *e)
{
	post(d, q, "message/mass/sendall", "");
	request_json_open(q, "filter", '{');
	request_json_bool(q, "is_to_all", true);
	request_json_close(q, '}');
	request_json_open(q, "mpnews", '{');
	request_json(q, "media_id", wechat_known(d->memo, S("draft")));
	request_json_close(q, '}');
	request_json(q, "msgtype", S("mpnews"));
	request_json_number(q, "send_ignore_reprint", 0);
	request_json(q, "clientmsgid", d->id);
	request_repeatable(q);
	return request_check(q, e);
}

/* Wherever it has got to: an article, a message, or the draft box. */
static int
compose_delete(const struct delivery *d, struct request *q, struct err *e)
{
	struct slice article = wechat_known(d->memo, S("article"));
	struct slice mass = wechat_known(d->memo, S("mass"));
	struct slice draft = wechat_known(d->memo, S("draft"));

	if (article.ptr) {
		post(d, q, "freepublish/delete", "");
		request_json(q, "article_id", article);
		request_json_number(q, "index", 1);
	} else if (mass.ptr) {
		post(d, q, "message/mass/delete", "");
		request_json_number(q, "msg_id", slice_number(mass,
			INT64_MAX));
	} else {
		post(d, q, "draft/delete", "");
		request_json(q, "media_id", draft);
	}
	request_repeatable(q);
	return request_check(q, e);
}

int
wechat_compose(const struct delivery *d, struct request *q, struct err *e)
{
	switch (wechat_step(d)) {
	case WECHAT_STEP_NOTHING:
		request_repeatable(q);
		break;
	case WECHAT_STEP_TRY:
		post(d, q, "draft/batchget", "");
		put_page(q, 1, true);
		request_repeatable(q);
		break;
	case WECHAT_STEP_COVER:
		return compose_upload(d, wechat_cover(d), true, q, e);
	case WECHAT_STEP_BODY:
		return compose_upload(d, wechat_missing(d), false, q, e);
	case WECHAT_STEP_DRAFT:
		return compose_draft(d, q, e);
	case WECHAT_STEP_UPDATE:
		return compose_update(d, q, e);
	case WECHAT_STEP_MASS:
		return compose_mass(d, q, e);
	case WECHAT_STEP_DELETE:
		return compose_delete(d, q, e);
	case WECHAT_STEP_SUBMIT:
		post(d, q, "freepublish/submit", "");
		request_json(q, "media_id", wechat_known(d->memo, S("draft")));
		break;
	case WECHAT_STEP_POLL:
		post(d, q, "freepublish/get", "");
		request_json(q, "publish_id",
			wechat_known(d->memo, S("publish")));
		request_repeatable(q);
		break;
	}
	return request_check(q, e);
}

/*
 * The lists are asked for: of drafts, or of what is published.  Where they
 * come without texts some leave the original's address out, too; so the second
 * question is for all.
 */
int
wechat_ask(const struct delivery *d, struct request *q, struct err *e)
{
	bool is_heavy = d->attempt > 1;

	post(d, q, wechat_step(d) == WECHAT_STEP_SUBMIT ?
		"freepublish/batchget" : "draft/batchget", "");
	put_page(q, is_heavy ? HEAVY_LIST_MAX : LIST_MAX, !is_heavy);
	return request_check(q, e);
}
