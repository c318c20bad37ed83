/*
 * Crash points: which one is meant, and the end.
 */
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/slice.h"

static const char *const names[] = {
#define CRASH(name, lost) #name,
#include "base/crash.def"
#undef CRASH
};

const char *
crash_name(enum crash_point point)
{
	return names[point];
}

/* At which pass of the point it ends; 0: never. */
static int64_t
wanted(enum crash_point point)
{
	struct slice at = slice_str(getenv("GAZETTED_CRASH_AT")), name;

	if (!slice_next_field(&at, ':', &name) ||
		!slice_eq(name, slice_str(names[point])))
		return 0;
	return at.len > 0 ? slice_number(at, INT32_MAX) : 1;
}

void
crash_pass(enum crash_point point)
{
	static atomic_llong passes[CRASH_POINTS];

	if (atomic_fetch_add(&passes[point], 1) + 1 == wanted(point))
		kill(getpid(), SIGKILL);
}
