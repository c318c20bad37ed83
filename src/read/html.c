/*
 * HTML pages.
 *
 * Twice over the tokens: the first walk (page_survey.c) finds the metadata
 * and the part of the page that is the article; the second writes that part
 * through the cleaner, without the furniture in it.
 *
 * 1. What counts: JSON-LD over Open Graph over <meta> over the markup.
 * 2. A block with more than half of the text is never furniture.
 * 3. The heading that is the title is not repeated in the text.
 *
 * The tokens are our own, not libxml2's: its HTML parser takes quadratic time
 * for a tag with many attributes, and for <b> x n, </div> x n (700 kB: 12 s),
 * so all that bounds it would have to happen before it anyway.
 */
#include "read/markup.h"
#include "read/page.h"
#include "read/reading.h"

/* The first heading of the article, else what the window is called. */
static void
say_title(struct page *p)
{
	for (size_t i = 0; i < p->n_headings; i++)
		if (p->headings[i].at >= p->body.from &&
			p->headings[i].at < p->body.to)
			page_say(p, PAGE_MARKUP, "title", p->headings[i].text);
	page_say(p, PAGE_MARKUP, "title", p->title);
	for (size_t i = 0; i < p->n_headings; i++)
		page_say(p, PAGE_MARKUP, "title", p->headings[i].text);
}

/*
 * If furniture begins at a token, go behind it.  *at counts the furniture that
 * has been passed.
 */
static bool
skip_furniture(const struct page *p, struct tokens *tokens,
	const struct token *t, size_t *at)
{
	const struct page_part *f;

	while (*at < p->n_furniture && p->furniture[*at].from < t->from)
		++*at;
	if (*at == p->n_furniture)
		return false;
	f = &p->furniture[*at];
	if (f->from != t->from || f->to <= f->from || f->to > p->body.to ||
		f->weight > p->body.weight / 2)
		return false;
	tokens->at = f->to;
	return true;
}

static void
write_body(const struct page *p, struct slice html, struct markup *m)
{
	struct tokens tokens = TOKENS_OF(slice_sub(html, 0, p->body.to),
		p->arena);
	struct token t;
	size_t at = 0;

	tokens.at = p->body.from;
	while (token_next(&tokens, &t)) {
		if (t.kind == TOKEN_OPEN && skip_furniture(p, &tokens, &t,
			&at)) {
			tokens.raw = TAG_NONE;
			markup_end_leaf(m);
			continue;
		}
		markup_token(m, &t);
	}
}

static bool
sniff(const struct read_env *env, struct slice bytes)
{
	(void)bytes;
	return reading_ends(env->path, S(".html")) ||
		reading_ends(env->path, S(".htm"));
}

static int
read_html(const struct read_env *env, struct slice bytes, struct arena *a,
	struct article *ret, struct err *e)
{
	CLEANUP(markup_done) struct markup m;
	struct page *p = ARENA_NEW(a, struct page);
	struct leaves w = { .byline.markup = &m };

	markup_init(&m, env, a, ret);
	p->env = env;
	p->arena = a;
	page_survey(p, bytes);
	say_title(p);
	page_apply(p, ret);
	m.leaf = leaves_take;
	m.ctx = &w;
	write_body(p, bytes, &m);
	byline_finish(&w.byline);
	return reading_finish(&m, "Give the page a <title> or an <h1>.", e);
}

const struct reader reader_html = {
	.name = "html",
	.sniff = sniff,
	.read = read_html,
};
