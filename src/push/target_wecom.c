/*
 * wecom: the robot of a group chat in WeCom (developer.work.weixin.qq.com
 * 91770), for the newsroom itself: what was published, in its own chat.
 *
 * 1. The robot takes messages and forgets them: nothing can be looked for,
 *    changed or taken back.  So a message in doubt stays unknown, and a
 *    correction is another message, if it is told at all.
 * 2. Whoever has the key can write into the group: it is a credential.
 * 3. Lengths are bytes.  A card's texts would be cut in the middle of a word
 *    by the platform, so they are cut here.
 */
#include "base/secret.h"
#include "push/wechat.h"

enum {
	SECOND = 1000,
	MINUTE = 60 * SECOND,
	TITLE_MAX = 128,
	SUMMARY_MAX = 512,
	MARKDOWN_MAX = 4096,
};

/* What the robot answers. */
enum {
	BUSY = -1,
	TOO_LONG = 40058,
	TOO_OFTEN = 45009,
	TOO_MANY = 45033,
	NO_ROBOT = 93000,
};

enum form { FORM_NEWS, FORM_MARKDOWN };

struct wecom_conf {
	struct voice_conf voice;
	struct slice url;
	struct slice key;		/* name of a credential */
	enum form form;
};

static const char *const forms[] = { "news", "markdown", NULL };

/* What is said where the configuration does not. */
static const struct slice templates[] = {
	[FORM_NEWS] = S_INIT("{headline...}"),
	[FORM_MARKDOWN] = S_INIT("**{headline}**\n[> {series} {part}]\n"
		"> {summary...}\n[[{url}]]({url})"),
};

#define FIELD(field) SETTING_FIELD(struct wecom_conf, field)

static const struct setting settings[] = {
	{ "url", SETTING_TEXT, FIELD(url), .preset =
		"https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
		.max = 1000, .check = setting_check_url,
		.help = "Where robots listen." },
	{ "key", SETTING_TEXT, FIELD(key), .required = true,
		.check = target_check_credential,
		.help = "Write which credential file has the robot's key." },
	{ "format", SETTING_CHOICE, FIELD(form), .preset = "news",
		.choices = forms, .help = "A card, or text." },
	VOICE_WORDS(struct wecom_conf, voice, NULL, "ignore", "ignore"),
	{ 0 },
};

static bool
wants(const struct delivery *d)
{
	const struct wecom_conf *conf = d->target->conf;

	return voice_wants(&conf->voice, d);
}

/* A card shows one, which the platform fetches from its address. */
static void
pictures(const struct delivery *d, struct picture_wish *w)
{
	static const char *const types[] = { "image/jpeg", "image/png", NULL };
	const struct wecom_conf *conf = d->target->conf;

	if (conf->form != FORM_NEWS ||
		conf->voice.picture == VOICE_PICTURE_NONE)
		return;
	w->max = 1;
	w->types = types;
}

/* ---- what is sent ---- */

static bool
is_smaller(const struct delivery *d)
{
	return d->step > 0 && slice_eq(d->memo, S("smaller"));
}

/* Of anything else that may be done with a post a robot can nothing. */
static bool
is_said(const struct delivery *d)
{
	const struct wecom_conf *conf = d->target->conf;

	return d->subject != DELIVER_ARTICLE || is_smaller(d) ||
		voice_deed(&conf->voice, d) == VOICE_POST;
}

static struct fit
bytes(const struct delivery *d, size_t max)
{
	return (struct fit){ .unit = FIT_BYTES,
		.max = is_smaller(d) ? max * 4 / 5 : max };
}

static int
say(const struct delivery *d, size_t max, struct arena *a, struct slice *ret,
	struct err *e)
{
	const struct wecom_conf *conf = d->target->conf;
	struct voice_conf voice = conf->voice;
	const struct fit fit = bytes(d, max);

	if (voice.template.len == 0)
		voice.template = templates[conf->form];
	return voice_put(&voice, d, &fit, 1, a, ret, e);
}

