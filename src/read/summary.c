/*
 * The summary: whole sentences of the first paragraph.
 *
 * English sentences end in . ! ? before a blank, Chinese ones in 。！？
 * wherever they stand.  A full stop behind an initial or a common
 * abbreviation ends nothing, nor one before a small letter.
 */
#include "base/fold.h"
#include "base/utf8.h"
#include "model/article.h"
#include "read/summary.h"

/* So many bytes of a paragraph are looked at: enough for any script. */
enum { LOOK_MAX = 4 * (ARTICLE_SUMMARY_MAX + 1) };

static const struct slice abbreviations[] = {
	S_INIT("Mr"), S_INIT("Mrs"), S_INIT("Ms"), S_INIT("Dr"),
	S_INIT("Prof"), S_INIT("St"), S_INIT("No"), S_INIT("vs"),
	S_INIT("Jr"), S_INIT("Sr"), S_INIT("Gen"), S_INIT("Sen"),
	S_INIT("Rep"), S_INIT("Col"), S_INIT("Lt"), S_INIT("Mt"),
	S_INIT("e.g"), S_INIT("i.e"), S_INIT("cf"), S_INIT("approx"),
};

/* The first max bytes, cut between code points. */
static struct slice
head_of(struct slice s, size_t max)
{
	if (s.len <= max)
		return s;
	while (max > 0 && ((unsigned char)s.ptr[max] & 0xc0) == 0x80)
		max--;
	return slice(s.ptr, max);
}

/* Does the text before a full stop end in an abbreviation or an initial? */
static bool
is_abbreviated(struct slice before)
{
	ssize_t blank = slice_rfind_byte(before, ' ');
	struct slice word = slice_from(before, (size_t)(blank + 1));

	if (slice_starts(word, S("(")))
		word = slice_from(word, 1);
	if (word.len == 1 || (word.len >= 3 && word.ptr[word.len - 2] == '.'))
		return true;
	for (size_t i = 0; i < COUNT_OF(abbreviations); i++)
		if (slice_eq(word, abbreviations[i]))
			return true;
	return false;
}

static bool
is_closing(int32_t c)
{
	return c == '"' || c == '\'' || c == ')' || c == ']' || c == 0x201d ||
		c == 0x2019 || c == 0x300d || c == 0x300f || c == 0xff09 ||
		c == 0x300b;
}

/* Past the quotes and brackets that close behind a sentence. */
static size_t
skip_closing(struct slice s, size_t at)
{
	size_t n;

	while (is_closing(utf8_get(slice_from(s, at), &n)))
		at += n;
	return at;
}

static bool
begins_sentence(struct slice rest)
{
	return rest.len == 0 ||
		(rest.ptr[0] == ' ' && (rest.len == 1 ||
		!(rest.ptr[1] >= 'a' && rest.ptr[1] <= 'z')));
}

/*
 * If a sentence ends with the glyph c, which stands before byte `at`: where,
 * with its closing quotes.  0: none ends here.
 */
static size_t
sentence_end(struct slice s, int32_t c, size_t at)
{
	size_t end = skip_closing(s, at);

	if (c == 0x3002 || c == 0xff01 || c == 0xff1f)
		return end;
	if (c != '.' && c != '!' && c != '?')
		return 0;
	if (!begins_sentence(slice_from(s, end)))
		return 0;
	if (c == '.' && end < s.len && is_abbreviated(slice(s.ptr, at - 1)))
		return 0;
	return end;
}

/* Up to the last blank, with "…"; Chinese, which has none, anywhere. */
static struct slice
cut_words(struct slice s, struct arena *a)
{
	struct slice cut = utf8_first(s, ARTICLE_SUMMARY_MAX - 1);
	ssize_t blank = slice_rfind_byte(cut, ' ');

	if (s.ptr[cut.len] != ' ' && blank > (ssize_t)cut.len / 2)
		cut.len = (size_t)blank;
	return arena_printf(a, "%.*s…", ARG(slice_trim(cut)));
}

struct slice
summary_of(struct slice paragraph, struct arena *a)
{
	struct slice all = fold_title(head_of(paragraph, LOOK_MAX), a);
	struct slice room = utf8_first(all, ARTICLE_SUMMARY_MAX);
	struct slice rest = room;
	size_t end = 0, here;
	int32_t c;

	if (room.len == all.len && paragraph.len <= LOOK_MAX)
		return all;
	while ((c = utf8_next(&rest)) >= 0) {
		here = sentence_end(all, c, room.len - rest.len);
		if (here > 0 && here <= room.len)
			end = here;
	}
	if (end > 0)
		return slice(all.ptr, end);
	return room.len < all.len ? cut_words(all, a) : all;
}
