/*
 * Codes for a camera, drawn as SVG that stands in a page.
 */
#ifndef FEED_QR_H
#define FEED_QR_H

#include "base/buf.h"

enum { QR_TEXT_MAX = 1000 };	/* bytes; larger codes are hard to scan */

/*
 * Append a code that says the text, with its margin, described by the label.
 * False, and nothing is appended: the text is too long.
 */
bool qr_put(struct buf *b, struct slice text, struct slice label);

#endif
