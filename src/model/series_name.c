/*
 * The names of series, as titles, metadata and the configuration give them.
 */
#include "base/fold.h"
#include "model/series_name.h"

static const struct slice endings[] = {
	S_INIT("系列报道"), S_INIT("系列報道"), S_INIT("系列"),
	S_INIT("连载"), S_INIT("連載"),
};

struct slice
series_bare_name(struct slice name)
{
	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		if (!slice_ends(name, endings[i]))
			continue;
		name.len -= endings[i].len;
		return slice_trim(name);
	}
	return name;
}

struct slice
series_key(struct slice name, struct arena *a)
{
	struct slice key = fold_key(series_bare_name(name), a);

	return key.len > 0 ? key : fold_key(name, a);
}
