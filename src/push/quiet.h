/*
 * Quiet hours: when people are not to be told of anything.
 */
#ifndef PUSH_QUIET_H
#define PUSH_QUIET_H

#include "model/push.h"

/*
 * When what is due then may be sent, ms: when the quiet hours that it falls
 * into end, or at once.  zone_minutes: east of UTC, where the hours are meant.
 */
int64_t quiet_end(const struct quiet *q, int zone_minutes, int64_t due_ms);

#endif
