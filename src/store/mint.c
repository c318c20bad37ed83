/*
 * Minting: the ids and slugs of what is new.
 *
 * An id is a tag: URI (RFC 4151) made from the path at first sight, a slug is
 * the file's stem.  Both are kept for life and never given again, so each may
 * be taken, by a withdrawn article too: then a number goes behind it.
 *
 * The number is found by doubling and halving.  Ten thousand files that are
 * all called index.txt cost 13 look-ups each, not ten thousand.
 */
#include "base/uri.h"
#include "base/utf8.h"
#include "store/tx.h"

enum { NUMBERS_MAX = 1 << 30 };

static const char uid_taken[] =
	"SELECT EXISTS (SELECT 1 FROM article WHERE uid = ?1)"
	" OR EXISTS (SELECT 1 FROM feed WHERE uid = ?1)"
	" OR EXISTS (SELECT 1 FROM identity WHERE uid = ?1)";
static const char slug_taken[] =
	"SELECT EXISTS (SELECT 1 FROM article WHERE slug = ?1)"
	" OR EXISTS (SELECT 1 FROM identity"
	"  WHERE kind = 'article' AND slug = ?1)";
static const char series_slug_taken[] =
	"SELECT EXISTS (SELECT 1 FROM series WHERE slug = ?1)"
	" OR EXISTS (SELECT 1 FROM identity"
	"  WHERE kind = 'series' AND slug = ?1)";

struct numbered {
	struct writer *w;
	const char *taken;	/* SQL */
	struct slice name;
	char sign;		/* before the number */
};

static struct slice
with_number(const struct numbered *n, int64_t number)
{
	if (number < 2)
		return n->name;
	return arena_printf(&n->w->batch->arena, "%.*s%c%jd", ARG(n->name),
		n->sign, (intmax_t)number);
}

static int
is_taken(const struct numbered *n, int64_t number, bool *ret, struct err *e)
{
	struct query q = query_start(n->w->db, n->taken);

	query_put_text(&q, with_number(n, number));
	*ret = query_row(&q) && query_int(&q, 0);
	return query_done(&q, e);
}

/* The name itself, or with the first free number: 2, 3, ... */
static int
first_free(const struct numbered *n, struct slice *ret, struct err *e)
{
	int64_t low = 0, high = 1;	/* low is taken */
	bool taken;

	for (;;) {
		if (is_taken(n, high, &taken, e) < 0)
			return -1;
		if (!taken)
			break;
		low = high;
		high *= 2;
		if (high > NUMBERS_MAX)
			return err_set(e, ERR_LIMIT, "too many articles are "
				"called \"%.*s\"", ARG(n->name));
	}
	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		if (is_taken(n, middle, &taken, e) < 0)
			return -1;
		*(taken ? &low : &high) = middle;
	}
	*ret = with_number(n, high);
	return 0;
}

/* Without its extension; a name that begins with its only dot stays. */
static struct slice
without_ending(struct slice path)
{
	ssize_t slash = slice_rfind_byte(path, '/');
	ssize_t dot = slice_rfind_byte(path, '.');

	return dot > slash + 1 ? slice_sub(path, 0, (size_t)dot) : path;
}

/* A stem as a slug: any script stays; what cannot be shown is encoded. */
static struct slice
slug_of(struct slice stem, struct arena *a)
{
	struct buf b = BUF_INIT(3 * stem.len + 1);
	struct slice ret;
	size_t n;

	for (; stem.len > 0; stem = slice_from(stem, n)) {
		int32_t c = utf8_get(stem, &n);
		bool broken = c == 0xfffd && n == 1;

		if (broken || c < 0x20 || (c >= 0x7f && c < 0xa0))
			for (size_t i = 0; i < n; i++)
				buf_printf(&b, "%%%02X",
					(unsigned char)stem.ptr[i]);
		else
			buf_put(&b, slice(stem.ptr, n));
	}
	ret = arena_copy(a, buf_slice(&b));
	buf_done(&b);
	return ret;
}

void
mint_plain(struct writer *w, struct slice path, struct minted *ret)
{
	struct arena *a = &w->batch->arena;
	struct slice whole = without_ending(path);
	ssize_t slash = slice_rfind_byte(whole, '/');

	ret->uid = arena_printf(a, "tag:%.*s:%.*s", ARG(w->tx->authority),
		ARG(uri_segment(whole, true, a)));
	ret->slug = slug_of(slice_from(whole, (size_t)(slash + 1)), a);
}

bool
mint_is_doubtful(const struct writer *w, struct slice path)
{
	return w->tx->remembers || slice_starts(path, S("series/")) ||
		slice_starts(path, S("topics/")) ||
		slice_eq(without_ending(path), S("all"));
}

int
mint_free(struct writer *w, struct slice path, struct minted *ret,
	struct err *e)
{
	struct minted plain;

	mint_plain(w, path, &plain);
	if (first_free(&(struct numbered){ w, uid_taken, plain.uid, '~' },
		&ret->uid, e) < 0)
		return -1;
	return first_free(&(struct numbered){ w, slug_taken, plain.slug,
		'-' }, &ret->slug, e);
}

int
mint_channel(struct writer *w, enum channel_kind kind, struct slice key,
	struct minted *ret, struct err *e)
{
	const char *folder = kind == CHANNEL_SERIES ? "series/" :
		kind == CHANNEL_TOPIC ? "topics/" : "";
	struct arena *a = &w->batch->arena;
	struct slice uid;

	ret->slug = key;
	if (kind == CHANNEL_SERIES &&
		first_free(&(struct numbered){ w, series_slug_taken, key,
			'-' }, &ret->slug, e) < 0)
		return -1;
	uid = arena_printf(a, "tag:%.*s:%s%.*s", ARG(w->tx->authority),
		folder, ARG(uri_segment(ret->slug, false, a)));
	return first_free(&(struct numbered){ w, uid_taken, uid, '~' },
		&ret->uid, e);
}
