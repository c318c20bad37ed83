/*
 * Images: what kind of picture some bytes are, and how large it is.
 *
 * Each parser walks the chunks of its format by their lengths, forwards only:
 * time is linear, and nothing is read that the bytes do not have.
 */
#include "read/image.h"

/* What is left to be read. */
struct cursor {
	struct slice rest;
};

/* ---- numbers ---- */

static unsigned
byte_at(struct slice s, size_t i)
{
	return i < s.len ? (unsigned char)s.ptr[i] : 0;
}

static uint32_t
big16(struct slice s, size_t at)
{
	return byte_at(s, at) << 8 | byte_at(s, at + 1);
}

static uint32_t
big32(struct slice s, size_t at)
{
	return big16(s, at) << 16 | big16(s, at + 2);
}

static uint32_t
little16(struct slice s, size_t at)
{
	return byte_at(s, at) | byte_at(s, at + 1) << 8;
}

static uint32_t
little24(struct slice s, size_t at)
{
	return little16(s, at) | byte_at(s, at + 2) << 16;
}

static bool
has_at(struct slice s, size_t at, struct slice what)
{
	return slice_eq(slice_sub(s, at, at + what.len), what);
}

static bool
set_size(struct image *ret, uint32_t width, uint32_t height)
{
	if (width < 1 || height < 1 || width > IMAGE_SIDE_MAX ||
		height > IMAGE_SIDE_MAX)
		return false;
	ret->width = (int)width;
	ret->height = (int)height;
	return true;
}

/* ---- PNG, GIF ---- */

static bool
is_png(struct slice s)
{
	return slice_starts(s, S("\x89PNG\r\n\x1a\n"));
}

static bool
size_png(struct slice s, struct image *ret)
{
	return s.len >= 24 && has_at(s, 12, S("IHDR")) &&
		set_size(ret, big32(s, 16), big32(s, 20));
}

static bool
is_gif(struct slice s)
{
	return slice_starts(s, S("GIF87a")) || slice_starts(s, S("GIF89a"));
}

static bool
size_gif(struct slice s, struct image *ret)
{
	return s.len >= 10 && set_size(ret, little16(s, 6), little16(s, 8));
}

/* ---- JPEG ---- */

static bool
is_jpeg(struct slice s)
{
	return slice_starts(s, S("\xff\xd8\xff"));
}

/* SOF0 to SOF15, without DHT, JPG and DAC, which stand between them. */
static bool
is_frame(unsigned marker)
{
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
		marker != 0xc8 && marker != 0xcc;
}

static bool
size_jpeg(struct slice s, struct image *ret)
{
	size_t at = 2;

	while (at + 4 <= s.len && byte_at(s, at) == 0xff) {
		unsigned marker = byte_at(s, at + 1);

		if (marker == 0xff) {
			at++;	/* a fill byte */
		} else if (is_frame(marker)) {
			return at + 9 <= s.len && set_size(ret,
				big16(s, at + 7), big16(s, at + 5));
		} else if (marker == 0x01 || (marker >= 0xd0 &&
			marker <= 0xd8)) {
			at += 2;	/* has no length */
		} else if (marker == 0xd9 || marker == 0xda) {
			return false;	/* the end, or data without a frame */
		} else {
			at += 2 + MAX(2U, big16(s, at + 2));
		}
	}
	return false;
}

/* ---- WebP ---- */

static bool
is_webp(struct slice s)
{
	return slice_starts(s, S("RIFF")) && has_at(s, 8, S("WEBP"));
}

