/*
 * The table of readers, and what comes before and after them.
 *
 * bytes -> UTF-8 (charset.c) -> reader -> sidecar, defaults (fields.c) -> what
 * nobody said.  A file that fails is set aside, not repaired.
 *
 * 1. Every reader gets strict UTF-8 without a byte order mark, without NUL
 *    bytes, and at most ARTICLE_FILE_MAX bytes of source.
 * 2. The first reader of the table that recognises the bytes has the file.
 * 3. A sidecar wins over the file, the file over its directory's defaults.
 */
#include "base/charset.h"
#include "base/utf8.h"
#include "read/fields.h"
#include "read/language.h"
#include "read/read.h"

enum { LOOK_MAX = 512, CONTROL_SHARE = 16 };

static const struct reader *const readers[] = {
	&reader_markdown,
	&reader_html,
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
check_text(struct slice s, struct err *e)
{
	if (!is_binary(s))
		return 0;
	err_set(e, ERR_SYNTAX, "the file is not text");
	return err_hint(e, "Keep pictures and documents under another ending, "
		"and articles as plain text, Markdown or HTML.");
}

/* ---- encodings ---- */

static bool
is_html(struct slice path)
{
	ssize_t dot = slice_rfind_byte(path, '.');
	struct slice ending = slice_from(path, (size_t)MAX(dot, 0));

	return slice_eq_nocase(ending, S(".html")) ||
		slice_eq_nocase(ending, S(".htm"));
}

/* What the file's own companions say, the nearest first; else the file. */
static struct slice
declared_charset(const struct read_env *env, struct slice bytes,
	struct arena *a)
{
	struct slice found = fields_charset(env->sidecar, a);

	for (size_t i = env->n_defaults; found.len == 0 && i > 0; i--)
		found = fields_charset(env->defaults[i - 1], a);
	return found.len == 0 && is_html(env->path) ?
		charset_declared(bytes) : found;
}

static int
to_utf8(const struct read_env *env, struct slice bytes, struct arena *a,
	struct slice *ret, struct err *e)
{
	struct slice declared = slice(NULL, 0);

	if (!utf8_valid(bytes))
		declared = declared_charset(env, bytes, a);
	if (charset_read(bytes, declared, env->charset, a, ret, e) < 0)
		return is_binary(bytes) ? check_text(bytes, e) : -1;
	return check_text(*ret, e);
}

static const struct slice replacement = S_INIT("\xef\xbf\xbd");

/* "?" for each U+FFFD, counted: no validator lets that character pass. */
static struct slice
scrub(struct slice s, int *lost, struct arena *a)
{
	ssize_t at = slice_find(s, replacement, 0);
	char *out;
	size_t len = 0;

	if (at < 0)
		return s;
	out = arena_alloc(a, s.len + 1);
	while (at >= 0) {
		memcpy(out + len, s.ptr, (size_t)at);
		len += (size_t)at;
		out[len++] = '?';
		++*lost;
		s = slice_from(s, (size_t)at + replacement.len);
		at = slice_find(s, replacement, 0);
	}
	memcpy(out + len, s.ptr, s.len);
	return slice(out, len + s.len);
}

/*
 * Characters that could not be read: "?" in the text, which readers can guess;
 * but a title is for life.
 */
static int
scrub_article(struct article *art, struct arena *a, struct err *e)
{
	int other = 0;

	if (slice_find(art->title, replacement, 0) >= 0) {
		err_set(e, ERR_SYNTAX, "the title has characters that cannot "
			"be read");
		return err_hint(e, "Is \"charset:\" the right one? Save the "
			"file with the encoding UTF-8.");
	}
	art->html = scrub(art->html, &art->fields.lost, a);
	art->text = scrub(art->text, &other, a);
	art->summary = scrub(art->summary, &other, a);
	art->fields.correction = scrub(art->fields.correction, &other, a);
	art->fields.headline = scrub(art->fields.headline, &other, a);
	for (size_t i = 0; i < art->n_people; i++)
		art->people[i].name = scrub(art->people[i].name,
			&art->fields.lost, a);
	for (size_t i = 0; i < art->n_related; i++)
		art->related[i].title = scrub(art->related[i].title,
			&art->fields.lost, a);
	return 0;
}

/* ---- metadata ---- */

/* The sidecar wins over the file; defaults fill in, the nearest first. */
static int
apply_companions(const struct read_env *env, struct arena *a,
	struct article *art, struct err *e)
{
	if (env->sidecar.len > 0 && fields_read(env, env->sidecar,
		"sidecar", 1, FIELDS_SAY, a, art, e) < 0)
		return -1;
	for (size_t i = env->n_defaults; i > 0; i--)
		if (fields_read(env, env->defaults[i - 1],
			"_defaults.meta.yaml", 1, FIELDS_FILL, a, art, e) < 0)
			return -1;
	return 0;
}

static bool
is_in_folder(struct slice path, struct slice folder)
{
	struct slice name;

	while (slice_next_field(&path, '/', &name))
		if (path.len > 0 && slice_eq_nocase(name, folder))
			return true;
	return false;
}

/* "Breaking: ...", "快讯：...", "【快讯】...". */
static bool
is_breaking(struct slice title)
{
	static const struct slice signs[] = { S_INIT(":"), S_INIT("："),
		S_INIT("|"), S_INIT("｜"), S_INIT(" |"), S_INIT(" ｜") };
	static const struct slice words[] = { S_INIT("breaking"),
		S_INIT("breaking news"), S_INIT("快讯"), S_INIT("快訊"),
		S_INIT("突发"), S_INIT("突發") };

	if (slice_starts(title, S("【快讯】")) ||
		slice_starts(title, S("【快訊】")))
		return true;
	for (size_t i = 0; i < COUNT_OF(words); i++)
		for (size_t k = 0; k < COUNT_OF(signs); k++)
			if (slice_starts_nocase(title, words[i]) &&
				slice_starts(slice_from(title, words[i].len),
				signs[k]))
				return true;
	return false;
}

/* What nobody said, and can be told. */
static void
complete(const struct read_env *env, struct article *art)
{
	if (art->lang.len == 0)
		art->lang = language_guess(env->language, art->title,
			art->text);
	if (art->fields.urgent == SAID_NOTHING && (is_breaking(art->title) ||
		is_in_folder(env->path, S("breaking"))))
		art->fields.urgent = SAID_YES;
}

static int
check_whole(const struct article *art, struct err *e)
{
	if (art->title.len == 0) {
		err_set(e, ERR_SYNTAX, "there is no title");
		return err_hint(e, "Write the title on the first line.");
	}
	if (art->html.len == 0) {
		err_set(e, ERR_SYNTAX, "there is a title but no text");
		return err_hint(e, "Write the text below the title, with an "
			"empty line between paragraphs.");
	}
	return 0;
}

static const struct reader *
find_reader(const struct read_env *env, struct slice bytes)
{
	size_t i = 0;

	/* The last one recognises everything. */
	while (!readers[i]->sniff(env, bytes))
		i++;
	return readers[i];
}

int
read_article(const struct read_env *env, struct slice bytes, struct arena *a,
	struct article *ret, struct err *e)
{
	struct article art = { .date = -1 };

	if (check_size(bytes, e) < 0 || to_utf8(env, bytes, a, &bytes, e) < 0)
		return -1;
	if (find_reader(env, bytes)->read(env, bytes, a, &art, e) < 0 ||
		apply_companions(env, a, &art, e) < 0 ||
		check_whole(&art, e) < 0 || scrub_article(&art, a, e) < 0)
		return -1;
	complete(env, &art);
	*ret = art;
	return 0;
}
