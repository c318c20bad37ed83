/*
 * Keys, read anew for each delivery: so a new credential needs no reload.
 */
#include "base/secret.h"
#include "base/sha256.h"
#include "push/keys.h"

enum { MADE_WITH_MAX = 1024 * 1024 };

static void
read_credentials(const char *dir, struct delivery *d, struct keys *k,
	struct arena *a)
{
	struct slice *names;
	size_t n = target_credentials(d->target, &names, a);
	struct credential *list = ARENA_ARRAY(a, struct credential, n);

	k->secrets = ARENA_ARRAY(a, struct secret *, n);
	k->n_secrets = n;
	for (size_t i = 0; i < n; i++) {
		struct err *why = ARENA_NEW(a, struct err);

		if (secret_read(dir, names[i], &k->secrets[i], why) < 0)
			k->secrets[i] = NULL;
		list[i] = (struct credential){ names[i], k->secrets[i], why };
	}
	d->credentials = list;
	d->n_credentials = n;
}

/* A hash of what stands in the files: a token is theirs. */
static void
note_made_with(struct keys *k)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(MADE_WITH_MAX);
	struct sha256 h;

	for (size_t i = 0; i < k->n_secrets; i++)
		if (k->secrets[i])
			buf_printf(&b, "%zu %.*s\n", i,
				ARG(secret_text(k->secrets[i])));
	h = sha256_of(buf_slice(&b));
	sha256_hex(&h, k->made_with);
	if (b.ptr)
		explicit_bzero(b.ptr, b.len);
}

static int
read_token(const struct courier *c, struct slice target, struct keys *k,
	struct arena *a, struct err *e)
{
	struct store_reader *r = c->ops->reader_take(c->store);
	int ret = token_sqlite.get(r, target, a, &k->token, e);

	c->ops->reader_give(c->store, r);
	k->has_token = ret == 0;
	return ret < 0 ? err_forgive(e, ERR_MISSING) : 0;
}

int
keys_read(const struct courier *c, const char *dir, struct delivery *d,
	struct keys *ret, struct arena *a, struct err *e)
{
	*ret = (struct keys){ 0 };
	read_credentials(dir, d, ret, a);
	if (!push_keeps_token(d->target))
		return 0;
	note_made_with(ret);
	if (read_token(c, d->target->name, ret, a, e) < 0)
		return -1;
	/* Somebody logged in for it: it is not the credentials' alone. */
	if (d->target->ops->login)
		ret->token.made_with = slice_str(ret->made_with);
	return 0;
}

void
keys_done(struct keys *k)
{
	for (size_t i = 0; i < k->n_secrets; i++)
		secret_free(k->secrets[i]);
	k->n_secrets = 0;
}

static bool
is_ours(const struct keys *k)
{
	return k->has_token && slice_eq(k->token.made_with,
		slice_str(k->made_with));
}

bool
keys_are_good(const struct keys *k, int64_t now_ms)
{
	const struct token *t = &k->token;
	int64_t margin = MIN((int64_t)TOKEN_MARGIN_MS,
		(t->expires - t->got) / 4);

	if (!is_ours(k) || t->access.len == 0)
		return false;
	return t->expires == 0 || now_ms < t->expires - margin;
}

const struct token *
keys_before(const struct keys *k)
{
	const struct token *t = &k->token;

	return is_ours(k) && (t->access.len > 0 || t->refresh.len > 0 ||
		t->is_refused) ? t : NULL;
}

const struct token *
keys_stand_in(const struct keys *k, struct arena *a)
{
	struct token *t = ARENA_NEW(a, struct token);

	*t = k->token;
	t->access = S("(the token that it will have)");
	return t;
}
