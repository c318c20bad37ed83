/*
 * Generated articles.
 */
#include "gen.h"

enum {
	PARAGRAPHS_MAX = 8,
	WORDS_MAX = 40,
	RELATED_MAX = 4,
	MUTATIONS_MAX = 12,
};

static const struct slice words[] = {
	S_INIT("harbour"), S_INIT("the"), S_INIT("of"), S_INIT("bridge"),
	S_INIT("AT&T"), S_INIT("&amp;"), S_INIT("<3"), S_INIT("]]>"),
	S_INIT("a<b"), S_INIT("x>y"), S_INIT("\"quoted\""), S_INIT("it's"),
	S_INIT("naïve"), S_INIT("中文"), S_INIT("廣東"), S_INIT("😀"),
	S_INIT("שלום"), S_INIT("\u200fעל"), S_INIT("50%"), S_INIT("#tag"),
	S_INIT("e-mail"), S_INIT("100,000"), S_INIT("C++"), S_INIT("{brace}"),
	S_INIT("back\\slash"), S_INIT("tick`s"), S_INIT("under_score_d"),
	S_INIT("<b>bold</b>"), S_INIT("&#x26;"), S_INIT("&nbsp;"),
	S_INIT("two*stars*here"), S_INIT("[link](x)"), S_INIT("~~no~~"),
	S_INIT("<script>"), S_INIT("<!--"), S_INIT("&lt"), S_INIT("end."),
};

/* What stands first in a line, so that no line is taken for a credit. */
static const struct slice openers[] = {
	S_INIT("Yesterday"), S_INIT("Meanwhile"), S_INIT("昨天"), S_INIT("So"),
};

static const struct slice harm[] = {
	S_INIT("<"), S_INIT(">"), S_INIT("&"), S_INIT("\""), S_INIT("</p>"),
	S_INIT("<div>"), S_INIT("<b>"), S_INIT("</b>"), S_INIT("<!--"),
	S_INIT("-->"), S_INIT("<script>"), S_INIT("<a href=\"javascript:x\">"),
	S_INIT("<img src=data:x onerror=y>"), S_INIT("<a href='//h/p?q#f'>"),
	S_INIT("<iframe src=\"https://www.youtube.com/embed/x\">"),
	S_INIT("<table><tr><td>"), S_INIT("<svg><style>"), S_INIT("&#0;"),
	S_INIT("&#x80;"), S_INIT("&bogus;"), S_INIT("\xef\xbf\xbe"),
	S_INIT("\xc2\x85"), S_INIT("\x01"), S_INIT("\xff"), S_INIT("\r"),
	S_INIT("\n\n"), S_INIT("\n---\n"), S_INIT("```"), S_INIT("> "),
	S_INIT("- "), S_INIT("[x]: http://e/"), S_INIT("](../a)"),
	S_INIT("![p](p.jpg)"), S_INIT("|"), S_INIT("\xe3\x80\x80"),
	S_INIT("Related links:\n"), S_INIT("Reporter | "), S_INIT("(Photo: "),
	S_INIT("<title>"), S_INIT("</article>"), S_INIT("<p style=x class=y>"),
};

uint64_t
gen_below(struct gen *g, uint64_t limit)
{
	/* splitmix64: every seed is a good one. */
	uint64_t z = g->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	z ^= z >> 31;
	return limit ? z % limit : 0;
}

static void
put_words(struct gen *g, struct buf *b, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++) {
		buf_put_byte(b, ' ');
		buf_put(b, words[gen_below(g, COUNT_OF(words))]);
	}
}

static struct slice
make_line(struct gen *g, struct arena *a, const char *first, uint64_t n)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(64 * 1024);

	buf_put_str(&b, first);
	put_words(g, &b, n);
	return arena_copy(a, buf_slice(&b));
}

void
gen_article(struct gen *g, struct arena *a, struct gen_article *ret)
{
	*ret = (struct gen_article){
		.title = make_line(g, a, "Report on", 1 + gen_below(g, 6)),
		.author = gen_below(g, 3) ? S("Ada Finch") : S(""),
	};
	ret->n_paragraphs = 1 + gen_below(g, PARAGRAPHS_MAX);
	ret->paragraphs = ARENA_ARRAY(a, struct slice, ret->n_paragraphs);
	for (size_t i = 0; i < ret->n_paragraphs; i++)
		ret->paragraphs[i] = make_line(g, a,
			openers[gen_below(g, COUNT_OF(openers))].ptr,
			8 + gen_below(g, WORDS_MAX));
	ret->n_related = gen_below(g, RELATED_MAX);
	ret->related = ARENA_ARRAY(a, struct slice, ret->n_related);
	for (size_t i = 0; i < ret->n_related; i++)
		ret->related[i] = make_line(g, a, "Earlier story",
			1 + gen_below(g, 3));
}

/* ---- writing it down ---- */

