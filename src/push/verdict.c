/*
 * The words for verdicts.
 */
#include "push/verdict.h"

struct slice
verdict_name(enum verdict_kind kind)
{
	static const struct slice words[VERDICT_COUNT] = {
		[VERDICT_DONE] = S_INIT("done"),
		[VERDICT_NEXT] = S_INIT("next"),
		[VERDICT_WAIT] = S_INIT("wait"),
		[VERDICT_RETRY] = S_INIT("retry"),
		[VERDICT_AUTH] = S_INIT("auth"),
		[VERDICT_UNKNOWN] = S_INIT("unknown"),
		[VERDICT_REJECT] = S_INIT("reject"),
		[VERDICT_HOLD] = S_INIT("hold"),
	};

	return words[kind];
}
