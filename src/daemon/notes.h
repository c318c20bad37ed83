/*
 * Notes: what the store found that an operator should know, as events.
 */
#ifndef DAEMON_NOTES_H
#define DAEMON_NOTES_H

#include "model/batch.h"

/* Tell the notes of a batch that is committed. */
void notes_tell(const struct batch *b);

/*
 * What to do where a part stands under nearly the name of a series: correct
 * the title, or write the alias into the configuration.
 */
struct slice notes_fix(struct slice name, struct slice series,
	struct arena *a);

#endif
