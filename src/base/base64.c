/*
 * Base64: four letters are three bytes.
 */
#include "base/base64.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	"abcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	"abcdefghijklmnopqrstuvwxyz0123456789-_";

/* A letter's six bits; -1: it is none. */
static int
bits_of(char c)
{
	const char *at = c ? strchr(letters, c) : NULL;

	return at ? (int)(at - letters) : -1;
}

/* How many "=" it ends with, 2 at most. */
static size_t
padding(struct slice s)
{
	return slice_ends(s, S("==")) ? 2 : slice_ends(s, S("=")) ? 1 : 0;
}

struct slice
base64_decode(struct slice s, struct arena *a)
{
	char *out = arena_text(a, s.len / 4 * 3);
	size_t pad = padding(s), n = 0;
	uint32_t bits = 0;

	if (s.len % 4 != 0)
		return slice(NULL, 0);
	for (size_t i = 0; i < s.len; i++) {
		bool padded = i >= s.len - pad;
		int more = padded ? 0 : bits_of(s.ptr[i]);

		if (more < 0)
			return slice(NULL, 0);
		bits = bits << 6 | (uint32_t)more;
		if (i % 4 != 3)
			continue;
		out[n++] = (char)(bits >> 16 & 255);
		out[n++] = (char)(bits >> 8 & 255);
		out[n++] = (char)(bits & 255);
	}
	/* Else two texts would mean the same bytes. */
	for (size_t i = 0; i < pad; i++)
		if (out[--n])
			return slice(NULL, 0);
	out[n] = '\0';
	return slice(out, n);
}

/* Append the bytes in these letters; a last group has `have` + 1 of them. */
static size_t
put(struct buf *b, struct slice s, const char *alphabet)
{
	size_t have = 0;

	for (size_t i = 0; i < s.len; i += 3) {
		uint32_t bits = 0;

		have = MIN(s.len - i, (size_t)3);
		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 | (k < have ?
				(unsigned char)s.ptr[i + k] : 0);
		for (size_t k = 0; k <= have; k++)
			buf_put_byte(b, alphabet[bits >> (18 - 6 * k) & 63]);
	}
	return have;
}

void
base64_put(struct buf *b, struct slice s)
{
	for (size_t have = put(b, s, letters); have % 3 != 0; have++)
		buf_put_byte(b, '=');
}

void
base64_put_url(struct buf *b, struct slice s)
{
	put(b, s, url_letters);
}
