/*
 * The names of series.
 */
#ifndef MODEL_SERIES_NAME_H
#define MODEL_SERIES_NAME_H

#include "base/arena.h"

/*
 * A name as printed, without a trailing "系列报道", "系列" or "连载": those say
 * that it is a series, not which.
 */
struct slice series_bare_name(struct slice name);

/* Its key: fold_key() of the bare name; equal keys are one series. */
struct slice series_key(struct slice name, struct arena *a);

#endif
