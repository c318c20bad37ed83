/*
 * Choosing pictures, and reading them.
 *
 * 1. What cannot be had is left out: a file that is gone, one that is no longer
 *    the picture that its name says, one that is too large.  What fails for
 *    another reason (a disk) is an error, and the delivery is tried again: a
 *    post without its picture cannot be taken back.
 * 2. The same delivery and the same tree give the same pictures.
 */
#include <fcntl.h>

#include "base/file.h"
#include "base/hash.h"
#include "model/access.h"
#include "model/address.h"
#include "model/facts.h"
#include "push/picture_choose.h"

struct choice {
	const struct picture_choose *c;
	const struct delivery *d;
	const struct picture_wish *w;
	struct arena *a;
	struct entry entry;	/* as others may have it */
	struct push_picture *list;
	size_t n;
	size_t bytes;		/* of all of them */
};

/* ---- what is taken ---- */

static size_t
bytes_max(const struct choice *h)
{
	size_t max = h->w->bytes_max ? h->w->bytes_max : PICTURE_BYTES_MAX;

	if (!h->w->needs_bytes)
		return max;
	return MIN(MIN(max, (size_t)PICTURE_BYTES_MAX),
		PICTURES_BYTES_MAX - h->bytes);
}

static bool
is_taken(const struct choice *h, const struct push_picture *p)
{
	const char *const *type = h->w->types;

	if (p->size < 0 || (size_t)p->size > bytes_max(h))
		return false;
	while (type && *type && !slice_eq(p->type, slice_str(*type)))
		type++;
	return !type || *type;
}

static bool
is_full(const struct choice *h)
{
	return h->n == MIN(h->w->max, (size_t)PICTURES_MAX);
}

/* ---- bytes ---- */

/* ERR_MISSING: it cannot be had.  Is it what its name says? */
static int
read_published(const struct choice *h, struct push_picture *p, struct err *e)
{
	struct slice path = arena_printf(h->a, "media/%.*s", ARG(p->name));
	char hash[HASH_HEX + 1];

	if (file_read_beneath(h->d->config->publish_dir, path.ptr,
		bytes_max(h), h->a, &p->bytes, e) < 0)
		return -1;
	hash128_hex(p->bytes, hash);
	return slice_starts(p->name, slice_str(hash)) ? 0 :
		err_set(e, ERR_MISSING, "\"%.*s\" is another picture",
			ARG(path));
}

static int
find_uploads(const struct choice *h, struct push_picture *p, struct err *e)
{
	struct upload *list;

	p->hash = sha256_of(p->bytes);
	if (upload_sqlite.of(h->c->store, h->c->target_id, &p->hash,
		h->d->now_ms, h->a, &list, &p->n_uploads, e) < 0) {
		/* It is no picture that cannot be read. */
		e->kind = ERR_STORE;
		return -1;
	}
	p->uploads = list;
	return 0;
}

static int
add(struct choice *h, struct push_picture *p, struct err *e)
{
	if (h->w->needs_bytes && find_uploads(h, p, e) < 0)
		return -1;
	p->is_cover = h->w->needs_cover && h->n == 0;
	h->bytes += p->bytes.len;
	h->list[h->n++] = *p;
	return 0;
}

/* ---- of the article ---- */

static int
try_media(struct choice *h, const struct media *m, struct err *e)
{
	struct push_picture p = {
		.name = m->name,
		.url = address_media(h->d->config, m, h->a),
		.type = m->type,
		.size = m->size,
		.width = m->width,
		.height = m->height,
		.alt = m->alt,
		.caption = m->caption,
		.credit = m->credit,
	};

	if (is_full(h) || !is_taken(h, &p))
		return 0;
	if (!h->w->needs_bytes)
		return add(h, &p, e);
	if (read_published(h, &p, e) == 0)
		return add(h, &p, e);
	return e->kind == ERR_MISSING || e->kind == ERR_LIMIT ? 0 : -1;
}

static struct slice
base_name(struct slice path)
{
	return slice_from(path, (size_t)(slice_rfind_byte(path, '/') + 1));
}

/* The picture that the article's "cover" names; NULL: none of these. */
static const struct media *
named_cover(const struct choice *h)
{
	struct slice cover = base_name(h->d->entry->fields.cover);

	for (size_t i = 0; cover.len > 0 && i < h->entry.n_media; i++) {
		const struct media *m = &h->entry.media[i];

		if (facts_is_picture(m) && (slice_eq(base_name(m->path),
			cover) || slice_eq(m->name, cover)))
			return m;
	}
	return NULL;
}

static int
choose_media(struct choice *h, struct err *e)
{
	const struct media *cover = h->w->needs_cover ? named_cover(h) : NULL;

	if (cover && try_media(h, cover, e) < 0)
		return -1;
	for (size_t i = 0; i < h->entry.n_media; i++) {
		const struct media *m = &h->entry.media[i];

		if (m != cover && facts_is_picture(m) &&
			try_media(h, m, e) < 0)
			return -1;
	}
	return 0;
}

/* ---- of the configuration ---- */

static int
try_configured(struct choice *h, const struct picture *from, struct err *e)
{
	struct push_picture p = {
		.name = from->name,
		.type = slice_str(from->type),
		.size = (int64_t)from->bytes.len,
		.width = from->width,
		.height = from->height,
		.alt = h->entry.title,
		.bytes = from->bytes,
	};

	if (from->bytes.len == 0 || is_full(h) || !is_taken(h, &p))
		return 0;
	return add(h, &p, e);
}

static int
choose_configured(struct choice *h, struct err *e)
{
	const struct feed f = { .kind = CHANNEL_SERIES,
		.slug = h->entry.series_slug };
	const struct channel *ch = h->entry.series_id ?
		channel_of_feed(h->d->config, &f) : NULL;

	if (ch && try_configured(h, &ch->cover, e) < 0)
		return -1;
	return h->n > 0 ? 0 : try_configured(h, &h->d->target->cover, e);
}

int
picture_choose(const struct picture_choose *c, struct delivery *d,
	const struct picture_wish *w, struct arena *a, struct err *e)
{
	struct choice h = { .c = c, .d = d, .w = w, .a = a };

	h.entry = picture_entry(d, w->syndication, a);
	h.list = ARENA_ARRAY(a, struct push_picture, PICTURES_MAX);
	if (choose_media(&h, e) < 0 || (w->needs_cover && h.n == 0 &&
		choose_configured(&h, e) < 0))
		return -1;
	d->pictures = h.list;
	d->n_pictures = h.n;
	return 0;
}
