/*
 * Companions: what an article is read with, brought to the reader.
 *
 * 1. Every path is opened beneath its content root, without symbolic links; an
 *    address in an article leads to nothing but pictures, and to none that
 *    watch does not look at.
 * 2. What cannot be had is left out: the article is published without it, and
 *    read again when it comes.
 * 3. A picture's bytes are in memory only while it is looked at: a batch may
 *    have thousands.
 */
#include <fcntl.h>
#include <limits.h>

#include "base/event.h"
#include "base/file.h"
#include "base/uri.h"
#include "daemon/companions.h"
#include "daemon/shelf.h"
#include "model/address.h"
#include "read/figure.h"
#include "read/image.h"
#include "watch/name.h"
#include "watch/stamp.h"

/* ---- fields ---- */

/* The file as the companion; false when it cannot be had. */
static bool
read_fields(const struct company *c, const char *rel, struct slice *ret)
{
	CLEANUP(fd_close) int fd = file_open_beneath(c->item->root_fd, rel,
		O_RDONLY | O_NOFOLLOW);
	struct look look;
	struct err e;

	return fd >= 0 && look_at(fd, "", &look) == 0 &&
		S_ISREG(look.mode) && look.stamp.size <= FIELDS_FILE_MAX &&
		fd_slurp(fd, (size_t)look.stamp.size, c->arena, ret, &e) == 0;
}

static void
gather_fields(const struct company *c, struct read_env *env)
{
	const struct item *i = c->item;
	struct slice *defaults = ARENA_ARRAY(c->arena, struct slice,
		i->n_with);
	struct slice bytes;

	env->defaults = defaults;
	for (size_t k = 0; k < i->n_with; k++) {
		const struct companion *w = &i->with[k];

		if (!w->there || w->kind == FILE_PICTURE ||
			!read_fields(c, w->rel, &bytes))
			continue;
		if (w->kind == FILE_SIDECAR)
			env->sidecar = bytes;
		else
			defaults[env->n_defaults++] = bytes;
	}
}

/* ---- finding a picture ---- */

/* Add the parts of a relative path; false when it leads out, or nowhere. */
static bool
add_parts(struct buf *b, struct slice rel)
{
	struct slice part;

	while (slice_next_field(&rel, '/', &part)) {
		if (part.len == 0 || slice_eq(part, S(".")))
			continue;
		if (slice_eq(part, S(".."))) {
			ssize_t slash = slice_rfind_byte(buf_slice(b), '/');

			if (b->len == 0)
				return false;
			buf_cut(b, slash < 0 ? 0 : (size_t)slash);
			continue;
		}
		if (name_is_ignored(part) || slice_find_byte(part, '\0') >= 0)
			return false;
		if (b->len > 0)
			buf_put_byte(b, '/');
		buf_put(b, part);
	}
	return buf_ok(b);
}

/* The path of a picture from the root; ptr NULL: it can be none. */
static struct slice
resolve(const struct company *c, struct slice rel)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(PATH_MAX - 1);
	struct slice own = slice_str(c->item->rel);
	ssize_t slash = slice_rfind_byte(own, '/');

	if (rel.len == 0 || rel.ptr[0] == '/' ||
		slice_find(rel, S("://"), 0) >= 0)
		return slice(NULL, 0);
	if (!add_parts(&b, slice_sub(own, 0, slash < 0 ? 0 : (size_t)slash)) ||
		!add_parts(&b, rel) || name_kind(buf_slice(&b)) !=
		FILE_PICTURE)
		return slice(NULL, 0);
	return arena_copy(c->arena, buf_slice(&b));
}

/* Remember that it was looked for; NULL: it was already. */
static struct sighting *
sight(const struct company *c, struct slice path)
{
	struct item *i = c->item;
	struct slice whole = arena_printf(c->arena, "%.*s%.*s",
		ARG(slice_sub(i->path, 0, i->path.len - strlen(i->rel))),
		ARG(path));

	for (size_t k = 0; k < i->n_sightings; k++)
		if (slice_eq(i->sightings[k].path, whole))
			return &i->sightings[k];
	i->sightings = ARENA_GROW(c->arena, i->sightings, i->n_sightings);
	i->sightings[i->n_sightings] = (struct sighting){ .path = whole };
	return &i->sightings[i->n_sightings++];
}

/* Read a picture whole; false when there is none that may be published. */
static bool
read_picture(const struct company *c, struct slice path, struct sighting *s,
	struct arena *a, struct slice *ret)
{
	CLEANUP(fd_close) int fd = file_open_beneath(c->item->root_fd,
		path.ptr, O_PATH | O_NOFOLLOW);
	CLEANUP(fd_close) int bytes = -1;
	struct look look;
	struct err e;

	if (fd < 0 || look_at(fd, "", &look) < 0)
		return false;
	s->there = true;
	s->stamp = look.stamp;
	if (!S_ISREG(look.mode) || look.stamp.size > PICTURE_FILE_MAX)
		return false;
	bytes = file_open_beneath(c->item->root_fd, path.ptr,
		O_RDONLY | O_NOFOLLOW);
	return bytes >= 0 && fd_slurp(bytes, (size_t)look.stamp.size, a, ret,
		&e) == 0;
}

