/*
 * Encodings: from the bytes of a file to UTF-8, through iconv(3).
 */
#include <errno.h>
#include <iconv.h>

#include "base/buf.h"
#include "base/charset.h"
#include "base/utf8.h"

enum { LOOK_MAX = 1024, GROWTH_MAX = 4 };

struct label {
	struct slice label;
	const char *charset;
};

static const struct label labels[] = {
	{ S_INIT("utf-8"), "UTF-8" }, { S_INIT("utf8"), "UTF-8" },
	{ S_INIT("gb18030"), "GB18030" }, { S_INIT("gbk"), "GB18030" },
	{ S_INIT("gb2312"), "GB18030" }, { S_INIT("gb_2312-80"), "GB18030" },
	{ S_INIT("x-gbk"), "GB18030" }, { S_INIT("chinese"), "GB18030" },
	{ S_INIT("cp936"), "GB18030" }, { S_INIT("euc-cn"), "GB18030" },
	{ S_INIT("big5"), "BIG5-HKSCS" }, { S_INIT("big5-hkscs"),
		"BIG5-HKSCS" },
	{ S_INIT("cn-big5"), "BIG5-HKSCS" }, { S_INIT("x-x-big5"),
		"BIG5-HKSCS" },
	{ S_INIT("cp950"), "BIG5-HKSCS" },
	{ S_INIT("windows-1252"), "CP1252" }, { S_INIT("cp1252"), "CP1252" },
	{ S_INIT("iso-8859-1"), "CP1252" }, { S_INIT("iso8859-1"), "CP1252" },
	{ S_INIT("latin1"), "CP1252" }, { S_INIT("latin-1"), "CP1252" },
	{ S_INIT("ascii"), "CP1252" }, { S_INIT("us-ascii"), "CP1252" },
	{ S_INIT("iso-8859-2"), "ISO-8859-2" },
	{ S_INIT("iso-8859-15"), "ISO-8859-15" },
	{ S_INIT("windows-1250"), "CP1250" },
	{ S_INIT("windows-1251"), "CP1251" },
	{ S_INIT("koi8-r"), "KOI8-R" },
	{ S_INIT("shift_jis"), "CP932" }, { S_INIT("sjis"), "CP932" },
	{ S_INIT("windows-31j"), "CP932" }, { S_INIT("euc-jp"), "EUC-JP" },
	{ S_INIT("euc-kr"), "CP949" }, { S_INIT("windows-949"), "CP949" },
	{ S_INIT("utf-16"), "UTF-16LE" }, { S_INIT("utf-16le"), "UTF-16LE" },
	{ S_INIT("utf-16be"), "UTF-16BE" },
};

static const struct {
	struct slice mark;
	const char *charset;	/* NULL: it is UTF-8 already */
	size_t unit;
} marks[] = {
	{ S_INIT("\xef\xbb\xbf"), NULL, 1 },
	{ S_INIT("\xff\xfe"), "UTF-16LE", 2 },
	{ S_INIT("\xfe\xff"), "UTF-16BE", 2 },
};

const char *
charset_find(struct slice label)
{
	label = slice_trim(label);
	for (size_t i = 0; i < COUNT_OF(labels); i++)
		if (slice_eq_nocase(labels[i].label, label))
			return labels[i].charset;
	return NULL;
}

/* ---- what a file declares ---- */

static ssize_t
find_nocase(struct slice s, struct slice needle, size_t from)
{
	for (size_t i = from; i + needle.len <= s.len; i++)
		if (slice_eq_nocase(slice_sub(s, i, i + needle.len), needle))
			return (ssize_t)i;
	return -1;
}

static bool
is_label_byte(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' &&
		(c | 0x20) <= 'z') || c == '-' || c == '_' || c == ':';
}

/* The value behind `word=`, quoted or not. */
static struct slice
value_of(struct slice s, struct slice word)
{
	ssize_t at = find_nocase(s, word, 0);
	size_t n = 0;

	if (at < 0)
		return slice(NULL, 0);
	s = slice_trim(slice_from(s, (size_t)at + word.len));
	if (!slice_starts(s, S("=")))
		return slice(NULL, 0);
	s = slice_trim(slice_from(s, 1));
	if (slice_starts(s, S("\"")) || slice_starts(s, S("'")))
		s = slice_trim(slice_from(s, 1));
	while (n < s.len && is_label_byte(s.ptr[n]))
		n++;
	return slice(s.ptr, n);
}

