/*
 * Who asks X for something.
 *
 * 1. OAuth 1.0a: an app's key and an account's, good until somebody takes them
 *    back.  Each request is signed anew, with a nonce that no other one of
 *    that second has.
 * 2. OAuth 2.0: an access token for two hours, and a refresh token that is
 *    good once.  Somebody logs in the first time.
 */
#include "base/base64.h"
#include "base/hash.h"
#include "base/oauth1.h"
#include "base/secret.h"
#include "base/uri.h"
#include "push/login.h"
#include "push/reply.h"
#include "push/x.h"

enum { HOURS_2 = 7200, BASIC_MAX = 16 * 1024 };

static const struct slice scopes = S_INIT("tweet.read tweet.write users.read "
	"media.write offline.access");

/* A file with two lines. */
static int
read_pair(const struct delivery *d, struct slice name, struct slice *ret_key,
	struct slice *ret_secret, struct err *e)
{
	const struct secret *s = delivery_secret(d, name, e);

	if (!s)
		return -1;
	if (secret_count(s) < 2) {
		err_set(e, ERR_CONFIG, "the credential \"%.*s\" has one line "
			"only", ARG(name));
		return err_hint(e, "Write the key on its first line, and the "
			"secret on its second.");
	}
	*ret_key = secret_value(s, 0);
	*ret_secret = secret_value(s, 1);
	return 0;
}

/* ---- OAuth 1.0a ---- */

static int
read_keys(const struct delivery *d, struct oauth1 *o, struct err *e)
{
	const struct x_conf *conf = d->target->conf;

	if (conf->account.len == 0) {
		err_set(e, ERR_CONFIG, "no \"account\" is configured");
		return err_hint(e, "Write which credential file has the "
			"account's token and its secret.");
	}
	if (read_pair(d, conf->app, &o->consumer_key, &o->consumer_secret,
		e) < 0)
		return -1;
	return read_pair(d, conf->account, &o->token, &o->token_secret, e);
}

static int
sign(const struct delivery *d, struct request *q, struct err *e)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(OAUTH1_HEADER_MAX);
	char nonce[OAUTH1_NONCE + 1];
	uint64_t chance = hash64_mix(d->chance, slice(
		(const char *)&d->now_ms, sizeof(d->now_ms)));
	struct oauth1 o = { .now = d->now_ms / 1000,
		.nonce = oauth1_nonce(chance, nonce) };

	if (read_keys(d, &o, e) < 0 || oauth1_put(&b, &o, q->method,
		slice_str(q->url), NULL, e) < 0)
		return -1;
	request_hide(q, o.consumer_key);
	request_hide(q, o.token);
	request_hide(q, buf_slice(&b));
	request_header(q, "Authorization", buf_slice(&b));
	return 0;
}

int
x_authorize(const struct delivery *d, struct request *q, struct err *e)
{
	const struct x_conf *conf = d->target->conf;

	/* It is told by request_check(). */
	if (!q->url)
		return 0;
	if (conf->auth == X_OAUTH1)
		return sign(d, q, e);
	if (!d->token)
		return target_needs_login(d, e);
	request_header(q, "Authorization", arena_printf(q->a, "Bearer %.*s",
		ARG(d->token->access)));
	return 0;
}

/* An account's token of OAuth 1.0a begins with its number. */
int
x_user(const struct delivery *d, struct slice *ret, struct err *e)
{
	const struct x_conf *conf = d->target->conf;
	struct oauth1 o = { 0 };
	struct slice rest;

	*ret = conf->user;
	if (ret->len == 0 && conf->auth == X_OAUTH1) {
		if (read_keys(d, &o, e) < 0)
			return -1;
		rest = o.token;
		slice_next_field(&rest, '-', ret);
	}
	if (x_is_id(*ret))
		return 0;
	err_set(e, ERR_CONFIG, "the account's number is not known");
	return err_hint(e, "Write it as \"user\" of the target.");
}

/* ---- OAuth 2.0 ---- */

bool
x_keeps_token(const struct target *t)
{
	const struct x_conf *conf = t->conf;

	return conf->auth == X_OAUTH2;
}

static int
read_client(const struct delivery *d, struct slice *ret_id,
	struct slice *ret_secret, struct err *e)
{
	const struct x_conf *conf = d->target->conf;
	const struct secret *s = delivery_secret(d, conf->app, e);

