/*
 * Markers: what in a title says "this is part N".
 */
#ifndef SERIES_MARKER_H
#define SERIES_MARKER_H

#include "series/title.h"

/* All positions are glyphs of the title. */
struct marker {
	enum mark_strength strength;
	size_t name;		/* the series name is name..from */
	size_t from, to;	/* the marker; the headline comes after it */
	size_t label, label_end;	/* the sign as printed */
	int season;		/* 0: not said */
	int number;		/* 0: a name without a number (weak only) */
	int total;		/* 0: not said */
	bool last;
	bool sign;		/* one enclosed number, without brackets */
	const char *why;	/* what form it has, or why there is none */
};

/* The marker of the title; false: there is none, and only ret->why is set. */
bool marker_find(const struct title *t, struct marker *ret);

/*
 * The series' name as printed, without a trailing "系列报道", "系列" or
 * "连载".
 */
struct slice marker_name(const struct title *t, const struct marker *m);

#endif
