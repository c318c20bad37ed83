/*
 * press.db as the courier reads it: connections that only read, in the same
 * process or in another.
 *
 * 1. There may be no press.db yet: until then its reader sees an empty one.
 * 2. It may be another file from one moment to the next: the end of a first
 *    scan, a backup that is put back.  Connections to the old one are dropped.
 * 3. A press of another version has another schema; that fails until both are
 *    the same (reader.c asks).
 */
#include <sys/stat.h>

#include "store/store.h"

int
open_reading(const char *state_dir, struct store **ret, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct store *s = store_new();

	(void)e;
	s->is_other = true;
	readers_init(&s->readers, arena_printf(&a, "%s/press.db",
		state_dir).ptr, true);
	*ret = s;
	return 0;
}

void
reading_look(struct store *s)
{
	struct stat st = { 0 };

	if (stat(s->readers.path, &st) < 0)
		st.st_ino = 0;
	readers_follow(&s->readers, st.st_dev, st.st_ino);
}
