/*
 * What a slice should be, for every unit test.
 */
#ifndef UNIT_ASSERT_SLICE_H
#define UNIT_ASSERT_SLICE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/slice.h"

/* The test fails, and says both, unless they are the same bytes. */
static inline void
assert_slice(struct slice got, const char *want)
{
	if (!slice_eq(got, slice_str(want)))
		fail_msg("\"%.*s\" is not \"%s\"", ARG(got), want);
}

#endif
