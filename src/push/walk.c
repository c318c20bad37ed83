/*
 * A walk around the ring: which subscriptions come next (model/fanout.h).
 */
#include "push/walk.h"

void
walk_begin(struct walk *w, const struct fanout *f)
{
	*w = (struct walk){
		.version = f->version,
		.stop = f->stop,
		.hi = f->hi,
		.read = f->cursor,
		.taken = f->cursor,
		.passed = f->cursor < f->stop,
	};
}

int64_t
walk_upto(const struct walk *w)
{
	return w->passed ? w->stop : w->hi;
}

bool
walk_read(struct walk *w, size_t n, size_t max, int64_t last)
{
	if (n > 0)
		w->read = last;
	/*
	 * A cursor at the stop would mean a whole way that is still to go: the
	 * end is known as soon as it is reached.
	 */
	if (n == max && last != walk_upto(w))
		return false;
	w->over = w->passed || w->stop == 0;
	w->passed = true;
	w->read = 0;
	return true;
}

int64_t
walk_cursor(const struct walk *w, int64_t open)
{
	return open ? open - 1 : w->taken;
}
