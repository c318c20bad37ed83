/*
 * The configuration's life: reference counted, freed whole.
 */
#include <stdlib.h>

#include "model/config.h"

struct config *
config_ref(struct config *c)
{
	c->refs++;
	return c;
}

void
config_unref(struct config *c)
{
	if (!c || --c->refs > 0)
		return;
	arena_done(&c->arena);
	free(c);
}

struct slice
site_address(const struct site *s, struct slice path, struct arena *a)
{
	if (slice_starts(path, S("/")))
		path = slice_from(path, 1);
	return arena_printf(a, "%.*s%.*s", ARG(s->url), ARG(path));
}
