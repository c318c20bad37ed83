/*
 * Names: which directory entries are looked at, by their name alone.
 *
 * SVG is left out of the pictures on purpose: it is a program as much as a
 * picture, and readers would run it on the newsroom's own address.
 */
#include "watch/name.h"
#include "watch/watch.h"

/* One ending for each kind of file that a reader exists for. */
static const struct slice readable[] = {
	S_INIT(".txt"),
	S_INIT(".md"),
	S_INIT(".markdown"),
	S_INIT(".html"),
	S_INIT(".htm"),
};

static const struct slice pictures[] = {
	S_INIT(".jpg"),
	S_INIT(".jpeg"),
	S_INIT(".png"),
	S_INIT(".gif"),
	S_INIT(".webp"),
	S_INIT(".avif"),
};

const struct slice name_sidecar = S_INIT(".meta.yaml");
const struct slice name_defaults = S_INIT("_defaults.meta.yaml");

static const struct slice leftovers[] = {
	S_INIT("~"),
	S_INIT(".swp"),
	S_INIT(".tmp"),
	S_INIT(".part"),
};

static bool
ends_nocase(struct slice s, struct slice end)
{
	return s.len >= end.len &&
		slice_eq_nocase(slice_from(s, s.len - end.len), end);
}

bool
name_is_ignored(struct slice name)
{
	if (name.len == 0 || name.ptr[0] == '.' || slice_eq(name, S("4913")))
		return true;
	for (size_t i = 0; i < COUNT_OF(leftovers); i++)
		if (ends_nocase(name, leftovers[i]))
			return true;
	return false;
}

static bool
ends_in_one(struct slice name, const struct slice *endings, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ends_nocase(name, endings[i]))
			return true;
	return false;
}

enum file_kind
name_kind(struct slice name)
{
	if (ends_in_one(name, readable, COUNT_OF(readable)))
		return FILE_ARTICLE;
	if (slice_eq(name, name_defaults))
		return FILE_DEFAULTS;
	if (slice_ends(name, name_sidecar) && name.len > name_sidecar.len)
		return FILE_SIDECAR;
	return ends_in_one(name, pictures, COUNT_OF(pictures)) ?
		FILE_PICTURE : FILE_FOREIGN;
}

struct slice
name_stem(struct slice name)
{
	ssize_t dot;

	if (slice_ends(name, name_sidecar))
		return slice_sub(name, 0, name.len - name_sidecar.len);
	dot = slice_rfind_byte(name, '.');
	return slice_sub(name, 0, dot < 0 ? name.len : (size_t)dot);
}

struct slice
name_base(struct slice stem)
{
	ssize_t dash = slice_rfind_byte(stem, '-');
	struct slice number = slice_from(stem, (size_t)(dash + 1));

	if (dash < 1 || number.len == 0 || number.ptr[0] == '0' ||
		slice_number(number, ARTICLE_MEDIA_MAX) < 0)
		return slice(NULL, 0);
	return slice_sub(stem, 0, (size_t)dash);
}

struct slice
name_article_ending(size_t n)
{
	return n < COUNT_OF(readable) ? readable[n] : slice(NULL, 0);
}

struct slice
name_picture_ending(size_t n)
{
	return n < COUNT_OF(pictures) ? pictures[n] : slice(NULL, 0);
}

bool
watch_is_article_name(struct slice name)
{
	ssize_t slash = slice_rfind_byte(name, '/');

	name = slice_from(name, (size_t)(slash + 1));
	return !name_is_ignored(name) && name_kind(name) == FILE_ARTICLE;
}
