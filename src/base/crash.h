/*
 * Crash points: numbered moments at which a test can end the process as
 * kill -9 does, to see what is found afterwards.
 *
 *	CRASH_POINT(begun);
 *
 * GAZETTED_CRASH_AT=begun kills it at the first pass of that point,
 * GAZETTED_CRASH_AT=begun:3 at the third.  Only a build with sanitizers or
 * --enable-crash-points knows them; in any other this is nothing at all.
 */
#ifndef BASE_CRASH_H
#define BASE_CRASH_H

#include "base/defs.h"

enum crash_point {
#define CRASH(name, lost) CRASH_##name,
#include "base/crash.def"
#undef CRASH
	CRASH_POINTS,
};

/* The name of a point, as GAZETTED_CRASH_AT has it. */
const char *crash_name(enum crash_point point);

#ifdef CRASH_POINTS_ENABLED
#define CRASH_POINT(name) crash_pass(CRASH_##name)
#else
#define CRASH_POINT(name) ((void)0)
#endif

/* The process comes by; it may be its end.  Any thread. */
void crash_pass(enum crash_point point);

#endif
