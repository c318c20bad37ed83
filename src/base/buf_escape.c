/*
 * Escaping, in the forms that are published: a table for each.
 *
 * Most bytes of most texts are plain, so runs of them are copied whole.
 */
#include "base/buf.h"

/* What a byte needs: from TEXT_AMP on, the text of the form. */
enum class {
	PLAIN,
	DROPPED,
	SUSPECT,	/* begins a sequence that may be forbidden */
	TEXT_AMP,
	TEXT_LT,
	TEXT_GT,
	TEXT_QUOTE,
	TEXT_CR,
	TEXT_LF,
	TEXT_TAB,
	TEXT_BACKSLASH,
	CLASS_COUNT,
};

struct escaping {
	unsigned char class[256];
	const char *text[CLASS_COUNT];
};

/* What XML 1.0 forbids, and what validators complain of. */
#define FORBIDDEN \
	[0x00 ... 0x08] = DROPPED, [0x0b ... 0x0c] = DROPPED, \
	[0x0e ... 0x1f] = DROPPED, [0x7f] = DROPPED, [0xc2] = SUSPECT, \
	[0xed] = SUSPECT, [0xef] = SUSPECT
#define MARKUP ['&'] = TEXT_AMP, ['<'] = TEXT_LT, ['>'] = TEXT_GT

static const struct escaping xml = {
	.class = { FORBIDDEN, MARKUP, ['"'] = TEXT_QUOTE, ['\r'] = TEXT_CR },
	.text = {
		[TEXT_AMP] = "&amp;", [TEXT_LT] = "&lt;", [TEXT_GT] = "&gt;",
		[TEXT_QUOTE] = "&quot;", [TEXT_CR] = "&#13;",
	},
};

static const struct escaping xml_plain = {
	.class = { FORBIDDEN, MARKUP, ['\r'] = TEXT_CR },
	.text = {
		[TEXT_AMP] = "&#x26;", [TEXT_LT] = "&#x3C;",
		[TEXT_GT] = "&#x3E;", [TEXT_CR] = "&#13;",
	},
};

static const struct escaping html = {
	.class = { MARKUP },
	.text = {
		[TEXT_AMP] = "&amp;", [TEXT_LT] = "&lt;", [TEXT_GT] = "&gt;",
	},
};

static const struct escaping json = {
	.class = {
		FORBIDDEN, ['"'] = TEXT_QUOTE, ['\\'] = TEXT_BACKSLASH,
		['\r'] = TEXT_CR, ['\n'] = TEXT_LF, ['\t'] = TEXT_TAB,
	},
	.text = {
		[TEXT_QUOTE] = "\\\"", [TEXT_BACKSLASH] = "\\\\",
		[TEXT_CR] = "\\r", [TEXT_LF] = "\\n", [TEXT_TAB] = "\\t",
	},
};

/* How many bytes at s to drop: a forbidden sequence, or none. */
static size_t
forbidden(struct slice s)
{
	const unsigned char *p = (const unsigned char *)s.ptr;

	if (s.len >= 2 && p[0] == 0xc2 && p[1] < 0xa0)
		return 2;
	if (s.len >= 3 && p[0] == 0xed && p[1] >= 0xa0)
		return 3;
	if (s.len >= 3 && p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xbe)
		return 3;
	return 0;
}

/* Where the next byte is that cannot be copied as it is. */
static size_t
plain_end(const unsigned char class[256], struct slice s, size_t from)
{
	while (from < s.len && class[(unsigned char)s.ptr[from]] == PLAIN)
		from++;
	return from;
}

static void
put_escaped(struct buf *b, const struct escaping *how, struct slice s)
{
	size_t from = 0, i = 0, skip;

	while ((i = plain_end(how->class, s, i)) < s.len) {
		int class = how->class[(unsigned char)s.ptr[i]];

		skip = class == SUSPECT ? forbidden(slice_from(s, i)) : 1;
		if (skip == 0) {
			i++;
			continue;
		}
		buf_put(b, slice_sub(s, from, i));
		if (how->text[class])
			buf_put_str(b, how->text[class]);
		i += skip;
		from = i;
	}
	buf_put(b, slice_from(s, from));
}

void
buf_put_xml(struct buf *b, struct slice s)
{
	put_escaped(b, &xml, s);
}

void
buf_put_xml_plain(struct buf *b, struct slice s)
{
	put_escaped(b, &xml_plain, s);
}

void
buf_put_html(struct buf *b, struct slice s)
{
	put_escaped(b, &html, s);
}

void
buf_put_json(struct buf *b, struct slice s)
{
	put_escaped(b, &json, s);
}
