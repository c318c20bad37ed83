/*
 * The guard: when so many articles vanish that it may be a mistake.
 *
 * A broken mount, a wrong rsync, an rm in the wrong place look like a newsroom
 * that withdraws its archive.  Too many means: more than GUARD_PERCENT of the
 * articles that have files, and at least GUARD_LEAST, within GUARD_WINDOW
 * seconds.  Then nothing is withdrawn until somebody confirms it, or the files
 * are back.
 *
 * How many a burst has is known at its end only, and a batch sees a part of
 * it.  So whatever could be part of one is held and counted (HOLD_COUNTED)
 * until no deletion is on its way any more, and is then judged as a whole:
 * passed, or held by the guard.
 *
 *	few:   gone -------------------------------------> withdrawn
 *	many:  gone --> COUNTED --not too many--> PASSED --> withdrawn
 *	                   |
 *	                   +--too many--> GUARD --confirm--> CONFIRMED --> ...
 *
 * 1. Holds are rows (file.held): they outlive the daemon.
 * 2. A file that is there again is held no more, in whatever state.
 * 3. What was withdrawn before there were too many stays withdrawn: a text
 *    that somebody took back must not come back because others vanish.
 * 4. Files that moved are recognised before they count as gone (watch).
 */
#ifndef SERIES_GUARD_H
#define SERIES_GUARD_H

#include "model/batch.h"
#include "model/store.h"

enum { GUARD_LEAST = 10, GUARD_PERCENT = 20 };

/*
 * How a deletion of the batch is held, that was held so before; asks: by the
 * directory's policy.
 */
enum hold guard_hold(const struct batch *b, enum hold before, bool asks);

/* Are those that are counted, with those before them, too many? */
bool guard_trips(const struct hold_counts *n);

#endif
