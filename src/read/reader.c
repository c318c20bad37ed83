/*
 * The table of readers, and the checks that every file has to pass first.
 *
 * A file that fails is set aside, not repaired: a guess at its encoding would
 * publish mojibake under a permanent id.
 *
 * 1. Every reader gets strict UTF-8 without a byte order mark, without NUL
 *    bytes, and at most ARTICLE_FILE_MAX bytes.
 * 2. The first reader of the table that recognises the bytes has the file.
 */
#include "base/utf8.h"
#include "read/read.h"

enum { LOOK_MAX = 512, CONTROL_SHARE = 16 };

static const struct reader *const readers[] = {
	&reader_text,
};

static bool
is_blank(struct slice s)
{
	return slice_trim(s).len == 0;
}

/* Control characters that no editor writes into a text. */
static bool
is_noise(unsigned char c)
{
	return c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' &&
		c != '\v' && c != 0x1b;
}

static bool
is_binary(struct slice s)
{
	struct slice head = slice_sub(s, 0, LOOK_MAX);
	size_t noise = 0;

	if (slice_find_byte(s, '\0') >= 0)
		return true;
	for (size_t i = 0; i < head.len; i++)
		noise += is_noise((unsigned char)head.ptr[i]);
	return noise > head.len / CONTROL_SHARE;
}

static size_t
line_of(struct slice s, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += s.ptr[i] == '\n';
	return line;
}

static int
check_size(struct slice s, struct err *e)
{
	if (is_blank(s)) {
		err_set(e, ERR_SYNTAX, "the file is empty");
		return err_hint(e, "Write a title and a text, or delete it.");
	}
	if (s.len > ARTICLE_FILE_MAX) {
		err_set(e, ERR_LIMIT, "the file is larger than %d MiB",
			ARTICLE_FILE_MAX >> 20);
		return err_hint(e, "An article is text only: split it, or "
			"take what is not text out of it.");
	}
	return 0;
}

static int
check_encoding(struct slice s, struct err *e)
{
	size_t bad;

	if (slice_starts(s, S("\xff\xfe")) || slice_starts(s, S("\xfe\xff"))) {
		err_set(e, ERR_SYNTAX, "the file is UTF-16, not UTF-8");
		return err_hint(e, "Save it again with the encoding UTF-8.");
	}
	if (is_binary(s)) {
		err_set(e, ERR_SYNTAX, "the file is not text");
		return err_hint(e, "Keep pictures and documents under another "
			"ending, and articles as plain text.");
	}
	bad = utf8_check(s);
	if (bad < s.len) {
		err_set(e, ERR_SYNTAX, "byte %zu (line %zu) is not UTF-8", bad,
			line_of(s, bad));
		return err_hint(e, "Save the file with the encoding UTF-8 "
			"(\"Save as\" in most editors).");
	}
	return 0;
}

int
read_article(const struct read_env *env, struct slice bytes, struct arena *a,
	struct article *ret, struct err *e)
{
	struct article art = { .date = -1 };

	if (check_size(bytes, e) < 0 || check_encoding(bytes, e) < 0)
		return -1;
	if (slice_starts(bytes, S("\xef\xbb\xbf")))
		bytes = slice_from(bytes, 3);
	for (size_t i = 0; i < COUNT_OF(readers); i++) {
		if (!readers[i]->sniff(env, bytes))
			continue;
		if (readers[i]->read(env, bytes, a, &art, e) < 0)
			return -1;
		*ret = art;
		return 0;
	}
	err_set(e, ERR_SYNTAX, "no reader knows this kind of file");
	return err_hint(e, "Save the article as plain text.");
}
