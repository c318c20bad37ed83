/*
 * Cleaning of texts.
 *
 * C1 controls are never meant: they come from windows-1252 texts whose
 * encoding was called ISO 8859-1, where browsers show them as below.
 */
#include "base/utf8.h"
#include "read/clean.h"

enum class { PLAIN, BLANK, DROPPED, SUSPECT };

static const unsigned char byte_class[256] = {
	[0x00 ... 0x08] = DROPPED, ['\t'] = BLANK, [0x0a ... 0x0d] = BLANK,
	[0x0e ... 0x1f] = DROPPED, [' '] = BLANK, [0x7f] = DROPPED,
	[0xc2] = SUSPECT, [0xef] = SUSPECT,
};

static const char windows_1252[32][4] = {
	"€", "", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "",
	"Ž", "", "", "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›",
	"œ", "", "ž", "Ÿ",
};

static int
class_of(struct slice s, size_t i)
{
	return byte_class[(unsigned char)s.ptr[i]];
}

/* Length of a character that XML forbids or discourages; else 0. */
static size_t
forbidden(struct slice s, struct slice *ret)
{
	size_t n;
	int32_t c = utf8_get(s, &n);

	*ret = slice("", 0);
	if (c >= 0x80 && c < 0xa0) {
		const char *as = windows_1252[c - 0x80];

		*ret = slice(as, strnlen(as, sizeof(windows_1252[0])));
		return n;
	}
	return c == 0xfffe || c == 0xffff ? n : 0;
}

/* Does the run that holds s[i] go on behind it? */
static bool
goes_on(struct slice s, size_t i)
{
	struct slice ignored;

	switch (class_of(s, i)) {
	case PLAIN:
		return true;
	case SUSPECT:
		return forbidden(slice_from(s, i), &ignored) == 0;
	case BLANK:
		return s.ptr[i] == ' ' && i > 0 && i + 1 < s.len &&
			class_of(s, i + 1) == PLAIN;
	default:
		return false;
	}
}

static enum clean_piece
take(struct slice *rest, size_t n, struct slice *ret)
{
	*ret = slice(rest->ptr, n);
	*rest = slice_from(*rest, n);
	return CLEAN_TEXT;
}

enum clean_piece
clean_next(struct slice *rest, struct slice *ret)
{
	struct slice s, as;
	size_t n;

	while (rest->len > 0) {
		s = *rest;
		if (class_of(s, 0) == BLANK) {
			for (n = 1; n < s.len && class_of(s, n) == BLANK; n++)
				;
			take(rest, n, ret);
			return CLEAN_BLANK;
		}
		for (n = 0; n < s.len && goes_on(s, n); n++)
			;
		if (n > 0)
			return take(rest, n, ret);
		if (class_of(s, 0) == DROPPED) {
			*rest = slice_from(s, 1);
			continue;
		}
		*rest = slice_from(s, forbidden(s, &as));
		*ret = as;
		if (as.len > 0)
			return CLEAN_TEXT;
	}
	return CLEAN_END;
}

bool
clean_is_plain(struct slice s)
{
	struct slice rest = s, piece;

	return clean_next(&rest, &piece) == CLEAN_TEXT &&
		piece.len == s.len;
}
