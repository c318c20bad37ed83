/*
 * Targets, as those who run them call them.
 *
 * What a target must not forget is done here: a request is checked, a verdict
 * has a reason, and no message holds a secret.
 */
#include <stdio.h>

#include "base/secret.h"
#include "base/utf8.h"
#include "push/keys.h"
#include "push/retry_after.h"
#include "push/target.h"

const struct target_ops *
push_target_find(struct slice name)
{
	for (size_t i = 0; push_targets[i]; i++)
		if (slice_eq(name, slice_str(push_targets[i]->name)))
			return push_targets[i];
	return NULL;
}

/* ---- what it is told of ---- */

bool
push_wants(const struct delivery *d)
{
	static const unsigned needed[] = {
		[DELIVER_ARTICLE] = CAN_ARTICLES,
		[DELIVER_FEED] = CAN_FEEDS,
		[DELIVER_TOPIC] = CAN_TOPICS,
		[DELIVER_PING] = 0,	/* everybody can be tried */
	};
	const struct target_ops *ops = d->target->ops;

	return (ops->can & needed[d->subject]) == needed[d->subject] &&
		(!ops->wants || ops->wants(d));
}

/* The key may be the channel's, an alias, or the slug in its address. */
static bool
is_called(const struct config *c, const struct feed *f, struct slice key)
{
	const struct channel *ch;

	if (slice_eq(key, f->slug) || slice_eq(key, f->key))
		return true;
	ch = feed_channel(c, f);
	return ch && channel_is_called(ch, key);
}

bool
target_wants_channel(const struct config *c, const struct target *t,
	const struct feed *f)
{
	for (size_t i = 0; i < t->n_wants; i++) {
		const struct want *w = &t->wants[i];

		if (w->kind == f->kind && (w->key.len == 0 ||
			is_called(c, f, w->key)))
			return true;
	}
	return t->n_wants == 0;
}

/* ---- credentials ---- */

int
target_check_credential(struct slice text, struct err *e)
{
	if (secret_is_name(text))
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" is no name of a credential",
		ARG(utf8_first(text, 60)));
	return err_hint(e, "Write the name of a file in the directory "
		"\"credentials\" of \"courier\", never the secret itself.");
}

/* The names that a field of that setting holds. */
static size_t
names_in(const char *conf, const struct setting *s,
	const struct slice **ret)
{
	const void *field = conf + s->offset;

	if (s->type == SETTING_TEXTS) {
		*ret = *(struct slice *const *)field;
		return *(const size_t *)(const void *)(conf + s->count);
	}
	*ret = field;
	return (*ret)->len > 0;
}

size_t
target_credentials(const struct target *t, struct slice **ret,
	struct arena *a)
{
	size_t n = 0;

	*ret = NULL;
	for (const struct setting *s = t->ops->settings; s->name; s++) {
		const struct slice *names;
		size_t count = 0;

		if (s->check == target_check_credential)
			count = names_in(t->conf, s, &names);
		for (size_t i = 0; i < count; i++) {
			*ret = ARENA_GROW(a, *ret, n);
			(*ret)[n++] = names[i];
		}
	}
	return n;
}

/* ---- what is sent ---- */

static void
hide_token(struct request *q, const struct token *t)
{
	if (!t)
		return;
	request_hide(q, t->access);
	request_hide(q, t->refresh);
	request_hide(q, t->extra);
}

/* What somebody else says, or we of his address, may hold a secret. */
static void
mask_text(const struct request *q, char *text, size_t size)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(3 * size);

	request_mask(q, slice_str(text), &b);
	snprintf(text, size, "%.*s", ARG(buf_slice(&b)));
}

static void
mask_err(const struct request *q, struct err *e)
{
	mask_text(q, e->text, sizeof(e->text));
	mask_text(q, e->hint, sizeof(e->hint));
}

static int
finish(int built, struct request *q, struct err *e)
{
	if (built == 0 && request_check(q, e) == 0)
		return 0;
	mask_err(q, e);
	return -1;
}

int
push_compose(const struct delivery *d, struct arena *a, struct request *q,
	struct err *e)
{
	request_init(q, a);
	hide_token(q, d->token);
	return finish(d->target->ops->compose(d, q, e), q, e);
}

int
push_ask(const struct delivery *d, struct arena *a, struct request *q,
	struct err *e)
{
	request_init(q, a);
	hide_token(q, d->token);
	/* Whoever only looks may look twice. */
	request_repeatable(q);
	return finish(d->target->ops->ask(d, q, e), q, e);
}

