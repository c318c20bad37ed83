/*
 * A title as code points, so that a marker can look both ways.
 */
#ifndef SERIES_TITLE_H
#define SERIES_TITLE_H

#include "base/arena.h"
#include "model/article.h"

struct glyph {
	int32_t c;
	uint32_t at;	/* byte offset in the title */
};

struct title {
	struct slice text;	/* fold_title() of the title */
	struct glyph *glyphs;
	size_t n;
	size_t signs;		/* enclosed numbers in it */
};

/* The glyph at i; -1 outside, also for 0 - 1. */
static inline int32_t
title_glyph(const struct title *t, size_t i)
{
	return i < t->n ? t->glyphs[i].c : -1;
}

/* The text of the glyphs from..to. */
struct slice title_slice(const struct title *t, size_t from, size_t to);

/* The first glyph at or after i that is not a blank. */
size_t title_skip_blank(const struct title *t, size_t i);

/* The glyph before i that is not a blank; -1: none. */
int32_t title_before(const struct title *t, size_t i);

/* Is there nothing but blanks from i on? */
bool title_ends(const struct title *t, size_t i);

/* A vertical bar of any width, also the stroke that is typed for one. */
bool title_is_bar(int32_t c);
/* A colon of any width. */
bool title_is_colon(int32_t c);
/* An opening bracket, round or square, of any width. */
bool title_is_open(int32_t c);
/* A closing one. */
bool title_is_close(int32_t c);
/* 0 to 9, of half or full width. */
bool title_is_digit(int32_t c);
/* Letters and digits that form words with their neighbours: not Han. */
bool title_is_word(int32_t c);
/* Han, but not the stroke that is used as a bar. */
bool title_is_han(int32_t c);

/* Does a word begin at i? */
bool title_begins_word(const struct title *t, size_t i);

/* Is the ASCII word (in small letters) at i?  Its length, or 0. */
size_t title_word(const struct title *t, size_t i, struct slice word);

/*
 * A separator at i, blanks before it allowed: the first glyph behind it and
 * its blanks, or 0.
 */
size_t title_separator(const struct title *t, size_t i);

/* Is there a separator, or a comma, before i? */
bool title_separated(const struct title *t, size_t i);

/* Cut blanks, separators and opening brackets off both ends of from..to. */
struct slice title_name(const struct title *t, size_t from, size_t to);

/*
 * series_parse_title(), and the title as entries show it: one blank on each
 * side of the bar behind an enclosed number.  *ret_why (may be NULL) is the
 * form of the marker, or why there is none.
 */
void title_parse(struct slice title, struct arena *a, struct mark *ret,
	struct slice *ret_shown, const char **ret_why);

/* Without the separators and blanks at both ends. */
struct slice title_trim(struct slice text, struct arena *a);

/* The number that the text is, in any form (also "②"); -1: it is none. */
int title_number(struct slice text, struct arena *a);

#endif
