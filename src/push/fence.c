/*
 * The fence: comparing what has to fit.
 */
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/sha256.h"
#include "push/fence.h"

enum { MACHINE_ID_MAX = 256, WITNESS_MAX = 256, INSTANCE_HEX = 32 };

static const char witness_name[] = "courier.seen";

/* ---- who we are ---- */

/* The id itself is confidential (machine-id(5)): a hash of it does. */
struct slice
fence_self(const struct courier_conf *c, struct arena *a)
{
	char host[256] = "", hex[SHA256_HEX + 1];
	struct sha256 h;
	struct slice id;
	struct err e;

	if (c->instance.len > 0)
		return c->instance;
	if (file_read(AT_FDCWD, "/etc/machine-id", MACHINE_ID_MAX, a, &id,
		&e) < 0 || slice_trim(id).len == 0) {
		gethostname(host, sizeof(host) - 1);
		id = slice_str(host);
	}
	h = sha256_of(arena_printf(a, "gazetted\n%.*s",
		ARG(slice_trim(id))));
	sha256_hex(&h, hex);
	return arena_copy(a, slice(hex, INSTANCE_HEX));
}

struct slice
fence_mark(const struct announcement *n, struct arena *a)
{
	return arena_printf(a, "%s%jd %.*s %jd %jd",
		n->kind == ANNOUNCED_FEED ? "f" : "a",
		(intmax_t)(n->kind == ANNOUNCED_FEED ? n->feed_id :
		n->article_id), ARG(n->action), (intmax_t)n->version,
		(intmax_t)n->at);
}

/* ---- the witness ---- */

static struct slice
witness_text(const struct fence *f, struct arena *a)
{
	return arena_printf(a, "%jd %jd %.*s\n", (intmax_t)f->cursor.seq,
		(intmax_t)f->begun, ARG(f->cursor.stream));
}

struct witness
fence_read_witness(const char *state_dir, struct arena *a)
{
	const char *path = arena_printf(a, "%s/%s", state_dir,
		witness_name).ptr;
	struct slice text, line, seq, begun;
	struct witness w = { 0 };
	struct err e;

	if (file_read(AT_FDCWD, path, WITNESS_MAX, a, &text, &e) < 0 ||
		!slice_ends(text, S("\n")) || !slice_next_line(&text, &line) ||
		!slice_next_field(&line, ' ', &seq) ||
		!slice_next_field(&line, ' ', &begun))
		return w;
	w.seq = slice_number(seq, INT64_MAX);
	w.begun = slice_number(begun, INT64_MAX);
	w.stream = line;
	w.known = w.seq >= 0 && w.begun >= 0;
	return w;
}

int
fence_write_witness(const char *state_dir, const struct fence *f,
	struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	const struct witness *w = &f->witness;

	if (w->known && w->seq == f->cursor.seq && w->begun == f->begun &&
		slice_eq(w->stream, f->cursor.stream))
		return 0;
	return file_replace_private(AT_FDCWD, arena_printf(&a, "%s/%s",
		state_dir, witness_name).ptr, witness_text(f, &a), -1, e);
}

/* ---- reading ---- */

/* The mark of the announcement of that number; empty: it is not there. */
static int
read_mark(const struct fence_source *from, int64_t seq, struct arena *a,
	struct slice *ret, struct err *e)
{
	struct announcement *n = NULL;
	size_t count = 0;

	*ret = S("");
	if (seq <= 0)
		return 0;
	if (from->ops->announcements(from->press, seq - 1, 1, a, &n, &count,
		e) < 0)
		return err_in(e, "reading press.db");
	if (count > 0 && n->seq == seq)
		*ret = fence_mark(n, a);
	return 0;
}

int
fence_read(const struct fence_source *from, struct arena *a,
	struct fence *ret, struct err *e)
{
	if (from->outbox->cursor(from->courier, a, &ret->cursor,
		&ret->instance, e) < 0 ||
		from->outbox->begun(from->courier, &ret->begun, e) < 0)
		return err_in(e, "reading courier.db");
	ret->self = fence_self(from->conf, a);
	ret->witness = fence_read_witness(from->conf->state_dir, a);
	if (from->ops->announced(from->press, a, &ret->last, &ret->stream,
		e) < 0)
		return err_in(e, "reading press.db");
	return read_mark(from, ret->cursor.seq, a, &ret->mark, e);
}

int
fence_end(const struct fence_source *from, const struct fence *f,
	struct arena *a, struct outbox_cursor *ret, struct err *e)
{
	*ret = f->cursor;
	ret->known = true;
	if (f->stream.len == 0)
		return 0;
	ret->seq = f->last;
	ret->stream = f->stream;
	return read_mark(from, f->last, a, &ret->mark, e);
}

/* ---- what does not fit ---- */

static int
refuse(struct err *e, const char *what)
{
	err_set(e, ERR_REFUSED, "%s", what);
	return err_hint(e, "Nothing is sent until you have looked at the "
		"outbox and said \"gazettectl adopt\".");
}

bool
fence_is_anew(const struct fence *f)
{
	const struct outbox_cursor *c = &f->cursor;

	/* Where nothing was announced yet, nothing can be announced again. */
	if (!c->known || c->seq == 0 || f->stream.len == 0)
		return false;
	return !slice_eq(f->stream, c->stream) || f->last < c->seq ||
		(f->mark.len > 0 && !slice_eq(f->mark, c->mark));
}

static bool
is_older(const struct fence *f)
{
	const struct witness *w = &f->witness;

	return w->known && (w->begun > f->begun || (w->seq > f->cursor.seq &&
		slice_eq(w->stream, f->cursor.stream)));
}

int
fence_check(const struct fence *f, struct err *e)
{
	const struct outbox_cursor *c = &f->cursor;

	if (f->instance.len > 0 && !slice_eq(f->instance, f->self))
		return refuse(e, "courier.db belongs to another installation, "
			"which may be telling the same");
	if (!c->known)
		return 0;
	if (is_older(f))
		return refuse(e, "courier.db is an older one: what was sent "
			"since it was saved is not in it");
	if (!fence_is_anew(f))
		return 0;
	return refuse(e, slice_eq(c->stream, f->stream) ?
		"press.db is an older one: what it announces was sent before" :
		"press.db is another one: it announces anew");
}
