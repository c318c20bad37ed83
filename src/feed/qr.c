/*
 * Codes for a camera, by libqrencode.
 *
 * All dark modules are one path, a rectangle for each run in a row: a tenth of
 * what an element for each module would be.  The ground is always white, also
 * in dark mode, and four modules wide around it (ISO 18004 wants both).
 */
#include <qrencode.h>

#include "feed/qr.h"

enum { MARGIN = 4 };

static void
code_done(QRcode **code)
{
	QRcode_free(*code);
}

/* How many modules are as dark as the one at x, from it on. */
static int
run(const unsigned char *row, int x, int width)
{
	int end = x;

	while (end < width && (row[end] & 1) == (row[x] & 1))
		end++;
	return end - x;
}

static void
put_row(struct buf *b, const unsigned char *row, int y, int width)
{
	int n;

	for (int x = 0; x < width; x += n) {
		n = run(row, x, width);
		if (row[x] & 1)
			buf_printf(b, "M%d %dh%dv1h-%dz", x + MARGIN,
				y + MARGIN, n, n);
	}
}

bool
qr_put(struct buf *b, struct slice text, struct slice label)
{
	CLEANUP(code_done) QRcode *code = NULL;
	int side;

	if (text.len > 0 && text.len <= QR_TEXT_MAX)
		code = QRcode_encodeData((int)text.len,
			(const unsigned char *)text.ptr, 0, QR_ECLEVEL_M);
	if (!code)
		return false;
	side = code->width + 2 * MARGIN;
	buf_put_str(b, "<svg class=\"code\" role=\"img\" aria-label=\"");
	buf_put_xml(b, label);
	buf_printf(b, "\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
		"<path fill=\"#fff\" d=\"M0 0h%dv%dh-%dz\"/><path "
		"fill=\"#000\" d=\"", side, side, side, side, side);
	for (int y = 0; y < code->width; y++)
		put_row(b, code->data + (size_t)y * (size_t)code->width, y,
			code->width);
	buf_put_str(b, "\"/></svg>\n");
	return true;
}