static int
compose_news(const struct delivery *d, struct request *q, struct err *e)
{
	const struct wecom_conf *conf = d->target->conf;
	const struct fit fit = bytes(d, SUMMARY_MAX);
	struct slice title;

	if (say(d, TITLE_MAX, q->a, &title, e) < 0)
		return -1;
	request_json(q, "msgtype", S("news"));
	request_json_open(q, "news", '{');
	request_json_open(q, "articles", '[');
	request_json_open(q, NULL, '{');
	request_json(q, "title", title);
	request_json(q, "description", fit_cut(&fit, 1, d->entry->summary,
		q->a));
	request_json(q, "url", voice_url(&conf->voice, d, q->a));
	if (d->n_pictures > 0 && d->pictures[0].url.len > 0)
		request_json(q, "picurl", d->pictures[0].url);
	request_json_close(q, '}');
	request_json_close(q, ']');
	request_json_close(q, '}');
	return 0;
}

static int
compose_markdown(const struct delivery *d, struct request *q, struct err *e)
{
	const struct site *site = &d->config->site;
	struct slice text = arena_printf(q->a, "%.*s: %.*s", ARG(site->name),
		ARG(d->target->name));

	/* Who tries a robot sees it say who sent it. */
	if (d->subject == DELIVER_ARTICLE &&
		say(d, MARKDOWN_MAX, q->a, &text, e) < 0)
		return -1;
	request_json(q, "msgtype", S("markdown"));
	request_json_open(q, "markdown", '{');
	request_json(q, "content", text);
	request_json_close(q, '}');
	return 0;
}

static int
compose(const struct delivery *d, struct request *q, struct err *e)
{
	const struct wecom_conf *conf = d->target->conf;
	const struct secret *key = delivery_secret(d, conf->key, e);
	bool is_card = d->subject == DELIVER_ARTICLE &&
		conf->form == FORM_NEWS;

	if (!key)
		return -1;
	if (!is_said(d)) {
		request_repeatable(q);
		return request_check(q, e);
	}
	request_post(q, arena_printf(q->a, "%.*s?key=%.*s", ARG(conf->url),
		ARG(secret_value(key, 0))));
	request_hide(q, secret_value(key, 0));
	if ((is_card ? compose_news(d, q, e) : compose_markdown(d, q, e)) < 0)
		return -1;
	return request_check(q, e);
}

/* ---- what the answer means ---- */

static struct verdict
refused(const struct delivery *d, int64_t code, struct err *e)
{
	switch (code) {
	case BUSY:
		return verdict_unknown();
	case TOO_LONG:
		return is_smaller(d) ? verdict_reject() :
			verdict_next(S("smaller"));
	case TOO_OFTEN:
	case TOO_MANY:
		err_hint(e, "A robot says 20 things a minute: give the target "
			"\"rate: 20/m\".");
		return verdict_wait(d->attempt > 1 ? 10 * MINUTE : MINUTE,
			S(""));
	case NO_ROBOT:
		err_hint(e, "See whether the robot is still in the group, and "
			"write its key anew.");
		return verdict_hold();
	}
	return verdict_reject();
}

static struct verdict
judge(const struct delivery *d, const struct response *r, struct err *e)
{
	json_auto_t *said = reply_json(r);
	const json_t *code = json_object_get(said, "errcode");
	struct verdict v;

	if (!is_said(d))
		return verdict_done_as(d->memo);
	if (r->status / 100 == 2 && json_is_integer(code)) {
		/* What is restored is not said a second time. */
		if (json_integer_value(code) == 0)
			return verdict_done_as(S("said"));
		wechat_tell(r, said, "WeCom", e);
		return refused(d, json_integer_value(code), e);
	}
	v = target_judge(d, "WeCom", r, e);
	if (v.kind != VERDICT_DONE)
		return v;
	response_tell(r, "WeCom", e);
	return verdict_unknown();
}

const struct target_ops target_wecom = {
	.name = "wecom",
	.help = "Tells a group chat in WeCom, by its robot.",
	.settings = settings,
	.conf_size = sizeof(struct wecom_conf),
	.can = CAN_ARTICLES | CAN_BLIND,
	.wants = wants,
	.pictures = pictures,
	.compose = compose,
	.judge = judge,
};
