/*
 * The feed sign, drawn: small for the browser's tab, and large for previews
 * of what has no picture of its own.
 *
 * Those who make previews take no SVG, so the large one is a PNG (RFC 2083),
 * written here: a palette of sixteen shades from the ground to the sign, four
 * bits a pixel.  The sign is a dot and two quarters of a ring around it;
 * whether a pixel is in it is asked in quarters of pixels, without a square
 * root.
 */
#include <arpa/inet.h>
#include <libdeflate.h>
#include <stdlib.h>

#include "feed/page_assets.h"

enum {
	W = PAGE_PICTURE_WIDTH,
	H = PAGE_PICTURE_HEIGHT,
	ROW = 1 + W / 2,	/* its filter, and two pixels a byte */
	SHADES = 16,
	SIGN = 300,		/* pixels, its side */
	LEFT = (W - SIGN) / 2,
	TOP = (H - SIGN) / 2,
	FINE = 4,		/* samples along the side of a pixel */
};

static const unsigned char ground[3] = { 0x1f, 0x3b, 0x57 };

static const char icon[] =
	"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">"
	"<rect width=\"32\" height=\"32\" rx=\"6\" fill=\"#1f3b57\"/>"
	"<circle cx=\"9\" cy=\"23\" r=\"3\" fill=\"#fff\"/><path d=\"M6 14a12 "
	"12 0 0 1 12 12M6 7a19 19 0 0 1 19 19\" fill=\"none\" stroke=\"#fff\" "
	"stroke-width=\"3.5\"/></svg>\n";

struct slice
page_icon(void)
{
	return slice(icon, sizeof(icon) - 1);
}

static bool
is_between(long square, long inner, long outer)
{
	return square >= inner * inner * FINE * FINE &&
		square < outer * outer * FINE * FINE;
}

/* Is a sample in the sign?  From its lower left corner, in samples. */
static bool
is_sign(long x, long y)
{
	long around = x * x + y * y, dot = 40L * FINE;

	return is_between(around, 140, 190) || is_between(around, 240, 290) ||
		is_between((x - dot) * (x - dot) + (y - dot) * (y - dot), 0,
			40);
}

/* How many of a pixel's samples are, as a shade. */
static unsigned
shade(int x, int y)
{
	int n = 0;

	for (int i = 0; i < FINE * FINE; i++)
		n += is_sign((long)x * FINE + i % FINE,
			(long)y * FINE + i / FINE);
	return (unsigned)(n * (SHADES - 1) / (FINE * FINE));
}

static void
draw(unsigned char *rows)
{
	for (int y = 0; y < SIGN; y++) {
		unsigned char *row = rows + (size_t)(TOP + SIGN - 1 - y) * ROW;

		for (int x = 0; x < SIGN; x += 2)
			row[1 + (LEFT + x) / 2] = (unsigned char)
				(shade(x, y) << 4 | shade(x + 1, y));
	}
}

static void
put_number(struct buf *b, uint32_t n)
{
	n = htonl(n);
	buf_put(b, slice((const char *)&n, sizeof(n)));
}

/* Length, type, bytes, and a checksum of the last two. */
static void
put_chunk(struct buf *b, const char *type, struct slice bytes)
{
	uint32_t sum = libdeflate_crc32(0, type, 4);

	put_number(b, (uint32_t)bytes.len);
	buf_put(b, slice(type, 4));
	buf_put(b, bytes);
	put_number(b, libdeflate_crc32(sum, bytes.ptr, bytes.len));
}

static void
put_head(struct buf *b)
{
	CLEANUP(buf_done) struct buf head = BUF_INIT(64);
	char palette[SHADES * 3];

	put_number(&head, W);
	put_number(&head, H);
	/* Four bits, a palette, and the one way to pack, filter, and order. */
	buf_put(&head, S("\x04\x03\0\0\0"));
	put_chunk(b, "IHDR", buf_slice(&head));
	for (int i = 0; i < SHADES * 3; i++)
		palette[i] = (char)(ground[i % 3] +
			(255 - ground[i % 3]) * (i / 3) / (SHADES - 1));
	put_chunk(b, "PLTE", slice(palette, sizeof(palette)));
}

void
page_picture(struct buf *b)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	unsigned char *rows = x_calloc(H, ROW);
	size_t room = libdeflate_zlib_compress_bound(c, (size_t)H * ROW);
	char *packed = x_malloc(room);

	draw(rows);
	buf_put(b, S("\x89PNG\r\n\x1a\n"));
	put_head(b);
	put_chunk(b, "IDAT", slice(packed, libdeflate_zlib_compress(c, rows,
		(size_t)H * ROW, packed, room)));
	put_chunk(b, "IEND", S(""));
	libdeflate_free_compressor(c);
	free(packed);
	free(rows);
}

struct slice
page_picture_address(const struct config *c, struct arena *a)
{
	const struct picture *p = &c->site.image;

	return p->url.len ? p->url : site_address(&c->site,
		p->name.len ? p->name : S("share.png"), a);
}
