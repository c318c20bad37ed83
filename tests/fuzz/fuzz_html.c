/*
 * Fuzz target: a file of any bytes through the reader of HTML pages.
 *
 * Either an error with a hint, or an article that keeps its promises.
 */
#include "check_html.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct read_env env = { .path = S("a.html"), .language = S("en"),
		.zone_minutes = 480,
		.base = S("https://www.example.org/a/b") };
	struct article art = { 0 };
	struct arena a = { 0 };
	struct err e = { 0 };

	if (read_article(&env, slice((const char *)bytes, len), &a, &art,
		&e) < 0)
		CHECK(e.text[0] && e.hint[0]);
	else
		check_article(&art);
	arena_done(&a);
	return 0;
}
