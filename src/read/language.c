/*
 * The language of an article, where its script tells.
 *
 * A newsroom writes in the site's language, and sometimes in the other of the
 * two that it knows.  Han text on an English site is Chinese, Latin text on a
 * Chinese site is English; nothing finer is guessed, because short texts in
 * related languages cannot be told apart.
 */
#include "base/utf8.h"
#include "read/language.h"

enum { LOOK_GLYPHS = 100 };

struct script {
	size_t han;
	size_t kana;
	size_t latin;
	size_t simplified;
	size_t traditional;
};

/* Common characters that only one of the two ways of writing has. */
static const struct slice simplified = S_INIT("这国们说来时对会学东发业产车"
	"门问间让长见观览视计记设请谁读样从给经过还进运动");
static const struct slice traditional = S_INIT("這國們說來時對會學東發業產車"
	"門問間讓長見觀覽視計記設請誰讀樣從給經過還進運動");

static void
count_han(struct script *n, struct slice glyph)
{
	n->han++;
	n->simplified += slice_find(simplified, glyph, 0) >= 0;
	n->traditional += slice_find(traditional, glyph, 0) >= 0;
}

static void
count(struct script *n, struct slice s)
{
	size_t len;

	for (int i = 0; i < LOOK_GLYPHS && s.len > 0; i++) {
		int32_t c = utf8_get(s, &len);

		if (utf8_is_han(c))
			count_han(n, slice(s.ptr, len));
		else if (c >= 0x3041 && c <= 0x30fa)
			n->kana++;
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
			n->latin++;
		s = slice_from(s, len);
	}
}

static bool
is_language(struct slice tag, struct slice language)
{
	return slice_starts_nocase(tag, language) &&
		(tag.len == language.len || tag.ptr[language.len] == '-');
}

struct slice
language_guess(struct slice site, struct slice title, struct slice text)
{
	struct script n = { 0 };

	count(&n, title);
	count(&n, text);
	/* A Chinese character carries what two or three letters do. */
	if (n.han > 0 && n.han * 2 > n.latin) {
		if (is_language(site, S("zh")) || n.kana > n.han / 8)
			return site;
		return n.traditional > n.simplified ? S("zh-Hant") :
			S("zh-Hans");
	}
	return n.latin > 0 && is_language(site, S("zh")) ? S("en") : site;
}
