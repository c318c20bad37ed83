/*
 * Figures: the pictures of an article, put into its text.
 *
 * 1. The order is: what the text shows itself, what has the article's name,
 *    what only the metadata name.  One picture (the same bytes, the same
 *    address) is one, however often it is named.
 * 2. A text without pictures of its own gets the first one above it, where a
 *    newspaper prints it, and the others below, where they part no paragraph
 *    from the one that goes on with it.  A text that has placed its pictures
 *    keeps its beginning: all others go below.
 * 3. The n-th photographer of the article credits the n-th picture, unless
 *    that says whose it is.
 * 4. A cover that is none of these comes last, and the text does not show it.
 * 5. A picture without a description is described by its caption, else by the
 *    article's title: an empty alt would tell a blind reader that it does not
 *    matter.
 */
#include "base/buf.h"
#include "base/uri.h"
#include "read/figure.h"

enum { FIGURES_ROOM = 1024 * 1024 };	/* of all figures of an article */

struct shot {
	struct media media;
	struct slice address;	/* of one that is still to be shown */
};

struct album {
	struct shot list[ARTICLE_MEDIA_MAX];
	size_t n;
};

/* ---- collecting ---- */

static struct slice
base_name(struct slice path)
{
	return slice_from(path, (size_t)(slice_rfind_byte(path, '/') + 1));
}

static bool
is_same(const struct media *a, const struct media *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->name.len > 0 || b->name.len > 0)
		return slice_eq(a->name, b->name);
	return a->url.len > 0 && slice_eq(a->url, b->url);
}

static struct shot *
find(struct album *all, const struct media *m)
{
	for (size_t i = 0; i < all->n; i++)
		if (is_same(&all->list[i].media, m))
			return &all->list[i];
	return NULL;
}

static void
fill(struct slice *text, struct slice with)
{
	if (text->len == 0)
		*text = with;
}

/* What another mention of a picture says, as far as it is not said yet. */
static void
unite(struct media *m, const struct media *with)
{
	fill(&m->alt, with->alt);
	fill(&m->caption, with->caption);
	fill(&m->credit, with->credit);
	fill(&m->licence, with->licence);
	if (m->syndication == SYNDICATION_UNSAID)
		m->syndication = with->syndication;
	m->shown |= with->shown;
}

static void
add(struct album *all, const struct media *m, struct slice address)
{
	struct shot *same = find(all, m);

	if (same)
		unite(&same->media, m);
	else if (all->n < ARTICLE_MEDIA_MAX)
		all->list[all->n++] = (struct shot){ *m, address };
}

/* Metadata about a picture, whose bytes nobody has looked for yet. */
static bool
is_words(const struct media *m)
{
	return m->kind == MEDIA_IMAGE && m->name.len == 0 && !m->shown;
}

static void
add_shown(struct album *all, const struct article *art)
{
	for (size_t i = 0; i < art->n_media; i++)
		if (!is_words(&art->media[i]))
			add(all, &art->media[i], slice(NULL, 0));
}

static void
add_named(struct album *all, const struct read_env *env,
	const struct slice *names, size_t n, struct arena *a)
{
	struct slice address;
	struct media m;

	for (size_t i = 0; env->picture && i < n; i++) {
		m = (struct media){ .kind = MEDIA_IMAGE };
		if (env->picture(env->ctx, names[i], a, &m, &address))
			add(all, &m, address);
	}
}

/* The picture of that file name, wherever it lies. */
static struct shot *
find_by_name(struct album *all, struct slice given)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct media *m = &all->list[i].media;

		if (m->path.len > 0 && slice_eq(base_name(m->path),
			base_name(given)))
			return &all->list[i];
	}
	return NULL;
}

static void
add_words(struct album *all, const struct read_env *env,
	const struct media *words, struct arena *a)
{
	struct slice given = words->path.len > 0 ? words->path : words->url;
	struct media m = { .kind = MEDIA_IMAGE };
	struct slice address;
	struct shot *shot;

	if (uri_is_http(given)) {
		m.url = address = given;
	} else if (!env->picture ||
		!env->picture(env->ctx, given, a, &m, &address)) {
		shot = find_by_name(all, given);
		if (shot)
			unite(&shot->media, words);
		return;
	}
	unite(&m, words);
	add(all, &m, address);
}

/*
 * The picture that "cover" names.  It stands for the article where one is
 * needed, and that is all: without an address it is not put into the text.
 */
