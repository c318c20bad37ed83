/*
 * Plain text in the newsroom's layout.
 *
 * Where a line stands decides what it is:
 *
 *   START    menu bullets (dropped), a date; the first other line is the title
 *   HEAD     photo, date and byline under the title
 *   BODY     paragraphs
 *   RELATED  titles below "Related links:"
 *   FOOT     reporter, editor, date; menu bullets (dropped)
 *   NEWS     below "Related News": links of the page around it (dropped)
 *
 * 1. Only what is known to be furniture is dropped.  A paragraph that turns up
 *    behind a credit, or in a list of links, is text again.
 * 2. "Reporter | X" and "(Photo: X)" are credits anywhere.  A date, and a
 *    credit with a colon ("Reporter: X", which interviews have too), counts
 *    in the head and the foot only: in the body it is held until what comes
 *    next tells which of the two it was.
 * 3. Time and memory are linear in the bytes, whatever they are.
 */
#include "base/fold.h"
#include "base/uri.h"
#include "base/utf8.h"
#include "read/clean.h"
#include "read/line.h"
#include "read/people.h"
#include "read/prose.h"
#include "read/read.h"
#include "read/related.h"
#include "read/summary.h"
#include "read/video.h"

enum { HELD_MAX = 16 };

enum place { START, HEAD, BODY, RELATED, FOOT, NEWS };

struct layout {
	const struct read_env *env;
	struct arena *arena;
	struct article *article;
	struct prose prose;
	enum place place;
	struct line held[HELD_MAX];
	size_t n_held;
	struct slice source;	/* "Source: X" of the head: goes to the end */
	/* What the last paragraph so far says: it counts if it stays last. */
	struct slice last_source, last_correction;
};

static void
layout_done(struct layout *l)
{
	prose_done(&l->prose);
}

/* Text is what nobody else recognises: the last of the table. */
static bool
sniff(const struct read_env *env, struct slice bytes)
{
	(void)env;
	(void)bytes;
	return true;
}

static int
set_title(struct layout *l, struct slice text, struct err *e)
{
	struct slice title = slice(NULL, 0);

	if (text.len <= 4 * ARTICLE_TITLE_MAX)
		title = fold_title(text, l->arena);
	if (title.len > ARTICLE_TITLE_MAX || !title.ptr) {
		err_set(e, ERR_SYNTAX, "the title is longer than %d bytes",
			ARTICLE_TITLE_MAX);
		return err_hint(e, "Put the title on a line of its own, "
			"above the text.");
	}
	l->article->title = title;
	return 0;
}

/* A date or a credit is what it says. */
static void
take(struct layout *l, const struct line *line)
{
	if (line->kind == LINE_CREDIT)
		people_add(l->article, line->rest, line->role, l->arena);
	else if (l->article->date < 0)
		l->article->date = line->date;
}

static void
take_held(struct layout *l)
{
	for (size_t i = 0; i < l->n_held; i++)
		take(l, &l->held[i]);
	l->n_held = 0;
}

/* The address of a video on a line of its own. */
static bool
put_video(struct layout *l, struct slice text)
{
	struct slice page = video_page(text, l->arena);

	if (!page.ptr || text.len > URI_MAX || !clean_is_plain(text))
		return false;
	media_add_played(l->article, MEDIA_VIDEO, page, l->arena);
	prose_put_link(&l->prose, text);
	return true;
}

static void
put_prose(struct layout *l, const struct line *line)
{
	for (size_t i = 0; i < l->n_held; i++) {
		prose_close(&l->prose);
		prose_put(&l->prose, l->held[i].text);
		prose_close(&l->prose);
	}
	l->n_held = 0;
	if (line->kind == LINE_BULLET)
		prose_close(&l->prose);
	if (!put_video(l, line->text))
		prose_put(&l->prose, line->text);
	l->last_source = line->kind == LINE_SOURCE ? line->rest : S("");
	l->last_correction = line->kind == LINE_CORRECTION ? line->rest :
		S("");
	l->place = BODY;
}

static void
set_if_unsaid(struct layout *l, struct slice *field, struct slice text)
{
	if (field->len == 0 && text.len > 0)
		*field = fold_title(text, l->arena);
}

static void
hold(struct layout *l, const struct line *line)
{
	if (l->n_held == HELD_MAX) {
		put_prose(l, line);
		return;
	}
	l->held[l->n_held++] = *line;
}

static void
add_related(struct layout *l, const struct line *line)
{
	if (!related_add(l->article, line->rest, l->arena))
		put_prose(l, line);
}

static void
begin_related(struct layout *l, const struct line *line)
{
	prose_close(&l->prose);
	take_held(l);
	if (l->article->related_label.len == 0)
		l->article->related_label = fold_title(line->label, l->arena);
	l->place = RELATED;
	if (line->rest.len > 0)
		add_related(l, line);
}

static void
begin_news(struct layout *l)
{
	prose_close(&l->prose);
	take_held(l);
	l->place = NEWS;
}

static int
step_start(struct layout *l, const struct line *line, struct err *e)
{
	if (line->kind == LINE_BULLET && line_is_short(line))
		return 0;
	if (line->kind == LINE_DATE) {
		take(l, line);
		return 0;
	}
	l->place = HEAD;
	return set_title(l, line->text, e);
}

static void
set_source(struct layout *l, const struct line *line)
{
	l->source = line->text;
	set_if_unsaid(l, &l->article->fields.source, line->rest);
}

