/*
 * Fuzz target: any text as a piece of HTML through the cleaner alone.
 */
#include "base/utf8.h"
#include "check_html.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct read_env env = { .path = S("a.html"), .language = S("en"),
		.base = S("https://www.example.org/a/b") };
	struct slice html = slice((const char *)bytes, len);
	struct tokens document;
	struct article art = { 0 };
	struct arena a = { 0 };
	struct err e = { 0 };
	struct markup m;

	if (!utf8_valid(html) || slice_find_byte(html, '\0') >= 0)
		return 0;
	markup_init(&m, &env, &a, &art);
	document = TOKENS_OF(html, &a);
	markup_html(&m, html, &document);
	if (markup_finish(&m, &e) == 0)
		check_html(buf_slice(&m.html), buf_slice(&m.text));
	markup_done(&m);
	arena_done(&a);
	return 0;
}
