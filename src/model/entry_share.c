/*
 * What of an entry may be shown to whom.
 *
 * The text is our own writer's (read/markup.c, read/figure.c): tags are
 * balanced, "src" comes first in an <img>, and "<" in a text is escaped.  So a
 * picture is cut out in one walk, with the elements around it that held
 * nothing else: its figure and caption, a link to the large one, a paragraph.
 */
#include "base/buf.h"
#include "model/access.h"
#include "model/entry_share.h"

enum { FRAMES_MAX = 64 };	/* the reader nests no deeper */

/* What may go along of one entry. */
struct share {
	const struct entry *entry;
	bool pictures;		/* those that nothing is said of */
	bool some;		/* a picture stays */
};

/* An element that may be left empty. */
struct frame {
	const char *name;	/* "figure" */
	size_t at, inside;	/* in the output: its tag, and behind it */
	bool lost, kept;	/* a picture that was in it */
};

struct cut {
	const struct share *share;
	struct buf out;
	struct frame frames[FRAMES_MAX];
	size_t depth;
};

/* ---- what may go ---- */

static bool
goes(const struct share *s, enum syndication said)
{
	return said ? said == SYNDICATION_FULL : s->pictures;
}

/* Is this the picture that stands at an address, as the text has it? */
static bool
is_at(const struct media *m, struct slice src)
{
	CLEANUP(buf_done) struct buf url = BUF_INIT(64 * 1024);

	if (m->name.len > 0)
		return slice_ends(src, m->name);
	buf_put_xml(&url, m->url);
	return m->url.len > 0 && slice_eq(src, buf_slice(&url));
}

static bool
source_goes(const struct share *s, struct slice src)
{
	for (size_t i = 0; i < s->entry->n_media; i++)
		if (is_at(&s->entry->media[i], src))
			return goes(s, s->entry->media[i].syndication);
	return s->pictures;
}

/* ---- cutting ---- */

static const char *
frame_name(struct slice tag)
{
	static const char *const names[] = { "figure", "a", "p" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		size_t len = strlen(names[i]);

		if (slice_starts(tag, slice_str(names[i])) && tag.len > len &&
			(tag.ptr[len] == '>' || tag.ptr[len] == ' '))
			return names[i];
	}
	return NULL;
}

static void
open_frame(struct cut *c, const char *name, struct slice tag)
{
	struct frame f = { .name = name, .at = c->out.len };

	buf_put(&c->out, tag);
	f.inside = c->out.len;
	if (c->depth < FRAMES_MAX)
		c->frames[c->depth] = f;
	c->depth++;
}

/* Did it hold the picture, and nothing else that is worth an element? */
static bool
is_hollow(const struct cut *c, const struct frame *f)
{
	struct slice rest = slice_from(buf_slice(&c->out), f->inside);

	if (!f->lost || f->kept)
		return false;
	return strcmp(f->name, "figure") == 0 || slice_trim(rest).len == 0;
}

static void
close_frame(struct cut *c, struct slice tag)
{
	const struct frame *f = NULL;

	if (c->depth > 0 && --c->depth < FRAMES_MAX)
		f = &c->frames[c->depth];
	if (f && is_hollow(c, f))
		buf_cut(&c->out, f->at);
	else
		buf_put(&c->out, tag);
}

static void
put_image(struct cut *c, struct slice tag)
{
	static const struct slice before = S_INIT("<img src=\"");
	struct slice src = slice_from(tag, before.len);
	bool stays;

	src = slice_sub(src, 0, (size_t)MAX((ssize_t)0,
		slice_find_byte(src, '"')));
	stays = slice_starts(tag, before) && source_goes(c->share, src);
	for (size_t i = 0; i < MIN(c->depth, (size_t)FRAMES_MAX); i++) {
		c->frames[i].kept |= stays;
		c->frames[i].lost |= !stays;
	}
	if (stays)
		buf_put(&c->out, tag);
}

