/*
 * What pages need besides their markup: a style sheet, a sign for the
 * browser's tab, a picture for previews of what has none.
 *
 * They are part of the program, so a page looks the same wherever it is
 * installed, and nothing has to be fetched from anybody else.
 */
#ifndef FEED_PAGE_ASSETS_H
#define FEED_PAGE_ASSETS_H

#include "base/buf.h"
#include "model/config.h"

/* "/style.css", of type text/css. */
struct slice page_style(void);

/* "/icon.svg", of type image/svg+xml. */
struct slice page_icon(void);

enum { PAGE_PICTURE_WIDTH = 1200, PAGE_PICTURE_HEIGHT = 630 };

/* "/share.png": the feed sign, as large as previews want it. */
void page_picture(struct buf *b);

/*
 * The absolute address of the picture for previews: that of the operator, or
 * the one above.
 */
struct slice page_picture_address(const struct config *c, struct arena *a);

/* The address of the style sheet; another one when that is another. */
struct slice page_style_address(const struct config *c, struct arena *a);

#endif