static void
write_text(const struct gen_article *art, struct buf *b)
{
	buf_put(b, art->title);
	for (size_t i = 0; i < art->n_paragraphs; i++) {
		buf_put_str(b, "\n\n");
		buf_put(b, art->paragraphs[i]);
	}
	if (art->n_related > 0)
		buf_put_str(b, "\n\nRelated links:");
	for (size_t i = 0; i < art->n_related; i++) {
		buf_put_str(b, "\n\n");
		buf_put(b, art->related[i]);
	}
	if (art->author.len > 0) {
		buf_put_str(b, "\n\nReporter | ");
		buf_put(b, art->author);
	}
	buf_put_byte(b, '\n');
}

/* Every sign of ASCII may be escaped, and then means itself. */
static void
put_markdown(struct buf *b, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (strchr("\\`*_{}[]()#+-.!<>&\"'|~$%,:;=?@^/", s.ptr[i]) &&
			s.ptr[i])
			buf_put_byte(b, '\\');
		buf_put_byte(b, s.ptr[i]);
	}
}

static void
put_quoted_yaml(struct buf *b, struct slice s)
{
	buf_put_byte(b, '"');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '"' || s.ptr[i] == '\\')
			buf_put_byte(b, '\\');
		buf_put_byte(b, s.ptr[i]);
	}
	buf_put_byte(b, '"');
}

static void
write_markdown(const struct gen_article *art, struct buf *b)
{
	buf_put_str(b, "---\ntitle: ");
	put_quoted_yaml(b, art->title);
	if (art->author.len > 0) {
		buf_put_str(b, "\nauthor: ");
		put_quoted_yaml(b, art->author);
	}
	for (size_t i = 0; i < art->n_related; i++) {
		buf_put_str(b, i == 0 ? "\nrelated:\n  - " : "\n  - ");
		put_quoted_yaml(b, art->related[i]);
	}
	buf_put_str(b, "\nlayout: post\n---\n");
	for (size_t i = 0; i < art->n_paragraphs; i++) {
		buf_put_byte(b, '\n');
		put_markdown(b, art->paragraphs[i]);
		buf_put_byte(b, '\n');
	}
}

static void
write_html(const struct gen_article *art, struct buf *b)
{
	buf_put_str(b, "<!DOCTYPE html>\n<html lang=\"en\"><head>"
		"<meta charset=\"utf-8\"><title>");
	buf_put_xml(b, art->title);
	buf_put_str(b, "</title></head>\n<body><nav><a href=\"/\">Home</a>"
		"</nav><article><h1>");
	buf_put_xml(b, art->title);
	buf_put_str(b, "</h1>\n");
	for (size_t i = 0; i < art->n_paragraphs; i++) {
		buf_put_str(b, "<p>");
		buf_put_xml(b, art->paragraphs[i]);
		buf_put_str(b, "</p>\n");
	}
	if (art->n_related > 0)
		buf_put_str(b, "<p>Related links:</p>\n<ul>");
	for (size_t i = 0; i < art->n_related; i++) {
		buf_put_str(b, "<li>");
		buf_put_xml(b, art->related[i]);
		buf_put_str(b, "</li>");
	}
	if (art->n_related > 0)
		buf_put_str(b, "</ul>\n");
	if (art->author.len > 0)
		buf_printf(b, "<p>Reporter | %.*s</p>\n", ARG(art->author));
	buf_put_str(b, "</article><footer>(c) 2024</footer></body></html>\n");
}

void
gen_write(const struct gen_article *art, enum gen_format f, struct buf *ret)
{
	static void (*const writers[])(const struct gen_article *,
		struct buf *) = {
		[GEN_TEXT] = write_text,
		[GEN_MARKDOWN] = write_markdown,
		[GEN_HTML] = write_html,
	};

	writers[f](art, ret);
}

struct slice
gen_ending(enum gen_format f)
{
	return f == GEN_TEXT ? S(".txt") : f == GEN_MARKDOWN ? S(".md") :
		S(".html");
}

/* ---- damage ---- */

static void
mutate_once(struct gen *g, struct buf *b, size_t limit)
{
	size_t at = gen_below(g, b->len + 1);
	struct slice bytes = buf_slice(b), new;
	struct buf next = BUF_INIT(limit);

	switch (gen_below(g, 5)) {
	case 0:
		b->ptr[at ? at - 1 : 0] ^= (char)(1 << gen_below(g, 8));
		return;
	case 1:
		buf_cut(b, at);
		return;
	case 2:
		new = slice_sub(bytes, at, at + gen_below(g, 400));
		break;
	default:
		new = harm[gen_below(g, COUNT_OF(harm))];
		break;
	}
	buf_put(&next, slice_sub(bytes, 0, at));
	buf_put(&next, new);
	buf_put(&next, slice_from(bytes, at));
	if (buf_ok(&next)) {
		buf_done(b);
		*b = next;
	} else {
		buf_done(&next);
	}
}

struct slice
gen_mutate(struct gen *g, struct slice bytes, struct arena *a)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(2 * bytes.len + 1024);
	uint64_t n = 1 + gen_below(g, MUTATIONS_MAX);

	buf_put(&b, bytes);
	for (uint64_t i = 0; i < n && b.len > 0; i++)
		mutate_once(g, &b, b.limit);
	return arena_copy(a, buf_slice(&b));
}
