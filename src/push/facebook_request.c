/*
 * Requests to the Graph API.
 */
#include "base/hmac.h"
#include "base/secret.h"
#include "base/uri.h"
#include "push/facebook.h"

enum { CLOCK_OFF_S = 300 };	/* their clock and ours differ, at most */

int
facebook_text(const struct delivery *d, struct arena *a, struct slice *ret,
	struct err *e)
{
	const struct facebook_conf *conf = d->target->conf;
	const struct fit fit = { .unit = FIT_CODE_POINT,
		.max = (size_t)conf->length };

	return voice_put(&conf->voice, d, &fit, 1, a, ret, e);
}

struct keys {
	struct slice token;
	struct slice app;	/* its secret; empty: none is known here */
	struct slice proof;	/* of the token, by the app */
};

static int
read_keys(const struct delivery *d, struct arena *a, struct keys *ret,
	struct err *e)
{
	const struct facebook_conf *conf = d->target->conf;
	const struct secret *s = delivery_secret(d, conf->token, e);
	char hex[HMAC_HEX_MAX + 1];
	struct hmac *h;

	if (!s)
		return -1;
	*ret = (struct keys){ .token = secret_value(s, 0) };
	if (conf->app_secret.len == 0)
		return 0;
	s = delivery_secret(d, conf->app_secret, e);
	if (!s)
		return -1;
	h = hmac_new(HMAC_SHA256);
	ret->app = secret_value(s, 0);
	ret->proof = arena_copy(a, slice(hex, hmac_hex(h, ret->app,
		ret->token, hex)));
	hmac_free(h);
	return 0;
}

/* The address, and who asks; the query begins with "?", or is empty. */
static void
begin(const struct delivery *d, const struct keys *k, struct request *q,
	const char *method, struct slice path, struct slice query)
{
	const struct facebook_conf *conf = d->target->conf;
	struct slice url = conf->url;
	bool has_proof = k->proof.len > 0;

	if (slice_ends(url, S("/")))
		url.len--;
	/* The app's is not sent, but Facebook knows it, and might say it. */
	request_hide(q, k->app);
	request_hide(q, k->token);
	request_hide(q, k->proof);
	request_to(q, method, arena_printf(q->a, "%.*s/%.*s/%.*s%.*s%s%.*s",
		ARG(url), ARG(conf->version), ARG(path), ARG(query),
		!has_proof ? "" : query.len > 0 ? "&appsecret_proof=" :
		"?appsecret_proof=", ARG(k->proof)));
	request_header(q, "Authorization", arena_printf(q->a, "Bearer %.*s",
		ARG(k->token)));
}

static int
put_post(const struct delivery *d, const struct keys *k, struct request *q,
	struct err *e)
{
	const struct facebook_conf *conf = d->target->conf;
	const struct push_picture *p = d->n_pictures > 0 ? d->pictures : NULL;
	struct slice text;

	if (facebook_text(d, q->a, &text, e) < 0)
		return -1;
	begin(d, k, q, "POST", arena_printf(q->a, "%.*s/%s", ARG(conf->page),
		p ? "photos" : "feed"), S(""));
	if (!p) {
		request_json(q, "message", text);
		request_json(q, "link", voice_url(&conf->voice, d, q->a));
		request_json_bool(q, "published", true);
		return 0;
	}
	request_multipart(q, d->chance);
	request_part(q, "message", text);
	if (p->alt.len > 0)
		request_part(q, "alt_text_custom", p->alt);
	request_part(q, "published", S("true"));
	request_file(q, "source", p->name, p->type, p->bytes);
	return 0;
}

static int
put_edit(const struct delivery *d, const struct keys *k, struct request *q,
	struct err *e)
{
	struct slice text;

	if (facebook_text(d, q->a, &text, e) < 0)
		return -1;
	begin(d, k, q, "POST", facebook_post(d), S(""));
	request_json(q, "message", text);
	request_repeatable(q);
	return 0;
}

static void
put_scrape(const struct delivery *d, const struct keys *k, struct request *q)
{
	const struct facebook_conf *conf = d->target->conf;
	struct slice url = uri_query_value(voice_url(&conf->voice, d, q->a),
		q->a);

	begin(d, k, q, "POST", S(""), arena_printf(q->a,
		"?id=%.*s&scrape=true", ARG(url)));
	request_repeatable(q);
}

static int
put_turn(const struct delivery *d, const struct keys *k, struct request *q,
	struct err *e)
{
	const struct facebook_conf *conf = d->target->conf;

	switch (facebook_turn(d)) {
	case FACEBOOK_POST:
		return put_post(d, k, q, e);
	case FACEBOOK_EDIT:
		return put_edit(d, k, q, e);
	case FACEBOOK_SCRAPE:
		put_scrape(d, k, q);
		break;
	case FACEBOOK_DELETE:
		begin(d, k, q, "DELETE", facebook_post(d), S(""));
		request_repeatable(q);
		break;
	case FACEBOOK_TRY:
		begin(d, k, q, "GET", conf->page, S("?fields=id%2Cname"));
		break;
	case FACEBOOK_NOTHING:
		break;
	}
	return 0;
}

int
facebook_compose(const struct delivery *d, struct request *q, struct err *e)
{
	enum facebook_turn turn = facebook_turn(d);
	struct keys k;

	if (read_keys(d, q->a, &k, e) < 0)
		return -1;
	if ((turn == FACEBOOK_EDIT || turn == FACEBOOK_SCRAPE ||
		turn == FACEBOOK_DELETE) && facebook_post(d).len == 0)
		return err_set(e, ERR_SYNTAX, "what is remembered of the post "
			"is no id of one");
	if (put_turn(d, &k, q, e) < 0)
		return -1;
	return request_check(q, e);
}

int
facebook_ask(const struct delivery *d, struct request *q, struct err *e)
{
	const struct facebook_conf *conf = d->target->conf;
	struct slice fields = uri_query_value(
		S("id,message,attachments{unshimmed_url}"), q->a);
	struct keys k;

	if (read_keys(d, q->a, &k, e) < 0)
		return -1;
	begin(d, &k, q, "GET", arena_printf(q->a, "%.*s/feed",
		ARG(conf->page)), arena_printf(q->a, "?fields=%.*s&since=%lld"
		"&limit=%d", ARG(fields), (long long)d->at - CLOCK_OFF_S,
		FACEBOOK_POSTS_MAX));
	return request_check(q, e);
}
