/*
 * Notes of the store as events (see the header).
 */
#include "base/event.h"
#include "daemon/notes.h"

static void
tell(const struct note *n)
{
	switch (n->kind) {
	case NOTE_PART_TWICE:
		event(EV_PART_TWICE, F_TEXT("series", n->series),
			F_NUM("part", n->part), F_TEXT("path", n->path),
			F_TEXT("other", n->other), F_TEXT("hint", n->hint));
		break;
	case NOTE_NEAR_MISS:
		event(EV_NEAR_MISS, F_TEXT("path", n->path),
			F_TEXT("series", n->series), F_NUM("part", n->part),
			F_TEXT("hint", n->hint));
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
