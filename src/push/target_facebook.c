/*
 * facebook: posts on a Page, by the Graph API.
 *
 *	article		POST /PAGE/feed {message, link}		-> the post's id
 *			POST /PAGE/photos (form with a file)
 *	correction	POST /POST {message}, POST /?id=URL&scrape=true
 *	withdrawal	DELETE /POST
 *	in doubt	GET /PAGE/feed?since=...
 *
 * 1. There is no key that would make a post twice the same, so what is in
 *    doubt is looked for among the latest posts: by the article's address, in
 *    the card or in the text, else by the text.  A post that was made a moment
 *    ago may not be listed yet, so it is looked for twice.
 * 2. What the card shows Facebook fetched once; after a correction it is asked
 *    to fetch the article anew.  The correction does not fail with that.
 * 3. Edits, deletions and questions may be repeated; posts never are.
 * 4. The app's secret proves that the token is used by us (appsecret_proof);
 *    it never leaves.
 */
#include "push/facebook.h"

enum {
	TEXT_MIN = 50,
	TEXT_MAX = 63206,
	PHOTO_MAX = 4 * 1024 * 1024,	/* bytes */
	ID_MAX = 64,
};

#define FIELD(field) SETTING_FIELD(struct facebook_conf, field)

static const char *const post_words[] = { "link", "photo", NULL };

/* Digits, and what else is named: nothing that a path gives a meaning to. */
static bool
is_name(struct slice s, const char *others)
{
	for (size_t i = 0; i < s.len; i++)
		if ((s.ptr[i] < '0' || s.ptr[i] > '9') &&
			(!s.ptr[i] || !strchr(others, s.ptr[i])))
			return false;
	return s.len > 0 && s.len <= ID_MAX;
}

static int
check_page(struct slice text, struct err *e)
{
	if (is_name(text, ""))
		return 0;
	err_set(e, ERR_CONFIG, "the id of a Page is a number");
	return err_hint(e, "It stands in the Page's settings, below \"Page "
		"transparency\".");
}

static int
check_version(struct slice text, struct err *e)
{
	if (slice_starts(text, S("v")) && is_name(slice_from(text, 1), "."))
		return 0;
	return err_set(e, ERR_CONFIG, "a version is written as \"v25.0\"");
}

static const struct setting settings[] = {
	{ "page", SETTING_TEXT, FIELD(page), .required = true,
		.check = check_page, .help = "Write the number of the Page." },
	{ "token", SETTING_TEXT, FIELD(token), .required = true,
		.check = target_check_credential,
		.help = "Write which credential file has the Page's token." },
	{ "app-secret", SETTING_TEXT, FIELD(app_secret),
		.check = target_check_credential,
		.help = "Which credential file has the app's secret." },
	{ "post", SETTING_CHOICE, FIELD(post), .preset = "link",
		.choices = post_words,
		.help = "Whether a post has a card of the article, or a "
			"picture of it." },
	{ "length", SETTING_INT, FIELD(length), .preset = "500",
		.min = TEXT_MIN, .max = TEXT_MAX,
		.help = "How many characters a post has at most." },
	{ "scrape", SETTING_BOOL, FIELD(scrape), .preset = "yes",
		.help = "Whether Facebook is asked to fetch a corrected "
			"article anew." },
	{ "version", SETTING_TEXT, FIELD(version), .preset = "v25.0",
		.check = check_version,
		.help = "Which version of the Graph API is spoken." },
	{ "url", SETTING_TEXT, FIELD(url), .max = REQUEST_URL_MAX / 2,
		.preset = "https://graph.facebook.com",
		.check = setting_check_url,
		.help = "Where the Graph API is." },
	VOICE_WORDS(struct facebook_conf, voice,
		"[{series} {part} | ]{headline}\n{summary...}\n{url}",
		"edit", "delete"),
	{ 0 },
};

/* ---- what is to be done ---- */

/* In front of a post's id in a memo: its text is as it should be. */
static const struct slice edited = S_INIT("edited ");

bool
facebook_is_id(struct slice text)
{
	return is_name(text, "_");
}

struct slice
facebook_post(const struct delivery *d)
{
	struct slice id = slice_starts(d->memo, edited) ?
		slice_from(d->memo, edited.len) : d->memo;

	return facebook_is_id(id) ? id : S("");
}

struct slice
facebook_edited(const struct delivery *d, struct arena *a)
{
	return arena_printf(a, "%.*s%.*s", ARG(edited), ARG(facebook_post(d)));
}

enum facebook_turn
facebook_turn(const struct delivery *d)
{
	const struct facebook_conf *conf = d->target->conf;

	if (d->subject == DELIVER_PING)
		return FACEBOOK_TRY;
	switch (voice_deed(&conf->voice, d)) {
	case VOICE_POST:
		return FACEBOOK_POST;
	case VOICE_EDIT:
		return slice_starts(d->memo, edited) ? FACEBOOK_SCRAPE :
			FACEBOOK_EDIT;
	case VOICE_DELETE:
		return FACEBOOK_DELETE;
	case VOICE_NOTHING:
		break;
	}
	return FACEBOOK_NOTHING;
}

static bool
wants(const struct delivery *d)
{
	const struct facebook_conf *conf = d->target->conf;

	return voice_wants(&conf->voice, d);
}

static void
pictures(const struct delivery *d, struct picture_wish *w)
{
	static const char *const types[] = { "image/jpeg", "image/png",
		"image/gif", "image/bmp", "image/tiff", NULL };
	const struct facebook_conf *conf = d->target->conf;

	if (conf->post != FACEBOOK_PHOTO || facebook_turn(d) != FACEBOOK_POST ||
		conf->voice.picture == VOICE_PICTURE_NONE)
		return;
	w->max = 1;
	w->needs_cover = conf->voice.picture == VOICE_PICTURE_COVER;
	w->syndication = SYNDICATION_FULL;
	w->bytes_max = PHOTO_MAX;
	w->types = types;
	w->needs_bytes = true;
}

const struct target_ops target_facebook = {
	.name = "facebook",
	.help = "Posts on a Page of Facebook.",
	.settings = settings,
	.conf_size = sizeof(struct facebook_conf),
	.can = CAN_ARTICLES | CAN_READ_BACK,
	.wants = wants,
	.pictures = pictures,
	.compose = facebook_compose,
	.judge = facebook_judge,
	.ask = facebook_ask,
	.answer = facebook_answer,
};
