/*
 * The pictures that a configuration names by their files.
 *
 * They are few and small, and pages show them: so they are read with the
 * configuration, kept in it, and what is wrong with one is told with all other
 * faults.
 */
#include <fcntl.h>

#include "base/file.h"
#include "base/path.h"
#include "base/uri.h"
#include "daemon/config_picture.h"
#include "read/image.h"

enum { PICTURE_MAX = 1024 * 1024 };

/* A word that may name a picture, and what it is served as. */
struct asked {
	const char *map, *word;
	const char *served;	/* without ending */
	struct slice text;
	struct picture *ret;
};

/* The value of a word in a map; NULL: it was not written. */
static const struct node *
value_of(const struct node *root, const char *map, const char *word)
{
	const struct node *key = root ? node_key(root, slice_str(map)) : NULL;

	key = key ? node_key(key->value, slice_str(word)) : NULL;
	return key ? key->value : NULL;
}

static int
read_file(const char *path, struct arena *a, struct picture *p,
	struct image *image, struct err *e)
{
	if (file_read(AT_FDCWD, path, PICTURE_MAX, a, &p->bytes, e) < 0)
		return -1;
	if (image_read(p->bytes, image))
		return 0;
	err_set(e, ERR_CONFIG, "\"%s\" is not a picture", path);
	return err_hint(e, "PNG, JPEG, GIF and WebP are known.");
}

/* The file at path, which the text at `at` names. */
static void
read_named(struct setting_reader *r, const struct node *at, const char *path,
	const char *served, struct picture *ret)
{
	struct picture p = { 0 };
	struct image image;
	struct err e;

	if (read_file(path, r->a, &p, &image, &e) < 0) {
		fault_add_err(r->faults, &at->at, &e);
		return;
	}
	p.type = image.type;
	p.name = arena_printf(r->a, "%s.%s", served, image.ending);
	p.width = image.width;
	p.height = image.height;
	*ret = p;
}

static void
read_picture(struct setting_reader *r, const struct node *root,
	const struct asked *q)
{
	const struct node *value = value_of(root, q->map, q->word);

	if (value && q->text.len > 0)
		read_named(r, value, path_resolve(value->at.source->dir,
			q->text, r->a), q->served, q->ret);
}

void
config_picture_read(struct setting_reader *r, const struct node *map,
	const char *path, struct picture *ret)
{
	const struct node *key = node_key(map, S("cover"));

	if (path)
		read_named(r, key ? key->value : map, path, "cover", ret);
}

/* WeChat's names have neither slashes nor dots. */
static bool
is_file_name(struct slice text)
{
	return slice_find_byte(text, '/') >= 0 ||
		slice_find_byte(text, '.') >= 0;
}

void
config_pictures_read(struct setting_reader *r, const struct node *root,
	const struct form *f, struct config *c)
{
	struct site *s = &c->site;
	const struct asked image = { "site", "image", "share", f->image,
		&s->image };
	const struct asked code = { "follow", "wechat", "wechat",
		s->follow.wechat, &s->follow.wechat_code };

	if (uri_is_http(f->image))
		s->image.url = f->image;
	else
		read_picture(r, root, &image);
	if (!uri_is_http(s->follow.wechat) && is_file_name(s->follow.wechat))
		read_picture(r, root, &code);
}
