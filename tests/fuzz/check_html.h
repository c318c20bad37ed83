/*
 * What holds for the HTML of any article: the promises of read/markup.h, told
 * by another library (libxml2's XML parser).
 */
#ifndef FUZZ_CHECK_HTML_H
#define FUZZ_CHECK_HTML_H

#include "read/markup.h"

/*
 * Stops the process unless the HTML is well-formed, has nothing but listed
 * elements and attributes, absolute addresses, at most MARKUP_DEPTH_MAX levels,
 * and has the same text as `text`, blanks apart.
 */
void check_html(struct slice html, struct slice text);

/* The same of a whole article, with what holds for its other fields. */
void check_article(const struct article *art);

#endif