	if (!s)
		return -1;
	*ret_id = secret_value(s, 0);
	*ret_secret = secret_count(s) > 1 ? secret_value(s, 1) : S("");
	return 0;
}

/* A client that can keep a secret shows it; one that cannot has none. */
static int
begin_grant(const struct delivery *d, struct request *q, struct err *e)
{
	const struct x_conf *conf = d->target->conf;
	CLEANUP(buf_done) struct buf basic = BUF_INIT(BASIC_MAX);
	struct slice id, secret;

	if (read_client(d, &id, &secret, e) < 0)
		return -1;
	request_post(q, arena_printf(q->a, "%.*s/2/oauth2/token",
		ARG(conf->api)));
	request_hide(q, id);
	request_field(q, "client_id", id);
	if (secret.len == 0)
		return 0;
	base64_put(&basic, arena_printf(q->a, "%.*s:%.*s", ARG(id),
		ARG(secret)));
	request_hide(q, secret);
	request_hide(q, buf_slice(&basic));
	request_header(q, "Authorization", arena_printf(q->a, "Basic %.*s",
		ARG(buf_slice(&basic))));
	return 0;
}

int
x_fetch(const struct delivery *d, struct request *q, struct err *e)
{
	if (!d->token || d->token->refresh.len == 0)
		return target_needs_login(d, e);
	if (begin_grant(d, q, e) < 0)
		return -1;
	request_field(q, "grant_type", S("refresh_token"));
	request_hide(q, d->token->refresh);
	request_field(q, "refresh_token", d->token->refresh);
	return request_check(q, e);
}

struct verdict
x_fetched(const struct delivery *d, const struct response *r,
	struct token *ret, struct err *e)
{
	json_auto_t *said = reply_json(r);
	struct slice access = reply_text(said, "access_token", r->a);
	int64_t s = reply_number(said, "expires_in", HOURS_2);

	if (r->status / 100 == 2 && access.len > 0) {
		*ret = (struct token){ .access = access,
			.refresh = reply_text(said, "refresh_token", r->a),
			.expires = d->now_ms + MIN(s, 30 * 86400) * 1000 };
		if (ret->refresh.len == 0 && d->token)
			ret->refresh = d->token->refresh;
		return verdict_done();
	}
	response_tell(r, "X", e);
	/* RFC 6749 section 5.2: X says the one where others say the other. */
	if (reply_is(said, "error", S("invalid_grant")) ||
		reply_is(said, "error", S("invalid_request")))
		return verdict_auth();
	if (r->status == 429)
		return verdict_retry(r->retry_after_ms);
	return r->status / 100 == 4 ? verdict_hold() : verdict_unknown();
}

static void
put_argument(struct buf *b, const char *name, struct slice value,
	struct arena *a)
{
	buf_printf(b, "&%s=%.*s", name, ARG(uri_query_value(value, a)));
}

int
x_login(const struct delivery *d, const struct login *l, struct buf *ret,
	struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	const struct x_conf *conf = d->target->conf;
	struct slice id, secret;

	if (read_client(d, &id, &secret, e) < 0)
		return -1;
	buf_printf(ret, "%.*s?response_type=code", ARG(conf->login));
	put_argument(ret, "client_id", id, &a);
	put_argument(ret, "redirect_uri", conf->redirect, &a);
	put_argument(ret, "scope", scopes, &a);
	put_argument(ret, "state", slice_str(l->state), &a);
	put_argument(ret, "code_challenge", slice_str(l->challenge), &a);
	put_argument(ret, "code_challenge_method", S("S256"), &a);
	return 0;
}

int
x_redeem(const struct delivery *d, const struct login *l, struct request *q,
	struct err *e)
{
	const struct x_conf *conf = d->target->conf;

	if (begin_grant(d, q, e) < 0)
		return -1;
	request_field(q, "grant_type", S("authorization_code"));
	request_hide(q, l->code);
	request_field(q, "code", l->code);
	request_field(q, "redirect_uri", conf->redirect);
	request_hide(q, slice_str(l->verifier));
	request_field(q, "code_verifier", slice_str(l->verifier));
	return request_check(q, e);
}
