/*
 * A page: where the article's text is, and what around it is furniture.
 *
 * One walk over the tokens, with a stack of the elements that pages are
 * divided by.  Each knows how much text it has when it ends.
 *
 * 1. The article is the largest <article>, else <main>, else what is marked
 *    articleBody, else role=main, else the body.
 * 2. Furniture is what says so itself: an element (nav, aside, form), a role,
 *    or a whole word of a class or an id.  A block "related" whose first words
 *    are "Related links" is the article's own.
 * 3. The stack's search is memrchr(3) over PAGE_DEPTH_MAX bytes: linear.
 */
#include "base/buf.h"
#include "read/line.h"
#include "read/page.h"

enum { RANK_NONE, RANK_BODY, RANK_ROLE, RANK_ITEM, RANK_MAIN, RANK_ARTICLE };

enum { NO_FURNITURE = -1 };

struct part {
	size_t from;	/* behind its start tag */
	size_t weight;	/* of the text before it */
	int rank;
	ssize_t furniture;
};

struct survey {
	struct page *page;
	unsigned char ids[PAGE_DEPTH_MAX];
	struct part parts[PAGE_DEPTH_MAX];
	size_t depth;
	size_t over;	/* elements below PAGE_DEPTH_MAX */
	size_t articles;	/* that are open */
	size_t weight;	/* of the text so far */
	enum tag_id dropped;	/* inside an object, a button ... */
	size_t drops;
	bool json;		/* inside JSON-LD */
	ssize_t heading;	/* the h1 that is open; -1: none */
	struct buf text;	/* of it */
};

static void
survey_done(struct survey *s)
{
	buf_done(&s->text);
}

/* Elements that divide a page, and are always closed. */
static bool
divides(enum tag_id id)
{
	switch (id) {
	case TAG_ARTICLE:
	case TAG_ASIDE:
	case TAG_BODY:
	case TAG_DETAILS:
	case TAG_DIALOG:
	case TAG_DIV:
	case TAG_DL:
	case TAG_FOOTER:
	case TAG_FORM:
	case TAG_HEADER:
	case TAG_MAIN:
	case TAG_MENU:
	case TAG_NAV:
	case TAG_OL:
	case TAG_SEARCH:
	case TAG_SECTION:
	case TAG_TABLE:
	case TAG_UL:
		return true;
	default:
		return false;
	}
}

static bool
is_of_article(enum tag_id id)
{
	return id == TAG_ARTICLE || id == TAG_MAIN || id == TAG_SECTION;
}

static int
rank_of(const struct token *t)
{
	if (t->tag == TAG_ARTICLE)
		return RANK_ARTICLE;
	if (t->tag == TAG_MAIN)
		return RANK_MAIN;
	if (slice_eq_nocase(token_get(t, "itemprop"), S("articleBody")))
		return RANK_ITEM;
	if (slice_eq_nocase(token_get(t, "role"), S("main")))
		return RANK_ROLE;
	return t->tag == TAG_BODY ? RANK_BODY : RANK_NONE;
}

static bool
is_furniture(const struct survey *s, const struct token *t)
{
	switch (t->tag) {
	case TAG_NAV:
	case TAG_ASIDE:
	case TAG_FORM:
	case TAG_DIALOG:
	case TAG_MENU:
	case TAG_SEARCH:
		return true;
	case TAG_HEADER:
	case TAG_FOOTER:
		return s->articles == 0;
	case TAG_BODY:
	case TAG_MAIN:
		return false;
	default:
		return page_is_furniture(t);
	}
}

static ssize_t
add_furniture(struct page *p, const struct token *t)
{
	p->furniture = ARENA_GROW(p->arena, p->furniture, p->n_furniture);
	p->furniture[p->n_furniture] = (struct page_part){ .from = t->from,
		.to = SIZE_MAX };
	return (ssize_t)p->n_furniture++;
}

static void
enter(struct survey *s, const struct token *t)
{
	if (s->depth == PAGE_DEPTH_MAX) {
		s->over++;
		return;
	}
	s->articles += is_of_article(t->tag);
	s->ids[s->depth] = (unsigned char)t->tag;
	s->parts[s->depth++] = (struct part){
		.from = t->to,
		.weight = s->weight,
		.rank = rank_of(t),
		.furniture = is_furniture(s, t) ?
			add_furniture(s->page, t) : NO_FURNITURE,
	};
}

static void
offer_body(struct page *p, const struct part *part, size_t to, size_t weight)
{
	if (part->rank == RANK_NONE || weight == 0 ||
		part->rank < p->body.rank || (part->rank == p->body.rank &&
		weight <= p->body.weight))
		return;
	p->body = (struct page_part){ part->from, to, weight, part->rank };
}

