/*
 * wechat: an Official Account of WeChat (developers.weixin.qq.com).
 *
 *	cover ... pictures ... draft/add -+-------------> done  (mode: draft)
 *	                                  +- submit - get . done  (publish)
 *	                                  '- sendall ------> done  (mass)
 *
 * 1. What could be done twice by accident, a draft and its publication, is
 *    looked for where no answer came: by the original's address and a time
 *    that is not before the delivery.
 * 2. What was published cannot be changed there; only deleted.
 * 3. The token is asked for by stable_token, which gives other programs of the
 *    same account the same one; it is forced anew only where a good one was
 *    refused.
 */
#include "base/secret.h"
#include "push/wechat.h"

enum { SECOND = 1000, COVER_BYTES_MAX = 10 * 1024 * 1024 };

static const char *const modes[] = { "draft", "publish", "mass", NULL };
static const char *const comments[] = { "no", "all", "fans", NULL };

#define FIELD(field) SETTING_FIELD(struct wechat_conf, field)

static const struct setting settings[] = {
	{ "url", SETTING_TEXT, FIELD(url),
		.preset = "https://api.weixin.qq.com", .max = 1000,
		.check = setting_check_url, .help = "Where the API is." },
	{ "appid", SETTING_TEXT, FIELD(appid), .required = true, .max = 60,
		.help = "Write the account's AppID." },
	{ "secret", SETTING_TEXT, FIELD(secret), .required = true,
		.check = target_check_credential,
		.help = "Write which credential file has the AppSecret." },
	{ "mode", SETTING_CHOICE, FIELD(mode), .preset = "draft",
		.choices = modes, .help = "How far an article goes." },
	{ "author", SETTING_TEXT, FIELD(author), .max = 200,
		.help = "The author, instead of the article's." },
	{ "comments", SETTING_CHOICE, FIELD(comments), .preset = "no",
		.choices = comments, .help = "Who may comment." },
	{ "title-max", SETTING_INT, FIELD(title_max), .preset = "32",
		.min = 8, .max = 64, .help = "Characters of a title." },
	{ "author-max", SETTING_INT, FIELD(author_max), .preset = "16",
		.min = 4, .max = 64, .help = "Characters of an author." },
	{ "digest-max", SETTING_INT, FIELD(digest_max), .preset = "128",
		.min = 16, .max = 256, .help = "Characters of a digest." },
	{ "content-max", SETTING_INT, FIELD(content_max), .preset = "19999",
		.min = 1000, .max = 200000,
		.help = "Characters of a text, tags and all." },
	VOICE_WORDS(struct wechat_conf, voice, "{headline...}", "ignore",
		"delete"),
	{ 0 },
};

static bool
wants(const struct delivery *d)
{
	const struct wechat_conf *conf = d->target->conf;

	return voice_wants(&conf->voice, d);
}

/* What is deleted, or is a draft already, needs none. */
static void
pictures(const struct delivery *d, struct picture_wish *w)
{
	static const char *const types[] = { "image/jpeg", "image/png",
		"image/gif", "image/bmp", NULL };
	const struct wechat_conf *conf = d->target->conf;

	if (voice_deed(&conf->voice, d) == VOICE_DELETE)
		return;
	w->max = conf->voice.picture == VOICE_PICTURE_NONE ? 1 : PICTURES_MAX;
	w->bytes_max = COVER_BYTES_MAX;
	w->types = types;
	w->needs_bytes = w->needs_cover = true;
}

/* ---- the token ---- */

static int
fetch(const struct delivery *d, struct request *q, struct err *e)
{
	const struct wechat_conf *conf = d->target->conf;
	const struct secret *s = delivery_secret(d, conf->secret, e);

	if (!s)
		return -1;
	request_post(q, wechat_address(d, "stable_token", q->a));
	request_json(q, "grant_type", S("client_credential"));
	request_json(q, "appid", conf->appid);
	request_json(q, "secret", secret_value(s, 0));
	request_hide(q, secret_value(s, 0));
	request_json_bool(q, "force_refresh", d->token &&
		d->token->is_refused);
	request_repeatable(q);
	return request_check(q, e);
}

static struct verdict
fetched(const struct delivery *d, const struct response *r, struct token *ret,
	struct err *e)
{
	json_auto_t *said = reply_json(r);
	struct verdict v = wechat_judge(d, r, said, e);
	int64_t s = reply_number(said, "expires_in", 0);

	if (v.kind == VERDICT_AUTH || v.kind == VERDICT_REJECT)
		return verdict_hold();
	if (v.kind != VERDICT_DONE)
		return v;
	ret->access = wechat_id(said, "access_token", r->a);
	ret->expires = s > 0 ? d->now_ms + s * SECOND : 0;
	if (ret->access.len > 0)
		return v;
	err_set(e, ERR_REFUSED, "WeChat's answer has no token");
	return verdict_retry(0);
}

const struct target_ops target_wechat = {
	.name = "wechat",
	.help = "Makes drafts, and articles, of a WeChat Official Account.",
	.settings = settings,
	.conf_size = sizeof(struct wechat_conf),
	.can = CAN_ARTICLES | CAN_READ_BACK | CAN_LINK,
	.wants = wants,
	.pictures = pictures,
	.compose = wechat_compose,
	.judge = wechat_done,
	.ask = wechat_ask,
	.answer = wechat_found,
	.fetch = fetch,
	.fetched = fetched,
};
