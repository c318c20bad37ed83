/*
 * Notes: what the store found that an operator should know, as events.
 */
#ifndef DAEMON_NOTES_H
#define DAEMON_NOTES_H

#include "model/batch.h"

/* Tell the notes of a batch that is committed. */
void notes_tell(const struct batch *b);

#endif