/* ---- what came of it ---- */

/* What cannot be remembered is uploaded again, the next time. */
static void
settle_upload(struct upload *u)
{
	if (u->purpose.len > UPLOAD_PURPOSE_MAX ||
		u->remote.len > UPLOAD_REMOTE_MAX || !utf8_valid(u->remote))
		*u = (struct upload){ 0 };
}

static struct verdict
settle(const struct request *q, struct verdict v, struct err *e)
{
	if (v.memo.len > DELIVERY_MEMO_MAX && v.kind == VERDICT_DONE) {
		v.memo = S("");
	} else if (v.memo.len > DELIVERY_MEMO_MAX) {
		err_set(e, ERR_LIMIT, "what the peer wants to be remembered "
			"is longer than %d bytes", DELIVERY_MEMO_MAX);
		return verdict_unknown();
	}
	if (v.kind != VERDICT_DONE && v.kind != VERDICT_NEXT)
		mask_err(q, e);
	settle_upload(&v.upload);
	v.wait_ms = MIN(MAX(v.wait_ms, 0), (int64_t)RETRY_AFTER_MAX_MS);
	return v;
}

struct verdict
push_judge(const struct delivery *d, const struct request *q,
	const struct response *r, struct err *e)
{
	struct response said = *r;

	said.to = q;
	return settle(q, d->target->ops->judge(d, &said, e), e);
}

struct verdict
push_answer(const struct delivery *d, const struct request *q,
	const struct response *r, struct err *e)
{
	struct response said = *r;

	said.to = q;
	return settle(q, d->target->ops->answer(d, &said, e), e);
}

/* ---- tokens ---- */

bool
push_keeps_token(const struct target *t)
{
	return t->ops->fetch && (!t->ops->keeps_token ||
		t->ops->keeps_token(t));
}

int
push_fetch(const struct delivery *d, const struct login *l, struct arena *a,
	struct request *q, struct err *e)
{
	const struct target_ops *ops = d->target->ops;

	request_init(q, a);
	hide_token(q, d->token);
	if (!l)
		return finish(ops->fetch(d, q, e), q, e);
	request_hide(q, l->code);
	request_hide(q, slice_str(l->verifier));
	return finish(ops->redeem(d, l, q, e), q, e);
}

/* What is not said stays as it was: RFC 6749, section 6. */
static void
complete(const struct delivery *d, struct token *t)
{
	const struct token *old = d->token;

	t->got = d->now_ms;
	if (old && t->refresh.len == 0) {
		t->refresh = old->refresh;
		t->ends = t->ends ? t->ends : old->ends;
	}
	if (old && t->extra.len == 0)
		t->extra = old->extra;
}

/* One that cannot be used must not be kept over one that perhaps can. */
static int
check_token(const struct token *t, struct err *e)
{
	size_t longest = MAX(MAX(t->access.len, t->refresh.len), t->extra.len);

	if (t->access.len == 0)
		return err_set(e, ERR_SYNTAX, "the answer has no token in it");
	if (longest > TOKEN_TEXT_MAX)
		return err_set(e, ERR_LIMIT, "the token is longer than %d "
			"bytes", TOKEN_TEXT_MAX);
	if (t->expires && t->expires < t->got + TOKEN_LIFE_MIN_MS)
		return err_set(e, ERR_REFUSED, "the token is over already");
	return 0;
}

struct verdict
push_fetched(const struct delivery *d, const struct request *q,
	const struct response *r, struct token *ret, struct err *e)
{
	struct response said = *r;
	struct token t = { 0 };
	struct verdict v;

	said.to = q;
	/* It holds what nothing hides yet. */
	said.is_secret = r->status / 100 == 2;
	v = d->target->ops->fetched(d, &said, &t, e);
	complete(d, &t);
	if (v.kind == VERDICT_DONE && check_token(&t, e) < 0)
		v = verdict_retry(0);
	if (v.kind == VERDICT_DONE)
		*ret = t;
	return settle(q, v, e);
}

int
target_needs_login(const struct delivery *d, struct err *e)
{
	err_set(e, ERR_CONFIG, "nobody has logged in for the target \"%.*s\"",
		ARG(d->target->name));
	return err_hint(e, "Run \"gazettectl target auth %.*s\", then "
		"\"resume\".", ARG(d->target->name));
}
