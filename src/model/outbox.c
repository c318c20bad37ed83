/*
 * The words for what is in the outbox.
 */
#include "model/outbox.h"

static const struct slice states[] = {
	[OUTBOX_PLANNED] = S_INIT("planned"),
	[OUTBOX_READY] = S_INIT("ready"),
	[OUTBOX_SENDING] = S_INIT("sending"),
	[OUTBOX_DONE] = S_INIT("done"),
	[OUTBOX_UNKNOWN] = S_INIT("unknown"),
	[OUTBOX_REJECTED] = S_INIT("rejected"),
	[OUTBOX_SKIPPED] = S_INIT("skipped"),
	[OUTBOX_HELD] = S_INIT("held"),
};

static const struct slice target_states[] = {
	[TARGET_ACTIVE] = S_INIT("active"),
	[TARGET_PAUSED] = S_INIT("paused"),
	[TARGET_HELD] = S_INIT("held"),
};

struct slice
outbox_state_name(enum outbox_state state)
{
	return states[state];
}

bool
outbox_state_parse(struct slice word, enum outbox_state *ret)
{
	for (size_t i = 0; i < COUNT_OF(states); i++) {
		if (!slice_eq(word, states[i]))
			continue;
		*ret = (enum outbox_state)i;
		return true;
	}
	return false;
}

struct slice
outbox_target_state_name(enum outbox_target_state state)
{
	return target_states[state];
}
