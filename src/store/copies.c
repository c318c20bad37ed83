/*
 * Copies as a column.
 */
#include "store/copies.h"

struct slice
copies_text(const struct copy copies[static FEED_FORMATS_MAX],
	struct arena *a)
{
	struct slice text = S("");

	for (int i = 0; i < FEED_FORMATS_MAX; i++)
		text = copies[i].etag[0] ?
			arena_printf(a, "%.*s%s:%jd ", ARG(text),
				copies[i].etag, (intmax_t)copies[i].mtime) :
			arena_printf(a, "%.*s- ", ARG(text));
	return slice_trim(text);
}

void
copies_take(struct slice text, struct copy ret[static FEED_FORMATS_MAX])
{
	struct slice one, etag;

	for (int i = 0; i < FEED_FORMATS_MAX; i++) {
		ret[i] = (struct copy){ 0 };
		if (!slice_next_field(&text, ' ', &one) ||
			!slice_next_field(&one, ':', &etag) ||
			etag.len != sizeof(ret[i].etag) - 1)
			continue;
		memcpy(ret[i].etag, etag.ptr, etag.len);
		ret[i].mtime = MAX((int64_t)0, slice_number(one, INT64_MAX));
	}
}
