/*
 * A login: its state and verifier, and the code in what somebody brings.
 */
#include "base/base64.h"
#include "base/clock.h"
#include "base/form.h"
#include "base/sha256.h"
#include "push/login.h"

/* That many letters of chance. */
static void
put_chance(char *ret, size_t letters)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(2 * LOGIN_VERIFIER);
	uint64_t chance[4];

	for (size_t i = 0; i < COUNT_OF(chance); i++)
		chance[i] = rand_u64();
	base64_put_url(&b, slice((char *)chance, sizeof(chance)));
	CHECK(b.len >= letters);
	memcpy(ret, b.ptr, letters);
	ret[letters] = '\0';
	explicit_bzero(chance, sizeof(chance));
}

void
login_init(struct login *l, int64_t now_ms)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(2 * LOGIN_VERIFIER);
	struct sha256 h;

	*l = (struct login){ .until = now_ms + LOGIN_MS };
	put_chance(l->state, LOGIN_STATE);
	put_chance(l->verifier, LOGIN_VERIFIER);
	h = sha256_of(slice_str(l->verifier));
	base64_put_url(&b, slice((char *)h.bytes, sizeof(h.bytes)));
	CHECK(b.len == LOGIN_VERIFIER);
	memcpy(l->challenge, b.ptr, b.len);
}

/* The query of an address, or what is meant to be one. */
static struct slice
query_of(struct slice brought)
{
	ssize_t at = slice_find_byte(brought, '#');

	if (at >= 0)
		brought = slice_sub(brought, 0, (size_t)at);
	at = slice_find_byte(brought, '?');
	return at < 0 ? brought : slice_from(brought, (size_t)at + 1);
}

static int
refused_there(const struct form *f, struct slice why, struct err *e)
{
	struct slice more;

	form_find(f, S("error_description"), &more);
	err_set(e, ERR_REFUSED, "the platform says no: %.*s%s%.*s",
		(int)MIN(why.len, (size_t)100), why.ptr, more.len ? ", " : "",
		(int)MIN(more.len, (size_t)200), more.len ? more.ptr : "");
	return err_hint(e, "Begin again, and say yes there.");
}

int
login_take(const struct login *l, struct slice brought, int64_t now_ms,
	struct arena *a, struct slice *ret_code, struct err *e)
{
	struct slice state, code, why;
	struct form f;

	if (l->until == 0 || now_ms > l->until ||
		now_ms < l->until - LOGIN_MS) {
		err_set(e, ERR_REFUSED, "no login is under way, or it took "
			"too long");
		return err_hint(e, "Begin again: the address is good for "
			"%d minutes.", LOGIN_MS / 60000);
	}
	if (form_parse(query_of(slice_trim(brought)), a, &f, e) < 0)
		return err_in(e, "what was brought");
	if (form_find(&f, S("state"), &state) != 1 ||
		!slice_eq(state, slice_str(l->state))) {
		err_set(e, ERR_REFUSED, "that is not the address that this "
			"login leads to: its \"state\" is another one");
		return err_hint(e, "Copy all of the address that the browser "
			"shows at the end.");
	}
	if (form_find(&f, S("error"), &why) > 0)
		return refused_there(&f, why, e);
	if (form_find(&f, S("code"), &code) != 1 || code.len == 0 ||
		code.len > LOGIN_CODE_MAX)
		return err_set(e, ERR_SYNTAX, "there is no \"code\" in it");
	*ret_code = code;
	return 0;
}
