/*
 * x: posts on X (Twitter).
 *
 * 1. There is no idempotency key, so a post is sent once; whether it was made
 *    when no answer came is looked up among what the account posted since, by
 *    the address that is in it.
 * 2. A correction edits the post where X lets us (half an hour, and accounts
 *    that may), and is a reply to it elsewhere.
 * 3. Everything but a post may be repeated: a picture that is uploaded twice is
 *    seen once, and what is deleted stays so.
 */
#include "base/date.h"
#include "push/x.h"

enum {
	PICTURES = 4,		/* of a post */
	PICTURE_MAX = 5 * 1024 * 1024,
	ALT_MAX = 1000,		/* characters */
	LOOK_BACK_S = 5 * 60,	/* their clock may be behind ours */
};

#define FIELD(field) SETTING_FIELD(struct x_conf, field)

static const char *const auth_words[] = { "oauth1", "oauth2", NULL };

static int
check_number(struct slice text, struct err *e)
{
	if (x_is_id(text))
		return 0;
	return err_set(e, ERR_CONFIG, "it is not a number");
}

static const struct setting settings[] = {
	{ "auth", SETTING_CHOICE, FIELD(auth), .preset = "oauth1",
		.choices = auth_words,
		.help = "How it shows who it is." },
	{ "app", SETTING_TEXT, FIELD(app), .required = true,
		.check = target_check_credential,
		.help = "Write which credential file has the app's key and "
			"secret." },
	{ "account", SETTING_TEXT, FIELD(account),
		.check = target_check_credential,
		.help = "Which credential file has the account's token and "
			"secret, of OAuth 1.0a." },
	{ "user", SETTING_TEXT, FIELD(user), .check = check_number,
		.help = "The account's number." },
	{ "thread", SETTING_BOOL, FIELD(thread), .preset = "no",
		.help = "Whether a reply leads from a part to its series." },
	{ "max-weight", SETTING_INT, FIELD(weight), .preset = "280",
		.min = 40, .max = 25000,
		.help = "How long a text may be, as X counts." },
	{ "api", SETTING_TEXT, FIELD(api), .preset = "https://api.x.com",
		.max = 1000, .check = setting_check_url,
		.help = "Where X is asked." },
	{ "login", SETTING_TEXT, FIELD(login),
		.preset = "https://x.com/i/oauth2/authorize", .max = 1000,
		.check = setting_check_url,
		.help = "Where somebody logs in for OAuth 2.0." },
	{ "redirect", SETTING_TEXT, FIELD(redirect),
		.preset = "http://127.0.0.1/", .max = 1000,
		.check = setting_check_url,
		.help = "Where X leads him then, as the app has it." },
	VOICE_WORDS(struct x_conf, voice,
		"[{series} {part} | ]{headline}\n\n{summary...}\n{url}",
		"new", "delete"),
	{ 0 },
};

static bool
wants(const struct delivery *d)
{
	const struct x_conf *conf = d->target->conf;

	return voice_wants(&conf->voice, d);
}

static void
pictures(const struct delivery *d, struct picture_wish *w)
{
	static const char *const types[] = { "image/jpeg", "image/png",
		"image/webp", NULL };
	const struct x_conf *conf = d->target->conf;

	if (conf->voice.picture == VOICE_PICTURE_NONE ||
		d->action == ACTION_WITHDRAWN)
		return;
	w->max = conf->voice.picture == VOICE_PICTURE_ALL ? PICTURES : 1;
	w->needs_cover = conf->voice.picture == VOICE_PICTURE_COVER;
	w->needs_bytes = true;
	w->bytes_max = PICTURE_MAX;
	w->types = types;
}

/* ---- requests ---- */

static void
begin(const struct delivery *d, struct request *q, const char *method,
	struct slice path)
{
	const struct x_conf *conf = d->target->conf;

	request_to(q, method, arena_printf(q->a, "%.*s/2/%.*s",
		ARG(conf->api), ARG(path)));
}

static void
put_upload(const struct delivery *d, const struct push_picture *p,
	struct request *q)
{
	begin(d, q, "POST", S("media/upload"));
	request_multipart(q, d->chance);
	request_part(q, "media_category", S("tweet_image"));
	request_file(q, "media", p->name, p->type, p->bytes);
	request_repeatable(q);
}

static void
put_description(const struct delivery *d, const struct push_picture *p,
	struct request *q)
{
	const struct fit fit = { FIT_CODE_POINT, ALT_MAX, 0 };

