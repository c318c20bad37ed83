/*
 * Bylines.
 *
 * A page of the newsroom has to give the article that its text gives, so this
 * follows text.c: "Reporter | X" is a credit anywhere, "Reporter: X" only in
 * the head and the foot, because interviews have it too.  In the body it is
 * held, and taken back if nothing but such lines follows.
 *
 * A paragraph of several lines (<br/>) counts if each of them does.
 */
#include "base/fold.h"
#include "read/byline.h"
#include "read/people.h"
#include "read/related.h"

enum verdict { KEEP, TAKE, HOLD };

/* What is to become of a line at a place, and which place it leads to. */
static enum verdict
judge(const struct line *l, enum byline_place *place, bool has_source)
{
	bool settled = *place != BYLINE_BODY;

	switch (l->kind) {
	case LINE_CREDIT:
	case LINE_DATE:
		if (!settled && !l->sure)
			return HOLD;
		if (l->kind == LINE_CREDIT && l->role == ROLE_PHOTOGRAPHER &&
			*place == BYLINE_BODY)
			return TAKE;
		if (*place != BYLINE_HEAD && *place != BYLINE_NEWS)
			*place = BYLINE_FOOT;
		return TAKE;
	case LINE_RELATED:
		*place = BYLINE_RELATED;
		return TAKE;
	case LINE_NEWS:
		if (*place == BYLINE_HEAD)
			break;
		*place = BYLINE_NEWS;
		return TAKE;
	case LINE_SOURCE:
		if (*place == BYLINE_HEAD && !has_source)
			return TAKE;
		break;
	default:
		if ((*place == BYLINE_RELATED || *place == BYLINE_NEWS) &&
			line_is_title(l))
			return TAKE;
		break;
	}
	*place = BYLINE_BODY;
	return KEEP;
}

static void
take_fact(struct byline *b, const struct line *l)
{
	struct markup *m = b->markup;

	if (l->kind == LINE_CREDIT)
		people_add(m->article, l->rest, l->role, m->arena);
	else if (m->article->date < 0)
		m->article->date = l->date;
}

static void
set_if_unsaid(struct byline *b, struct slice *field, struct slice text)
{
	if (field->len == 0 && text.len > 0)
		*field = fold_title(text, b->markup->arena);
}

static void
take_held(struct byline *b)
{
	for (size_t i = 0; i < b->n_held; i++)
		take_fact(b, &b->held[i]);
	b->n_held = 0;
}

static void
take(struct byline *b, const struct line *l)
{
	struct markup *m = b->markup;
	struct article *art = m->article;

	switch (l->kind) {
	case LINE_CREDIT:
	case LINE_DATE:
		take_fact(b, l);
		break;
	case LINE_RELATED:
		if (art->related_label.len == 0)
			art->related_label = arena_copy(m->arena, l->label);
		(void)related_add(art, l->rest, m->arena);
		break;
	case LINE_SOURCE:
		b->source = arena_copy(m->arena, l->text);
		set_if_unsaid(b, &art->fields.source, l->rest);
		break;
	default:
		if (b->place == BYLINE_RELATED)
			(void)related_add(art, l->rest, m->arena);
		break;
	}
}

/* Keep a line in mind that may turn out to be a credit of the foot. */
static void
hold(struct byline *b, struct slice text)
{
	struct markup *m = b->markup;
	bool alone = m->n_blocks == 0;

	if (b->n_held > 0 && m->mark.html != b->end)
		b->n_held = 0;
	if (!alone || b->n_held == BYLINE_HELD_MAX) {
		b->n_held = 0;
		return;
	}
	if (b->n_held == 0) {
		b->html = m->mark.html;
		b->text = m->mark.text;
	}
	b->held[b->n_held++] = line_read(arena_copy(m->arena, text),
		m->env->zone_minutes);
	b->end = m->html.len;
}

/* What is to become of the whole paragraph. */
static enum verdict
judge_lines(const struct byline *b, struct slice text)
{
	enum byline_place place = b->place;
	bool has_source = b->source.len > 0, several;
	struct slice one;

	several = slice_find_byte(text, '\n') >= 0;
	while (slice_next_line(&text, &one)) {
		struct line l = line_read(line_trim(one),
			b->markup->env->zone_minutes);
		enum verdict v = one.len == 0 ? TAKE :
			judge(&l, &place, has_source);

		has_source |= l.kind == LINE_SOURCE;
		if (v == KEEP || (v == HOLD && several))
			return KEEP;
		if (v == HOLD)
			return HOLD;
	}
	return TAKE;
}

static void
take_lines(struct byline *b, struct slice text)
{
	struct slice one;

	while (slice_next_line(&text, &one)) {
		struct line l = line_read(line_trim(one),
			b->markup->env->zone_minutes);

		if (one.len == 0)
			continue;
		judge(&l, &b->place, b->source.len > 0);
		take(b, &l);
	}
}

/* Held lines right before a byline are bylines too: all goes together. */
static void
take_held_before(struct byline *b)
{
	struct markup_mark *mark = &b->markup->mark;

	if (b->n_held == 0 || mark->html != b->end || b->html == 0) {
		b->n_held = 0;
		return;
	}
	mark->html = b->html;
	mark->text = b->text;
	take_held(b);
}

/*
 * A source, or a correction, in the first or the last paragraph is a field
 * too.  Readers see it where it stands.
 */
static void
note_kept(struct byline *b, struct slice text)
{
	struct markup *m = b->markup;
	struct line l = line_read(line_trim(text), m->env->zone_minutes);
	bool fact = l.kind == LINE_SOURCE || l.kind == LINE_CORRECTION;

	b->last = fact ? line_read(arena_copy(m->arena, l.text),
		m->env->zone_minutes) : (struct line){ 0 };
	if (b->place == BYLINE_HEAD && l.kind == LINE_CORRECTION)
		set_if_unsaid(b, &m->article->fields.correction, l.rest);
}

static void
take_last(struct byline *b)
{
	struct fields *f = &b->markup->article->fields;

	if (b->last.kind == LINE_SOURCE)
		set_if_unsaid(b, &f->source, b->last.rest);
	if (b->last.kind == LINE_CORRECTION)
		set_if_unsaid(b, &f->correction, b->last.rest);
}

bool
byline_leaf(struct byline *b, enum tag_id tag, struct slice text)
{
	if (tag == TAG_FIGCAPTION)
		return false;
	switch (judge_lines(b, text)) {
	case TAKE:
		take_held_before(b);
		take_lines(b, text);
		return true;
	case HOLD:
		hold(b, text);
		return false;
	default:
		b->n_held = 0;
		note_kept(b, text);
		b->place = BYLINE_BODY;
		return false;
	}
}

/* The held lines were the foot: nothing came behind them. */
static void
settle_held(struct byline *b)
{
	struct markup *m = b->markup;

	if (b->n_held == 0 || m->html.len != b->end || b->html == 0)
		return;
	markup_take_back(m, b->html, b->text);
	take_held(b);
}

void
byline_finish(struct byline *b)
{
	struct markup *m = b->markup;

	markup_settle(m);
	settle_held(b);
	take_last(b);
	m->leaf = NULL;
	if (b->source.len == 0 || m->html.len == 0)
		return;
	while (m->n_blocks > 0)
		markup_pop(m);
	markup_text(m, b->source);
	markup_settle(m);
}
