/*
 * Markup: tokens of HTML in, clean HTML and plain text out.
 *
 * The HTML reader, and Markdown with the HTML in it, write through here, so
 * that what goes out is the same whatever came in.
 *
 * 1. Out comes only what tags.def lists, balanced and properly nested, at most
 *    MARKUP_DEPTH_MAX deep; it is well-formed XML too.
 * 2. Text is never lost and never doubled, but for the text of scripts and
 *    the like.  Each block of it is a line of the plain text.
 * 3. Addresses are absolute http(s), of links mailto and tel too, or exactly
 *    "#fragment", which the feed makes absolute.
 * 4. Nothing empty is written: an element waits for its first content.
 * 5. Time and memory are linear in what comes in.
 */
#ifndef READ_MARKUP_H
#define READ_MARKUP_H

#include "base/buf.h"
#include "read/read.h"
#include "read/token.h"

enum {
	MARKUP_BLOCKS_MAX = 40,
	MARKUP_FILLS_MAX = 4,	/* more, for raw text: li in ul, td in tr */
	MARKUP_INLINES_MAX = 20,
	MARKUP_DEPTH_MAX = MARKUP_BLOCKS_MAX + MARKUP_FILLS_MAX +
		MARKUP_INLINES_MAX,
	MARKUP_REOPEN_MAX = 16,	/* how often a tag with attributes is */
};

struct markup_block {
	enum tag_id tag;
	struct slice head;	/* "<ol start="3">" */
	bool used;		/* something stands in it */
	size_t inlines;		/* open before it */
};

struct markup_inline {
	enum tag_id tag;
	struct slice head;
	size_t nested;		/* of the same tag, in it */
	size_t left;		/* so often it may still be written */
};

/* Where a line of text began: all of it can be taken back. */
struct markup_mark {
	size_t html, text, line, written;
};

struct markup {
	const struct read_env *env;
	struct arena *arena;
	struct article *article;	/* gets the media */
	struct buf html;
	struct buf text;
	struct slice first;	/* the first paragraph, as line of the text */
	size_t first_from;

	struct markup_block blocks[MARKUP_BLOCKS_MAX + MARKUP_FILLS_MAX];
	size_t n_blocks;
	size_t written;		/* so many of them are in the html */
	size_t over;		/* opened too deep, and not closed yet */
	struct markup_inline inlines[MARKUP_INLINES_MAX];
	size_t n_inlines;
	size_t open;		/* so many of them are in the html */

	bool run;		/* a line of text has begun */
	bool blank;		/* a blank waits for the next word */
	size_t breaks;		/* so many <br/> or newlines do */
	bool apart;		/* the next text is a new line of text */
	struct markup_mark mark;
	enum tag_id drop;	/* inside a script ...; its text goes */
	size_t drops;

	struct slice picture;	/* waits: alone in its block, or not? */
	struct slice caption;	/* of it */
	struct slice link;	/* around it: "<a href=...>" */
	size_t figured;		/* media + 1 in the open figure */

	/*
	 * Asked of every line of text in a paragraph, heading or list item
	 * outside of tables and quotes, when it is complete.  True: it is not
	 * for readers; it is taken back.
	 */
	bool (*leaf)(void *ctx, enum tag_id tag, struct slice text);
	void *ctx;
};

/* Nothing yet.  The article gets pictures and videos as they come. */
void markup_init(struct markup *m, const struct read_env *env,
	struct arena *a, struct article *article);
/* Free the texts; fit for CLEANUP. */
void markup_done(struct markup *m);

/* An element begins, with the attributes of t (NULL: none). */
void markup_open(struct markup *m, enum tag_id id, const struct token *t);
/* An element ends.  What is open in it ends too. */
void markup_close(struct markup *m, enum tag_id id);
/* Text: references are replaced already. */
void markup_text(struct markup *m, struct slice s);
/* One of the three. */
void markup_token(struct markup *m, const struct token *t);

/*
 * A whole piece of HTML.  What it leaves open stays open, if its end is in
 * what is left of the document.
 */
void markup_html(struct markup *m, struct slice html,
	struct tokens *document);

/* End the paragraph, and what drops text. */
void markup_settle(struct markup *m);

/* A paragraph of nothing but a link to a page where a video is watched. */
void markup_video(struct markup *m, struct slice page, struct slice label);

/* Close all that is open.  -1: it is too long. */
int markup_finish(struct markup *m, struct err *e) MUST_USE;

/*
 * An address of the article: absolute http(s), of a link mailto:, tel: and
 * "#fragment" too.  ptr NULL: it is none that may go out.
 */
struct slice markup_address(const struct markup *m, struct slice s,
	bool link);

/* Drop what stands behind these places in html and text. */
void markup_take_back(struct markup *m, size_t html, size_t text);

/* ---- between the files of the writer ---- */

/* "<a href="...">" of a tag; ptr NULL: nothing without its address. */
struct slice markup_head(const struct markup *m, enum tag_id id,
	const struct token *t);
/* Begin a line of text, if none is open: its elements are written. */
void markup_begin_run(struct markup *m);
/* Write the blocks that wait. */
void markup_write_blocks(struct markup *m);
/* Write the blank and the inline elements that wait. */
void markup_write_inlines(struct markup *m);
/* Make way for a block: a list gets its item. */
void markup_fill_frames(struct markup *m);
/* End the line of text and its paragraph. */
void markup_end_leaf(struct markup *m);
/* Begin a block; false: it is too deep. */
bool markup_push(struct markup *m, enum tag_id id, struct slice head,
	size_t max);
/* End the innermost block. */
void markup_pop(struct markup *m);
/* The innermost block; TAG_NONE outside of all. */
enum tag_id markup_top(const struct markup *m);
/* An inline element is in force from here, and until here. */
void markup_open_inline(struct markup *m, enum tag_id id,
	const struct token *t);
void markup_close_inline(struct markup *m, enum tag_id id);
/* <br>. */
void markup_break(struct markup *m);
/* <img>. */
void markup_picture(struct markup *m, const struct token *t);
/* Write the picture that waits as a figure. */
void markup_flush_figure(struct markup *m);
/* <video>, <audio> and their <source>. */
void markup_player(struct markup *m, enum tag_id id, const struct token *t);
void markup_source(struct markup *m, const struct token *t);
/* <iframe>: a video's page is linked instead. */
void markup_frame(struct markup *m, const struct token *t);
/* Remember the video that an <a> goes to, if it does. */
void markup_note_link(struct markup *m, const struct token *t);

#endif
