/*
 * Fuzz target: a file of any bytes through the reader of HTML pages.
 */
#include "check_html.h"
#include "try_article.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	try_article(S("a.html"), bytes, len, check_article);
	return 0;
}