struct slice
charset_declared(struct slice bytes)
{
	struct slice head = slice_sub(bytes, 0, LOOK_MAX), found;
	ssize_t at = 0, end;

	if (slice_starts(head, S("<?xml"))) {
		end = slice_find(head, S("?>"), 0);
		found = value_of(slice_sub(head, 0, (size_t)MAX(end, 0)),
			S("encoding"));
		if (found.len > 0)
			return found;
	}
	while ((at = find_nocase(head, S("<meta"), (size_t)at)) >= 0) {
		end = slice_find_byte(slice_from(head, (size_t)at), '>');
		found = value_of(slice_sub(head, (size_t)at, end < 0 ?
			head.len : (size_t)(at + end)), S("charset"));
		if (found.len > 0)
			return found;
		at++;
	}
	return slice(NULL, 0);
}

/* ---- converting ---- */

static void
close_iconv(iconv_t *cd)
{
	if (*cd != (iconv_t)-1)
		iconv_close(*cd);
}

/* How many bytes a stop at `in` costs; 0: it was not the input's fault. */
static size_t
bytes_lost(size_t left, size_t unit)
{
	return errno == EILSEQ || errno == EINVAL ? MIN(unit, left) : 0;
}

/* iconv(3) lets code points above U+10FFFF pass as UTF-8: none of them is. */
static struct slice
only_utf8(struct slice s, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(GROWTH_MAX * s.len + 64);
	size_t bad;

	while ((bad = utf8_check(s)) < s.len) {
		buf_put(&b, slice_sub(s, 0, bad));
		buf_put(&b, S("\xef\xbf\xbd"));
		s = slice_from(s, bad + 1);
	}
	buf_put(&b, s);
	return arena_copy(a, buf_slice(&b));
}

/* unit: bytes of the smallest piece of the charset. */
static int
convert(struct slice s, const char *charset, size_t unit, struct arena *a,
	struct slice *ret, struct err *e)
{
	CLEANUP(close_iconv) iconv_t cd = iconv_open("UTF-8", charset);
	CLEANUP(buf_done) struct buf b = BUF_INIT(GROWTH_MAX * s.len + 64);
	char *in = (char *)(uintptr_t)s.ptr, *out, *start;
	size_t left = s.len, room, lost;

	if (cd == (iconv_t)-1)
		return err_set(e, ERR_IO, "this system cannot read %s",
			charset);
	while (left > 0) {
		room = GROWTH_MAX * left + 16;
		start = out = buf_reserve(&b, room);
		if (!out)
			return err_set(e, ERR_LIMIT, "the text is too long");
		lost = iconv(cd, &in, &left, &out, &room) == (size_t)-1 ?
			bytes_lost(left, unit) : 0;
		buf_commit(&b, (size_t)(out - start));
		if (lost == 0)
			break;
		buf_put(&b, S("\xef\xbf\xbd"));
		in += lost;
		left -= lost;
	}
	*ret = only_utf8(buf_slice(&b), a);
	return 0;
}

/* ---- deciding ---- */

static size_t
line_of(struct slice s, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += s.ptr[i] == '\n';
	return line;
}

static int
refuse(struct slice bytes, size_t bad, struct err *e)
{
	err_set(e, ERR_SYNTAX, "byte %zu (line %zu) is not UTF-8", bad,
		line_of(bytes, bad));
	return err_hint(e, "Save the file with the encoding UTF-8 (\"Save as\" "
		"in most editors), or say what it is with \"charset:\", in "
		"the configuration or in a sidecar.");
}

int
charset_read(struct slice bytes, struct slice declared,
	struct slice otherwise, struct arena *a, struct slice *ret,
	struct err *e)
{
	const char *charset;
	size_t bad;

	for (size_t i = 0; i < COUNT_OF(marks); i++) {
		if (!slice_starts(bytes, marks[i].mark))
			continue;
		bytes = slice_from(bytes, marks[i].mark.len);
		if (marks[i].charset)
			return convert(bytes, marks[i].charset, marks[i].unit,
				a, ret, e);
		break;
	}
	bad = utf8_check(bytes);
	if (bad == bytes.len) {
		*ret = bytes;
		return 0;
	}
	charset = charset_find(declared);
	if (!charset)
		charset = charset_find(otherwise);
	if (!charset)
		return refuse(bytes, bad, e);
	return convert(bytes, charset, slice_starts(slice_str(charset),
		S("UTF-16")) ? 2 : 1, a, ret, e);
}
