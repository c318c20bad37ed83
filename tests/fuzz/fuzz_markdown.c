/*
 * Fuzz target: a file of any bytes through the reader of Markdown with its
 * front matter.
 */
#include "check_html.h"
#include "try_article.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	try_article(S("a.md"), bytes, len, check_article);
	return 0;
}