static void
put_tag(struct cut *c, struct slice tag)
{
	bool closes = slice_starts(tag, S("</"));
	const char *name = frame_name(slice_from(tag, closes ? 2 : 1));

	if (slice_starts(tag, S("<img")))
		put_image(c, tag);
	else if (!name)
		buf_put(&c->out, tag);
	else if (closes)
		close_frame(c, tag);
	else
		open_frame(c, name, tag);
}

/* The text without the pictures that may not go. */
static struct slice
cut_pictures(const struct share *s, struct arena *a)
{
	struct slice rest = s->entry->html;
	struct cut c = { .share = s, .out = BUF_INIT(rest.len + 1) };
	struct slice ret;
	ssize_t at, end;

	while ((at = slice_find_byte(rest, '<')) >= 0) {
		buf_put(&c.out, slice_sub(rest, 0, (size_t)at));
		rest = slice_from(rest, (size_t)at);
		end = slice_find_byte(rest, '>');
		if (end < 0)
			break;
		put_tag(&c, slice_sub(rest, 0, (size_t)end + 1));
		rest = slice_from(rest, (size_t)end + 1);
	}
	buf_put(&c.out, rest);
	ret = arena_copy(a, slice_trim(buf_slice(&c.out)));
	buf_done(&c.out);
	return ret;
}

/* ---- the entry ---- */

static void
keep_media(struct share *s, struct entry *e)
{
	size_t n = 0;

	for (size_t i = 0; i < e->n_media; i++) {
		if (!goes(s, e->media[i].syndication))
			continue;
		s->some |= e->media[i].kind == MEDIA_IMAGE;
		e->media[n++] = e->media[i];
	}
	e->n_media = n;
}

/* Whose pictures are gone is not credited for any. */
static void
drop_photographers(struct entry *e)
{
	size_t n = 0;

	for (size_t i = 0; i < e->n_people; i++)
		if (e->people[i].role != ROLE_PHOTOGRAPHER)
			e->people[n++] = e->people[i];
	e->n_people = n;
}

static bool
is_all_free(const struct share *s)
{
	for (size_t i = 0; i < s->entry->n_media; i++)
		if (!goes(s, s->entry->media[i].syndication))
			return false;
	return s->pictures;
}

void
entry_take_pictures(struct entry *e, bool pictures, struct arena *a)
{
	struct share s = { .entry = e, .pictures = pictures };
	bool had = e->n_media > 0;

	if (is_all_free(&s))
		return;
	e->html = cut_pictures(&s, a);
	keep_media(&s, e);
	e->fields.cover = S("");
	if (had && !s.some)
		drop_photographers(e);
}

static bool
is_hidden(const struct config *c, enum channel_kind kind, struct slice slug)
{
	struct feed f = { .kind = kind, .slug = slug };

	return channel_is_private(c, &f);
}

void
entry_hide_topics(const struct config *c, struct entry *e)
{
	size_t n = 0;

	for (size_t i = 0; i < e->n_topics; i++)
		if (!is_hidden(c, CHANNEL_TOPIC, e->topics[i].slug))
			e->topics[n++] = e->topics[i];
	e->n_topics = n;
}

bool
entry_hide_private(const struct config *c, struct entry *e)
{
	entry_hide_topics(c, e);
	if (!e->series_id ||
		!is_hidden(c, CHANNEL_SERIES, e->series_slug))
		return false;
	e->series_id = 0;
	e->series_title = e->series_slug = e->part_label = S("");
	e->part = 0;
	e->prev = e->next = (struct neighbour){ 0 };
	return true;
}

/* ---- a copy ---- */

static void *
copy_of(const void *items, size_t n, size_t size, struct arena *a)
{
	void *ret = arena_array(a, n, size);

	if (n > 0)
		memcpy(ret, items, n * size);
	return ret;
}

struct entry
entry_copy(const struct entry *e, struct arena *a)
{
	struct entry ret = *e;

	ret.topics = copy_of(e->topics, e->n_topics, sizeof(*e->topics), a);
	ret.people = copy_of(e->people, e->n_people, sizeof(*e->people), a);
	ret.media = copy_of(e->media, e->n_media, sizeof(*e->media), a);
	return ret;
}
