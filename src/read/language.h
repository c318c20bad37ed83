/*
 * The language of an article, where its script tells.
 */
#ifndef READ_LANGUAGE_H
#define READ_LANGUAGE_H

#include "base/slice.h"

/*
 * A BCP 47 tag: the site's language unless the script contradicts it.  The
 * result borrows from `site` or is static.
 */
struct slice language_guess(struct slice site, struct slice title,
	struct slice text);

#endif
