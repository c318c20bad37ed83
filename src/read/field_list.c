/*
 * Fields that are lists: people, tags, related titles, media.
 *
 * Each may be a list, or one text; items beyond a limit are dropped.
 */
#include "base/fold.h"
#include "base/uri.h"
#include "base/utf8.h"
#include "read/field.h"
#include "read/people.h"

/* What a list holds; a text is a list of one. */
static const struct node *
first_item(const struct node *n)
{
	return n->kind == NODE_LIST ? n->first : n;
}

static const struct node *
next_item(const struct node *list, const struct node *item)
{
	return list->kind == NODE_LIST ? item->next : NULL;
}

/* A text inside a map; empty: it is not there. */
static struct slice
text_in(struct filler *f, const struct node *map, struct slice key)
{
	const struct node *found = node_key(map, key);

	return found && found->value->kind == NODE_TEXT &&
		found->value->text.len <= FIELD_TEXT_MAX ?
		fold_title(found->value->text, f->a) : slice(NULL, 0);
}

static enum person_role
read_role(struct slice s, enum person_role otherwise)
{
	static const struct slice roles[ROLE_COUNT] = {
		[ROLE_AUTHOR] = S_INIT("author"),
		[ROLE_EDITOR] = S_INIT("editor"),
		[ROLE_PHOTOGRAPHER] = S_INIT("photographer"),
		[ROLE_TRANSLATOR] = S_INIT("translator"),
		[ROLE_CONTRIBUTOR] = S_INIT("contributor"),
	};

	for (size_t i = 0; i < ROLE_COUNT; i++)
		if (slice_eq_nocase(s, roles[i]))
			return (enum person_role)i;
	return otherwise;
}

void
field_people(struct filler *f, const struct node *n, const struct word *w)
{
	const struct node *item;

	for (item = first_item(n); item; item = next_item(n, item)) {
		enum person_role role = (enum person_role)w->detail;
		struct slice name = item->text;

		if (item->kind == NODE_MAP) {
			name = text_in(f, item, S("name"));
			role = read_role(text_in(f, item, S("role")), role);
		} else if (item->kind != NODE_TEXT) {
			field_wrong(f, item, w, "a name");
			continue;
		}
		if (people_plausible(name))
			people_add(f->art, name, role, f->a);
		else
			field_wrong(f, item, w, "a name, or a list of names");
	}
}

static bool
has_tag(const struct fields *said, struct slice tag)
{
	for (size_t i = 0; i < said->n_tags; i++)
		if (slice_eq_nocase(said->tags[i], tag))
			return true;
	return false;
}

static void
add_tag(struct filler *f, struct slice text)
{
	struct fields *said = &f->art->fields;
	struct slice tag = fold_title(text, f->a);

	if (tag.len == 0 || tag.len > FIELD_TAG_MAX || has_tag(said, tag) ||
		said->n_tags == ARTICLE_TAGS_MAX)
		return;
	said->tags = ARENA_GROW(f->a, said->tags, said->n_tags);
	said->tags[said->n_tags++] = tag;
}

/* Cut up to the next separator off *rest: "Science and Art, Trade". */
static struct slice
next_tag(struct slice *rest)
{
	struct slice s = *rest;
	size_t n = 0;

	for (; s.len > 0; s = slice_from(s, n)) {
		int32_t c = utf8_get(s, &n);

		if (c == ',' || c == 0xff0c || c == 0x3001 || c == ';' ||
			c == 0xff1b)
			break;
	}
	s = slice(rest->ptr, rest->len - s.len);
	*rest = slice_from(*rest, s.len + n);
	return s;
}

/* "a, b" in one text; a list's items are taken whole. */
void
field_tags(struct filler *f, const struct node *n, const struct word *w)
{
	const struct node *item;
	struct slice rest = n->text;

	if (n->kind == NODE_TEXT) {
		while (rest.len > 0)
			add_tag(f, next_tag(&rest));
		return;
	}
	for (item = first_item(n); item; item = next_item(n, item))
		if (item->kind == NODE_TEXT)
			add_tag(f, item->text);
		else
			field_wrong(f, item, w, "a text, or a list of texts");
}

void
field_related(struct filler *f, const struct node *n, const struct word *w)
{
	struct article *art = f->art;
	const struct node *item;

	for (item = first_item(n); item; item = next_item(n, item)) {
		struct slice title = slice(NULL, 0);

		if (item->kind == NODE_MAP)
			title = text_in(f, item, S("title"));
		else if (!field_text(f, item, w, ARTICLE_TITLE_MAX, &title))
			continue;
		if (title.len == 0 || art->n_related == ARTICLE_RELATED_MAX)
			continue;
		art->related = ARENA_GROW(f->a, art->related, art->n_related);
		art->related[art->n_related++] = (struct related){
			.title = title };
	}
}

static struct media
read_media(struct filler *f, const struct node *n, const struct word *w)
{
	struct media m = { .kind = (enum media_kind)w->detail };
	const struct node *said = node_key(n, S("syndication"));
	struct slice src = text_in(f, n, S("src"));

	if (src.len == 0)
		src = text_in(f, n, S("url"));
	m.alt = text_in(f, n, S("alt"));
	m.caption = text_in(f, n, S("caption"));
	m.credit = text_in(f, n, S("credit"));
	m.licence = text_in(f, n, S("licence"));
	if (said)
		field_syndication(f, said->value, w, &m.syndication);
	*(uri_is_http(src) ? &m.url : &m.path) = src;
	return m;
}

void
field_media(struct filler *f, const struct node *n, const struct word *w)
{
	struct article *art = f->art;
	const struct node *item;

	for (item = first_item(n); item; item = next_item(n, item)) {
		struct media m = { .kind = (enum media_kind)w->detail };

		if (item->kind == NODE_MAP)
			m = read_media(f, item, w);
		else if (item->kind == NODE_TEXT)
			*(uri_is_http(item->text) ? &m.url : &m.path) =
				fold_title(item->text, f->a);
		if (m.path.len + m.url.len == 0 ||
			m.path.len + m.url.len > FIELD_TEXT_MAX ||
			(m.kind == MEDIA_VIDEO && m.url.len == 0)) {
			field_wrong(f, item, w, m.kind == MEDIA_VIDEO ?
				"a web address" : "a file's name, or a map "
				"with \"src\"");
			continue;
		}
		if (art->n_media == ARTICLE_MEDIA_MAX)
			continue;
		art->media = ARENA_GROW(f->a, art->media, art->n_media);
		art->media[art->n_media++] = m;
	}
}
