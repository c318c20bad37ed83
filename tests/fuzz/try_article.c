/*
 * A file of any bytes through the reader of its format.
 */
#include "try_article.h"

void
try_article(struct slice path, const uint8_t *bytes, size_t len,
	void (*check)(const struct article *))
{
	struct read_env env = { .path = path, .language = S("en"),
		.zone_minutes = 480,
		.base = S("https://www.example.org/a/b") };
	struct article art = { 0 };
	struct arena a = { 0 };
	struct err e = { 0 };

	if (read_article(&env, slice((const char *)bytes, len), &a, &art,
		&e) < 0)
		CHECK(e.text[0] && e.hint[0]);
	else
		check(&art);
	arena_done(&a);
}