/* Put it on the shelf; false when that failed, and was told. */
static bool
publish(const struct company *c, struct sighting *s, struct slice bytes,
	const struct image *image)
{
	char hash[HASH_HEX + 1];
	struct slice name;
	struct err e = { 0 };

	hash128_hex(bytes, hash);
	name = arena_printf(c->arena, "%s.%s", hash, image->ending);
	if (shelf_put(c->press->shelf, name, bytes, &e) < 0) {
		event_err(EV_MEDIA_FAILED, "path", s->path, &e);
		return false;
	}
	s->name = name;
	return true;
}

static bool
find_picture(const struct company *c, struct slice path, struct media *ret)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct sighting *s = sight(c, path);
	struct image image;
	struct slice bytes;

	/* Each is held once: a second look asks for the first one's pin. */
	if (s->name.len > 0)
		shelf_unpin(c->press->shelf, s->name);
	s->name = slice(NULL, 0);
	if (!read_picture(c, path, s, &a, &bytes) ||
		!image_read(bytes, &image) || !publish(c, s, bytes, &image))
		return false;
	ret->kind = MEDIA_IMAGE;
	ret->path = s->path;
	ret->name = s->name;
	ret->type = slice_str(image.type);
	ret->size = (int64_t)bytes.len;
	ret->width = image.width;
	ret->height = image.height;
	return true;
}

/* "a%20b.jpg?v=2" as a path. */
static struct slice
plain(const struct company *c, struct slice rel)
{
	struct slice end = rel;

	for (size_t i = 0; i < rel.len; i++)
		if (rel.ptr[i] == '?' || rel.ptr[i] == '#') {
			end = slice_sub(rel, 0, i);
			break;
		}
	return uri_decode(end, c->arena);
}

/* read_env.picture: by the name of a file, or by its address. */
static bool
picture(void *ctx, struct slice rel, struct arena *a, struct media *ret,
	struct slice *address)
{
	const struct company *c = ctx;
	struct slice decoded = plain(c, rel);
	struct slice path = resolve(c, rel);
	bool found = path.ptr && find_picture(c, path, ret);

	if (!found && decoded.ptr && !slice_eq(decoded, rel)) {
		path = resolve(c, decoded);
		found = path.ptr && find_picture(c, path, ret);
	}
	if (found)
		*address = address_media(c->config, ret, a);
	return found;
}

/* ---- for flow ---- */

static struct slice
stem_of(struct slice path)
{
	return name_stem(slice_from(path,
		(size_t)(slice_rfind_byte(path, '/') + 1)));
}

void
companions_gather(struct company *c, struct read_env *env)
{
	const struct item *i = c->item;

	*env = (struct read_env){
		.path = i->path,
		.language = c->config->site.language,
		.zone_minutes = c->config->site.zone_minutes,
		.charset = c->config->roots[i->root].charset,
		.base = address_article(c->config, i->path, stem_of(i->path),
			c->arena),
		.picture = c->without_pictures ? NULL : picture,
		.ctx = c,
	};
	if (i->n_with > 0)
		gather_fields(c, env);
}

void
companions_show(struct company *c, const struct read_env *env,
	struct article *art)
{
	const struct item *i = c->item;
	struct slice *names = ARENA_ARRAY(c->arena, struct slice, i->n_with);
	size_t n = 0;

	for (size_t k = 0; k < i->n_with; k++) {
		struct slice rel = slice_str(i->with[k].rel);

		if (i->with[k].there && i->with[k].kind == FILE_PICTURE)
			names[n++] = slice_from(rel, (size_t)(
				slice_rfind_byte(rel, '/') + 1));
	}
	figure_place(env, names, n, c->arena, art);
}

void
companions_await(const struct item *i, struct article *art)
{
	for (size_t k = 0; k < i->n_sightings; k++)
		if (i->sightings[k].name.len == 0)
			art->form = hash64_mix(art->form,
				i->sightings[k].path);
}

void
companions_check(struct item *i)
{
	struct image image;

	if (i->kind != FILE_PICTURE || i->fate != ITEM_READ ||
		image_sniff(i->bytes, &image))
		return;
	i->fate = ITEM_ASIDE;
	err_set(&i->why, ERR_SYNTAX, "\"%.*s\" is not a picture",
		ARG(slice_from(i->path, i->path.len - MIN(i->path.len,
		(size_t)200))));
	err_hint(&i->why, "Its bytes are none of JPEG, PNG, GIF, WebP or AVIF. "
		"Export it again as one of these.");
}

void
companions_release(struct press *p, const struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		for (size_t k = 0; k < b->items[i].n_sightings; k++)
			if (b->items[i].sightings[k].name.len > 0)
				shelf_unpin(p->shelf,
					b->items[i].sightings[k].name);
}