static bool
size_webp(struct slice s, struct image *ret)
{
	uint32_t bits;

	if (s.len < 30)
		return false;
	if (has_at(s, 12, S("VP8X")))
		return set_size(ret, little24(s, 24) + 1, little24(s, 27) + 1);
	if (has_at(s, 12, S("VP8 ")) && has_at(s, 23, S("\x9d\x01\x2a")))
		return set_size(ret, little16(s, 26) & 0x3fff,
			little16(s, 28) & 0x3fff);
	if (!has_at(s, 12, S("VP8L")) || byte_at(s, 20) != 0x2f)
		return false;
	bits = little16(s, 21) | little16(s, 23) << 16;
	return set_size(ret, (bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
}

/* ---- AVIF: boxes in boxes (ISO/IEC 14496-12) ---- */

static bool
is_avif(struct slice s)
{
	size_t end = MIN((size_t)big32(s, 0), MIN(s.len, (size_t)64));

	if (!has_at(s, 4, S("ftyp")))
		return false;
	/* The major brand, its version, then the compatible ones. */
	for (size_t at = 8; at + 4 <= end; at += at == 8 ? 8 : 4)
		if (has_at(s, at, S("avif")) || has_at(s, at, S("avis")))
			return true;
	return false;
}

/* Cut the next box off; false at the end, or where the lengths are wrong. */
static bool
next_box(struct cursor *c, struct slice *ret_type, struct slice *ret)
{
	size_t head = 8;
	uint64_t size = big32(c->rest, 0);

	if (c->rest.len < head)
		return false;
	if (size == 1) {
		head = 16;
		size = (uint64_t)big32(c->rest, 8) << 32 | big32(c->rest, 12);
	} else if (size == 0) {
		size = c->rest.len;	/* up to the end */
	}
	if (size < head || size > c->rest.len)
		return false;
	*ret_type = slice_sub(c->rest, 4, 8);
	*ret = slice_sub(c->rest, head, (size_t)size);
	c->rest = slice_from(c->rest, (size_t)size);
	return true;
}

/* The content of the first box of a type; empty: none. */
static struct slice
find_box(struct slice in, struct slice type)
{
	struct cursor c = { in };
	struct slice found, box;

	while (next_box(&c, &found, &box))
		if (slice_eq(found, type))
			return box;
	return S("");
}

/* The largest of what the file holds: the others are tiles or thumbnails. */
static bool
size_avif(struct slice s, struct image *ret)
{
	/* "meta" is a full box: four bytes before its boxes. */
	struct slice meta = slice_from(find_box(s, S("meta")), 4);
	struct cursor c = { find_box(find_box(meta, S("iprp")), S("ipco")) };
	struct slice type, box;
	struct image one;
	bool any = false;

	while (next_box(&c, &type, &box)) {
		if (!slice_eq(type, S("ispe")) || box.len < 12 ||
			!set_size(&one, big32(box, 4), big32(box, 8)))
			continue;
		if (any && (int64_t)one.width * one.height <=
			(int64_t)ret->width * ret->height)
			continue;
		set_size(ret, (uint32_t)one.width, (uint32_t)one.height);
		any = true;
	}
	return any;
}

/* ---- the table ---- */

static const struct format {
	const char *type;
	const char *ending;
	bool (*is)(struct slice s);
	bool (*size)(struct slice s, struct image *ret);
} formats[] = {
	{ "image/jpeg", "jpg", is_jpeg, size_jpeg },
	{ "image/png", "png", is_png, size_png },
	{ "image/gif", "gif", is_gif, size_gif },
	{ "image/webp", "webp", is_webp, size_webp },
	{ "image/avif", "avif", is_avif, size_avif },
};

static const struct format *
format_of(struct slice bytes)
{
	for (size_t i = 0; i < COUNT_OF(formats); i++)
		if (formats[i].is(bytes))
			return &formats[i];
	return NULL;
}

bool
image_sniff(struct slice bytes, struct image *ret)
{
	const struct format *f = format_of(bytes);

	*ret = (struct image){ 0 };
	if (!f)
		return false;
	ret->type = f->type;
	ret->ending = f->ending;
	return true;
}

bool
image_read(struct slice bytes, struct image *ret)
{
	const struct format *f = format_of(bytes);

	return image_sniff(bytes, ret) && f->size(bytes, ret);
}

const char *
image_type_of(struct slice ending)
{
	for (size_t i = 0; i < COUNT_OF(formats); i++)
		if (slice_eq(ending, slice_str(formats[i].ending)))
			return formats[i].type;
	return NULL;
}
