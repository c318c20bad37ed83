/*
 * Notes of the store as events (see the header).
 */
#include <stdlib.h>

#include <jansson.h>

#include "base/event.h"
#include "daemon/notes.h"

/* A name as YAML takes it, whatever is in it. */
static struct slice
quoted(struct slice name, struct arena *a)
{
	json_t *text = json_stringn(name.ptr, name.len);
	char *dump = text ? json_dumps(text, JSON_ENCODE_ANY) : NULL;
	struct slice ret = dump ? arena_copy(a, slice_str(dump)) : name;

	free(dump);
	json_decref(text);
	return ret;
}

struct slice
notes_fix(struct slice name, struct slice series, struct arena *a)
{
	return arena_printf(a, "Write \"%.*s\" in its title; or, if both "
		"names are right, under \"channels:\" the line "
		"- { series: %.*s, aliases: [ %.*s ] }", ARG(series),
		ARG(quoted(series, a)), ARG(quoted(name, a)));
}

static void
tell(const struct note *n)
{
	CLEANUP(arena_done) struct arena a = { 0 };

	switch (n->kind) {
	case NOTE_PART_TWICE:
		event(EV_PART_TWICE, F_TEXT("series", n->series),
			F_NUM("part", n->part), F_TEXT("path", n->path),
			F_TEXT("other", n->other), F_TEXT("hint", n->hint));
		break;
	case NOTE_NEAR_MISS:
		event(EV_NEAR_MISS, F_TEXT("path", n->path),
			F_TEXT("series", n->series), F_NUM("part", n->part),
			F_TEXT("hint", notes_fix(n->other, n->series, &a)));
		break;
	case NOTE_MERGED:
		event(EV_MERGED, F_TEXT("series", n->other),
			F_TEXT("into", n->series));
		break;
	}
}

void
notes_tell(const struct batch *b)
{
	for (size_t i = 0; i < b->n_notes; i++)
		tell(&b->notes[i]);
}
