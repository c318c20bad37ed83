/*
 * Videos.
 *
 * A frame is never kept, because feeds' readers would run it: its video is
 * linked instead, by the address at which people watch it.
 */
#include "base/uri.h"
#include "read/video.h"

enum { ID_MAX = 64 };

/* An address of a site, and what watching it is called there. */
struct form {
	struct slice host;	/* without "www." and "m." */
	struct slice path;	/* that the id stands behind, or ... */
	const char *parameter;	/* ... the query word that has it; or NULL */
	const char *watch;	/* the page, before the id */
	const char *behind;	/* ... and behind it */
};

static const struct form forms[] = {
	{ S_INIT("youtube.com"), S_INIT("/watch"), "v",
		"https://www.youtube.com/watch?v=", "" },
	{ S_INIT("youtube.com"), S_INIT("/embed/"), NULL,
		"https://www.youtube.com/watch?v=", "" },
	{ S_INIT("youtube.com"), S_INIT("/shorts/"), NULL,
		"https://www.youtube.com/watch?v=", "" },
	{ S_INIT("youtube-nocookie.com"), S_INIT("/embed/"), NULL,
		"https://www.youtube.com/watch?v=", "" },
	{ S_INIT("youtu.be"), S_INIT("/"), NULL,
		"https://www.youtube.com/watch?v=", "" },
	{ S_INIT("player.vimeo.com"), S_INIT("/video/"), NULL,
		"https://vimeo.com/", "" },
	{ S_INIT("vimeo.com"), S_INIT("/"), NULL, "https://vimeo.com/", "" },
	{ S_INIT("player.bilibili.com"), S_INIT("/player.html"), "bvid",
		"https://www.bilibili.com/video/", "" },
	{ S_INIT("player.bilibili.com"), S_INIT("/player.html"), "aid",
		"https://www.bilibili.com/video/av", "" },
	{ S_INIT("bilibili.com"), S_INIT("/video/"), NULL,
		"https://www.bilibili.com/video/", "" },
	{ S_INIT("v.qq.com"), S_INIT("/txp/iframe/player.html"), "vid",
		"https://v.qq.com/x/page/", ".html" },
	{ S_INIT("v.qq.com"), S_INIT("/x/page/"), NULL,
		"https://v.qq.com/x/page/", ".html" },
};

static bool
is_id_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* The id that s begins with; empty: none, or a word that goes on. */
static struct slice
read_id(struct slice s)
{
	size_t n = 0;

	while (n < s.len && is_id_byte(s.ptr[n]))
		n++;
	if (n > ID_MAX || (n < s.len && !strchr("/?&#.", s.ptr[n])))
		return slice(s.ptr, 0);
	return slice(s.ptr, n);
}

/* The value of a word of a query: "v=ID&t=10". */
static struct slice
read_parameter(struct slice query, struct slice word)
{
	struct slice field;

	while (slice_next_field(&query, '&', &field))
		if (slice_starts(field, word) && field.len > word.len &&
			field.ptr[word.len] == '=')
			return read_id(slice_from(field, word.len + 1));
	return slice("", 0);
}

/* What is behind the host: path, query, fragment. */
static struct slice
behind_host(struct slice url, struct slice host)
{
	size_t n = (size_t)(host.ptr + host.len - url.ptr);

	while (n < url.len && url.ptr[n] != '/')
		n++;
	return slice_from(url, n);
}

static struct slice
id_in(const struct form *f, struct slice rest)
{
	if (!slice_starts(rest, f->path))
		return slice("", 0);
	rest = slice_from(rest, f->path.len);
	if (!f->parameter)
		return read_id(rest);
	return slice_starts(rest, S("?")) ? read_parameter(slice_from(rest,
		1), slice_str(f->parameter)) : slice("", 0);
}

/* Vimeo's and others' front pages have words where a video has a number. */
static bool
is_number(struct slice s)
{
	return slice_number(s, INT64_MAX / 16) >= 0;
}

struct slice
video_page(struct slice url, struct arena *a)
{
	struct slice host, rest, id;

	if (!uri_is_http(url))
		return slice(NULL, 0);
	host = uri_host(url);
	rest = behind_host(url, host);
	if (slice_starts_nocase(host, S("www.")))
		host = slice_from(host, 4);
	else if (slice_starts_nocase(host, S("m.")))
		host = slice_from(host, 2);
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		if (!slice_eq_nocase(host, forms[i].host))
			continue;
		id = id_in(&forms[i], rest);
		if (id.len > 0 && (!slice_eq(forms[i].host,
			S("vimeo.com")) || is_number(id)))
			return arena_printf(a, "%s%.*s%s", forms[i].watch,
				ARG(id), forms[i].behind);
	}
	return slice(NULL, 0);
}

struct media *
media_add(struct article *art, enum media_kind kind, struct arena *a)
{
	if (art->n_media == ARTICLE_MEDIA_MAX)
		return NULL;
	art->media = ARENA_GROW(a, art->media, art->n_media);
	art->media[art->n_media] = (struct media){ .kind = kind,
		.shown = true };
	return &art->media[art->n_media++];
}

void
media_add_played(struct article *art, enum media_kind kind, struct slice url,
	struct arena *a)
{
	struct media *one;

	for (size_t i = 0; i < art->n_media; i++)
		if (slice_eq(art->media[i].url, url))
			return;
	one = media_add(art, kind, a);
	if (one)
		one->url = url;
}