static void
add_cover(struct album *all, const struct read_env *env,
	const struct article *art, struct arena *a)
{
	struct slice cover = art->fields.cover, ignored;
	struct media m = { .kind = MEDIA_IMAGE };

	if (cover.len > 0 && !uri_is_http(cover) && env->picture &&
		env->picture(env->ctx, cover, a, &m, &ignored))
		add(all, &m, slice(NULL, 0));
}

/* ---- saying ---- */

static void
set_credits(struct album *all, const struct article *art)
{
	size_t at = 0;

	for (size_t i = 0; i < all->n; i++) {
		struct media *m = &all->list[i].media;

		if (m->kind != MEDIA_IMAGE)
			continue;
		while (at < art->n_people &&
			art->people[at].role != ROLE_PHOTOGRAPHER)
			at++;
		if (at == art->n_people)
			return;
		fill(&m->credit, art->people[at++].name);
	}
}

static void
set_alts(struct album *all, const struct article *art)
{
	for (size_t i = 0; i < all->n; i++) {
		struct media *m = &all->list[i].media;

		if (m->kind != MEDIA_IMAGE || m->shown)
			continue;
		fill(&m->alt, m->caption);
		fill(&m->alt, art->title);
	}
}

/* "The bridge. (Photo: J. Doe)", in the article's language. */
static void
put_caption(struct buf *b, const struct media *m, struct slice lang)
{
	bool chinese = slice_starts(lang, S("zh"));

	if (m->caption.len == 0 && m->credit.len == 0)
		return;
	buf_put_str(b, "<figcaption>");
	buf_put_html(b, m->caption);
	if (m->credit.len > 0) {
		if (m->caption.len > 0 && !chinese)
			buf_put_byte(b, ' ');
		buf_put_str(b, chinese ? "（摄影：" : "(Photo: ");
		buf_put_html(b, m->credit);
		buf_put_str(b, chinese ? "）" : ")");
	}
	buf_put_str(b, "</figcaption>");
}

static void
put_figure(struct buf *b, struct shot *s, struct slice lang)
{
	const struct media *m = &s->media;

	buf_put_str(b, "<figure><img src=\"");
	buf_put_xml(b, s->address);
	buf_put_str(b, "\" alt=\"");
	buf_put_xml(b, m->alt);
	buf_put_byte(b, '"');
	if (m->width > 0)
		buf_printf(b, " width=\"%d\" height=\"%d\"", m->width,
			m->height);
	buf_put_byte(b, '>');
	put_caption(b, m, lang);
	buf_put_str(b, "</figure>");
}

static bool
is_to_show(const struct shot *s)
{
	return s->media.kind == MEDIA_IMAGE && !s->media.shown &&
		s->address.len > 0;
}

/* The first picture that goes above the text; all->n: none does. */
static size_t
first_above(const struct album *all)
{
	size_t first = all->n;

	for (size_t i = all->n; i-- > 0;) {
		if (all->list[i].media.kind == MEDIA_IMAGE &&
			all->list[i].media.shown)
			return all->n;
		if (is_to_show(&all->list[i]))
			first = i;
	}
	return first;
}

static void
place(struct album *all, struct article *art, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(art->html.len +
		FIGURES_ROOM);
	size_t first = first_above(all);

	if (first < all->n) {
		put_figure(&b, &all->list[first], art->lang);
		buf_put_byte(&b, '\n');
	}
	buf_put(&b, art->html);
	for (size_t i = 0; i < all->n; i++)
		if (i != first && is_to_show(&all->list[i])) {
			buf_put_byte(&b, '\n');
			put_figure(&b, &all->list[i], art->lang);
		}
	if (!buf_ok(&b))
		return;
	for (size_t i = 0; i < all->n; i++)
		all->list[i].media.shown |= is_to_show(&all->list[i]);
	art->html = arena_copy(a, buf_slice(&b));
}

void
figure_place(const struct read_env *env, const struct slice *names,
	size_t n_names, struct arena *a, struct article *art)
{
	struct album *all;

	if (art->n_media == 0 && n_names == 0 && art->fields.cover.len == 0)
		return;
	all = ARENA_NEW(a, struct album);
	add_shown(all, art);
	add_named(all, env, names, n_names, a);
	for (size_t i = 0; i < art->n_media; i++)
		if (is_words(&art->media[i]))
			add_words(all, env, &art->media[i], a);
	add_cover(all, env, art, a);
	set_credits(all, art);
	set_alts(all, art);
	place(all, art, a);
	art->media = ARENA_ARRAY(a, struct media, all->n);
	art->n_media = all->n;
	for (size_t i = 0; i < all->n; i++)
		art->media[i] = all->list[i].media;
}