static void
step_head(struct layout *l, const struct line *line)
{
	if (line->kind == LINE_DATE || line->kind == LINE_CREDIT)
		take(l, line);
	else if (line->kind == LINE_RELATED)
		begin_related(l, line);
	else if (line->kind == LINE_SOURCE && l->source.len == 0)
		set_source(l, line);
	else
		put_prose(l, line);
	/* Readers see it where it stands: it stays in the text. */
	if (line->kind == LINE_CORRECTION)
		set_if_unsaid(l, &l->article->fields.correction, line->rest);
}

static void
step_body(struct layout *l, const struct line *line)
{
	if (line->kind == LINE_CREDIT && line->sure) {
		prose_close(&l->prose);
		take(l, line);
		if (line->role == ROLE_PHOTOGRAPHER)
			return;
		take_held(l);
		l->place = FOOT;
	} else if (l->prose.open) {
		put_prose(l, line);
	} else if (line->kind == LINE_CREDIT || line->kind == LINE_DATE) {
		hold(l, line);
	} else if (line->kind == LINE_RELATED) {
		begin_related(l, line);
	} else if (line->kind == LINE_NEWS) {
		begin_news(l);
	} else {
		put_prose(l, line);
	}
}

static void
step_related(struct layout *l, const struct line *line)
{
	if (line->kind == LINE_CREDIT || line->kind == LINE_DATE) {
		take(l, line);
		l->place = FOOT;
	} else if (line->kind == LINE_NEWS) {
		begin_news(l);
	} else if (line->kind == LINE_SOURCE || !line_is_title(line)) {
		put_prose(l, line);
	} else if (line->kind != LINE_RELATED || line->rest.len > 0) {
		add_related(l, line);
	}
}

static void
step_foot(struct layout *l, const struct line *line)
{
	if (l->prose.open)
		put_prose(l, line);
	else if (line->kind == LINE_CREDIT || line->kind == LINE_DATE)
		take(l, line);
	else if (line->kind == LINE_RELATED)
		begin_related(l, line);
	else if (line->kind == LINE_NEWS)
		begin_news(l);
	else if (line->kind != LINE_BULLET || !line_is_short(line))
		put_prose(l, line);
}

static void
step_news(struct layout *l, const struct line *line)
{
	if (line->kind == LINE_CREDIT || line->kind == LINE_DATE)
		take(l, line);
	else if (!line_is_title(line))
		put_prose(l, line);
}

static int
step(struct layout *l, const struct line *line, struct err *e)
{
	switch (l->place) {
	case START:
		return step_start(l, line, e);
	case HEAD:
		step_head(l, line);
		break;
	case BODY:
		step_body(l, line);
		break;
	case RELATED:
		step_related(l, line);
		break;
	case FOOT:
		step_foot(l, line);
		break;
	case NEWS:
		step_news(l, line);
		break;
	}
	return 0;
}

/* An empty line ends a paragraph; so does the indent of a Chinese one. */
static bool
ends_paragraph(struct slice raw, struct slice text)
{
	return text.len == 0 || slice_starts(raw, S("\u3000"));
}

/*
 * slice_next_line(), with memchr(3) where no CR can be met.  Behind the last
 * LF it gives one empty line more, which is as good as none.
 */
static bool
next_line(struct slice *rest, bool has_cr, struct slice *ret)
{
	return has_cr ? slice_next_line(rest, ret) :
		slice_next_field(rest, '\n', ret);
}

static int
read_lines(struct layout *l, struct slice bytes, struct err *e)
{
	bool has_cr = slice_find_byte(bytes, '\r') >= 0;
	struct slice raw, text;
	struct line line;

	while (next_line(&bytes, has_cr, &raw)) {
		text = line_trim(raw);
		if (ends_paragraph(raw, text))
			prose_close(&l->prose);
		if (text.len == 0)
			continue;
		line = line_read(text, l->env->zone_minutes);
		if (step(l, &line, e) < 0)
			return -1;
	}
	prose_close(&l->prose);
	take_held(l);
	set_if_unsaid(l, &l->article->fields.source, l->last_source);
	set_if_unsaid(l, &l->article->fields.correction, l->last_correction);
	if (l->prose.html.len > 0 && l->source.len > 0)
		prose_put(&l->prose, l->source);
	prose_close(&l->prose);
	return 0;
}

static int
check(const struct layout *l, struct err *e)
{
	if (buf_ok(&l->prose.html) && buf_ok(&l->prose.text))
		return 0;
	err_set(e, ERR_LIMIT, "the text is too long as HTML");
	return err_hint(e, "Split the article into parts.");
}

static int
read_text(const struct read_env *env, struct slice bytes, struct arena *a,
	struct article *ret, struct err *e)
{
	CLEANUP(layout_done) struct layout l = {
		.env = env,
		.arena = a,
		.article = ret,
	};

	prose_init(&l.prose);
	if (read_lines(&l, bytes, e) < 0 || check(&l, e) < 0)
		return -1;
	ret->html = arena_copy(a, buf_slice(&l.prose.html));
	ret->text = arena_copy(a, buf_slice(&l.prose.text));
	ret->summary = summary_of(prose_first(&l.prose), a);
	return 0;
}

const struct reader reader_text = {
	.name = "text",
	.sniff = sniff,
	.read = read_text,
};