/* The innermost element ends: its text reaches to `from`, its tag to `to`. */
static void
leave(struct survey *s, size_t from, size_t to)
{
	const struct part *part = &s->parts[--s->depth];
	size_t weight = s->weight - part->weight;

	s->articles -= is_of_article((enum tag_id)s->ids[s->depth]);
	offer_body(s->page, part, from, weight);
	if (part->furniture == NO_FURNITURE)
		return;
	s->page->furniture[part->furniture].to = to;
	s->page->furniture[part->furniture].weight = weight;
}

static void
leave_all(struct survey *s, const struct token *t)
{
	const unsigned char *found;
	size_t at;

	if (s->over > 0) {
		s->over--;
		return;
	}
	found = memrchr(s->ids, t->tag, s->depth);
	if (!found)
		return;
	at = (size_t)(found - s->ids);
	while (s->depth > at + 1)
		leave(s, t->from, t->from);
	leave(s, t->from, t->to);
}

/* "Related links" that begins a block makes it part of the article. */
static void
keep_related(struct survey *s, struct slice text)
{
	struct part *part = s->depth ? &s->parts[s->depth - 1] : NULL;
	struct line line;

	if (!part || part->furniture == NO_FURNITURE ||
		part->weight != s->weight)
		return;
	line = line_read(text, 0);
	if (line.kind != LINE_RELATED)
		return;
	/* It ends where it begins: nothing. */
	s->page->furniture[part->furniture].to =
		s->page->furniture[part->furniture].from;
	part->furniture = NO_FURNITURE;
}

static void
count_text(struct survey *s, struct slice text)
{
	text = slice_trim(text);
	if (text.len == 0 || s->dropped != TAG_NONE)
		return;
	keep_related(s, text);
	s->weight += text.len;
	if (s->heading >= 0 && s->text.len > 0)
		buf_put_byte(&s->text, ' ');
	if (s->heading >= 0)
		buf_put(&s->text, text);
}

static void
read_text(struct survey *s, const struct token *t)
{
	if (t->tag == TAG_NONE)
		count_text(s, t->text);
	else if (t->tag == TAG_SCRIPT && s->json)
		page_read_json(s->page, t->text);
	else if (t->tag == TAG_TITLE && s->page->title.len == 0)
		s->page->title = t->text;
}

static void
end_heading(struct survey *s)
{
	if (s->heading < 0)
		return;
	s->page->headings[s->heading].text = arena_copy(s->page->arena,
		buf_slice(&s->text));
	s->heading = -1;
}

static void
begin_heading(struct survey *s, const struct token *t)
{
	end_heading(s);
	if (s->page->n_headings == PAGE_HEADINGS_MAX)
		return;
	s->heading = (ssize_t)s->page->n_headings++;
	s->page->headings[s->heading].at = t->from;
	buf_reset(&s->text);
}

static void
read_open(struct survey *s, const struct token *t)
{
	if (s->dropped != TAG_NONE) {
		s->drops += t->tag == s->dropped;
		return;
	}
	if (t->tag == TAG_SCRIPT)
		s->json = slice_eq_nocase(token_get(t, "type"),
			S("application/ld+json"));
	page_read_tag(s->page, t);
	if (tag_of(t->tag)->kind == KIND_DROPPED && t->ends) {
		s->dropped = t->tag;
		s->drops = 1;
	}
	if (t->tag == TAG_H1)
		begin_heading(s, t);
	if (divides(t->tag)) {
		end_heading(s);
		enter(s, t);
	}
}

static void
read_close(struct survey *s, const struct token *t)
{
	if (s->dropped != TAG_NONE) {
		if (t->tag == s->dropped && --s->drops == 0)
			s->dropped = TAG_NONE;
		return;
	}
	if (t->tag == TAG_H1)
		end_heading(s);
	if (divides(t->tag))
		leave_all(s, t);
}

void
page_survey(struct page *p, struct slice html)
{
	CLEANUP(survey_done) struct survey s = { .page = p, .heading = -1,
		.text = BUF_INIT(4 * ARTICLE_TITLE_MAX) };
	struct tokens tokens = TOKENS_OF(html, p->arena);
	struct token t;

	while (token_next(&tokens, &t)) {
		if (t.kind == TOKEN_TEXT)
			read_text(&s, &t);
		else if (t.kind == TOKEN_OPEN)
			read_open(&s, &t);
		else
			read_close(&s, &t);
	}
	end_heading(&s);
	while (s.depth > 0)
		leave(&s, html.len, html.len);
	if (p->body.rank == RANK_NONE)
		p->body = (struct page_part){ 0, html.len, s.weight, 0 };
}
