/*
 * Is the wall clock to be believed?
 */
#include "base/steady.h"

int64_t
steady_look(struct steady *s, int64_t wall_ms, int64_t running_ms)
{
	int64_t offset = wall_ms - running_ms;

	if (s->begun && offset - s->offset_ms > STEADY_JUMP_MS) {
		s->ahead_ms = offset - s->offset_ms;
		return s->ahead_ms;
	}
	*s = (struct steady){ .begun = true, .offset_ms = offset };
	return 0;
}

void
steady_believe(struct steady *s)
{
	s->begun = false;
}
