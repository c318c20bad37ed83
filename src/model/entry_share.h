/*
 * What of an entry may be shown to whom: pure filters over an entry, to be
 * applied after it was read and before it is written anywhere.
 */
#ifndef MODEL_ENTRY_SHARE_H
#define MODEL_ENTRY_SHARE_H

#include "base/arena.h"
#include "model/config.h"
#include "model/feed.h"

/*
 * What every document and every message needs: no topic that is private is
 * named, and nothing leads to a private series.  The lists are changed in
 * place.  True: there was such a series.
 */
bool entry_hide_private(const struct config *c, struct entry *e);

/* The same of the topics alone. */
void entry_hide_topics(const struct config *c, struct entry *e);

/*
 * Keep the pictures that may go along: a picture says so for itself; of those
 * that do not, `pictures` says.  The others leave the text with their
 * captions, the media and the credits.  What of the entry changes is the
 * arena's; its lists are changed in place.
 */
void entry_take_pictures(struct entry *e, bool pictures, struct arena *a);

/* A copy that those above may be applied to. */
struct entry entry_copy(const struct entry *e, struct arena *a);

#endif
