/*
 * An issue: a topic's document as it is sent to its subscribers.
 *
 * The document of an address lies in the tree under the same path (nginx
 * serves it from there).  What was announced is there already, so the file has
 * the version that was announced, or a newer one.
 */
#include <stdlib.h>

#include "base/file.h"
#include "base/uri.h"
#include "push/issue.h"

enum { LINK_MAX_LEN = 32 * 1024 };

/* As the renderers say it (feed/), and who fetches a document is told. */
static const struct {
	struct slice ending;
	const char *line;
} types[] = {
	{ S_INIT(".atom"),
		"Content-Type: application/atom+xml; charset=utf-8" },
	{ S_INIT(".rss"),
		"Content-Type: application/rss+xml; charset=utf-8" },
	{ S_INIT(".json"), "Content-Type: application/feed+json" },
};

const char *
issue_ending(size_t i)
{
	return i < COUNT_OF(types) ? types[i].ending.ptr + 1 : NULL;
}

struct issue *
issue_new(struct config *c, struct slice url)
{
	struct issue *s = x_calloc(1, sizeof(*s));

	s->refs = 1;
	s->config = config_ref(c);
	s->url = arena_copy(&s->arena, url);
	return s;
}

struct issue *
issue_ref(struct issue *s)
{
	s->refs++;
	return s;
}

void
issue_unref(struct issue *s)
{
	if (!s || --s->refs > 0)
		return;
	config_unref(s->config);
	arena_done(&s->arena);
	free(s);
}

static const char *
type_line(struct slice url)
{
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (slice_ends(url, types[i].ending))
			return types[i].line;
	return NULL;
}

/* One header with all hubs and the topic (WebSub section 7). */
static const char *
link_line(const struct site *site, struct slice url, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(LINK_MAX_LEN);

	buf_put_str(&b, "Link: ");
	for (size_t i = 0; i < site->n_hubs; i++)
		buf_printf(&b, "<%.*s>; rel=\"hub\", ", ARG(site->hubs[i]));
	buf_printf(&b, "<%.*s>; rel=\"self\"", ARG(url));
	return buf_ok(&b) ? arena_copy(a, buf_slice(&b)).ptr : NULL;
}

int
issue_read(struct issue *s, struct err *e)
{
	const struct config *c = s->config;
	struct slice path = { 0 };

	if (slice_starts(s->url, c->site.url))
		path = uri_decode(slice_from(s->url, c->site.url.len),
			&s->arena);
	s->headers[0] = type_line(s->url);
	s->headers[1] = link_line(&c->site, s->url, &s->arena);
	if (!path.ptr || !s->headers[0] || !s->headers[1])
		return err_set(e, ERR_MISSING, "\"%.*s\" is no document of "
			"this site", ARG(s->url));
	return file_read_beneath(c->publish_dir, path.ptr, ISSUE_BYTES_MAX,
		&s->arena, &s->body, e);
}