	begin(d, q, "POST", S("media/metadata"));
	request_json(q, "id", picture_upload(p, X_IMAGE));
	request_json_open(q, "metadata", '{');
	request_json_open(q, "alt_text", '{');
	request_json(q, "text", fit_cut(&fit, 1, p->alt, q->a));
	request_json_close(q, '}');
	request_json_close(q, '}');
	request_repeatable(q);
}

static void
put_media(const struct delivery *d, struct request *q)
{
	if (d->n_pictures == 0)
		return;
	request_json_open(q, "media", '{');
	request_json_open(q, "media_ids", '[');
	for (size_t i = 0; i < d->n_pictures; i++)
		request_json(q, NULL, picture_upload(&d->pictures[i],
			X_IMAGE));
	request_json_close(q, ']');
	request_json_close(q, '}');
}

static void
put_link(struct request *q, const char *key, const char *name,
	struct slice id)
{
	request_json_open(q, key, '{');
	request_json(q, name, id);
	request_json_close(q, '}');
}

static int
put_post(const struct delivery *d, const struct x_work *w, struct request *q,
	struct err *e)
{
	struct slice text, user;

	/* What could not be looked for is not sent. */
	if (x_user(d, &user, e) < 0 || x_text(d, w, q->a, &text, e) < 0)
		return -1;
	begin(d, q, "POST", S("tweets"));
	request_json(q, "text", text);
	if (w->step == X_POST || w->step == X_EDIT)
		put_media(d, q);
	if (w->step == X_CORRECT || w->step == X_FOLLOW)
		put_link(q, "reply", "in_reply_to_tweet_id", w->post);
	if (w->step == X_EDIT)
		put_link(q, "edit_options", "previous_post_id", w->post);
	return 0;
}

/* Replies go first: alone they would say nothing. */
static void
put_deletion(const struct delivery *d, const struct x_work *w,
	struct request *q)
{
	begin(d, q, "DELETE", arena_printf(q->a, "tweets/%.*s",
		ARG(w->last)));
	request_repeatable(q);
}

static int
put_step(const struct delivery *d, const struct x_work *w, struct request *q,
	struct err *e)
{
	switch (w->step) {
	case X_UPLOAD:
		put_upload(d, w->picture, q);
		return 0;
	case X_DESCRIBE:
		put_description(d, w->picture, q);
		return 0;
	case X_DELETE:
		put_deletion(d, w, q);
		return 0;
	case X_POST:
	case X_EDIT:
	case X_CORRECT:
	case X_FOLLOW:
		return put_post(d, w, q, e);
	case X_LOOK:
	case X_NOTHING:
		break;
	}
	begin(d, q, "GET", S("users/me"));
	return 0;
}

static int
compose(const struct delivery *d, struct request *q, struct err *e)
{
	struct x_work w = x_work(d);

	/* judge() knows that there was nothing to do. */
	if (w.step == X_NOTHING)
		return request_check(q, e);
	if (put_step(d, &w, q, e) < 0 || x_authorize(d, q, e) < 0)
		return -1;
	return request_check(q, e);
}

/* What the account posted since the last thing that we know of. */
static int
ask(const struct delivery *d, struct request *q, struct err *e)
{
	struct x_work w = x_work(d);
	char date[DATE_SIZE];
	struct slice user;

	if (x_user(d, &user, e) < 0)
		return -1;
	begin(d, q, "GET", arena_printf(q->a, "users/%.*s/tweets?"
		"max_results=10&%s=%.*s&tweet.fields=created_at,entities",
		ARG(user), w.last.len > 0 ? "since_id" : "start_time",
		ARG(w.last.len > 0 ? w.last : date_rfc3339(d->at -
			LOOK_BACK_S, date))));
	return x_authorize(d, q, e) < 0 ? -1 : request_check(q, e);
}

const struct target_ops target_x = {
	.name = "x",
	.help = "Posts on X (Twitter).",
	.settings = settings,
	.conf_size = sizeof(struct x_conf),
	.can = CAN_ARTICLES | CAN_READ_BACK,
	.wants = wants,
	.pictures = pictures,
	.compose = compose,
	.judge = x_judge,
	.ask = ask,
	.answer = x_answer,
	.keeps_token = x_keeps_token,
	.fetch = x_fetch,
	.fetched = x_fetched,
	.login = x_login,
	.redeem = x_redeem,
};
