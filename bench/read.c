/*
 * Reading: articles per second on one core, for each format, beside what no
 * reader can be faster than.
 *
 *     read [MILLISECONDS]
 *
 * All take turns in one run, on one article of newspaper length: its bytes are
 * copied (memcpy), parsed with nothing done about it (md4c, libxml2's HTML SAX
 * parser), and read by gazetted.  Trust the ratios.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <libxml/HTMLparser.h>
#include <md4c.h>

#include "base/buf.h"
#include "read/read.h"

enum { PARAGRAPHS = 9, ROUND_MS = 400, ROUNDS = 5, BATCH = 50 };

static const char sentence[] = "A region grows for a while by adding more of "
	"what it already has, and then the additions bring less & less, so "
	"that growth has to come from doing things differently. ";

struct form {
	const char *name;
	const char *path;	/* of what gazetted reads; NULL: a floor */
	void (*run)(const struct form *f);
	struct slice bytes;
	double best;	/* articles a second */
};

static volatile size_t sink;

/* ---- the article ---- */

static void
put_text(struct buf *b, const char *open, const char *close)
{
	for (int i = 0; i < PARAGRAPHS; i++)
		buf_printf(b, "%s%s%s%s", open, sentence, sentence, close);
}

static struct slice
make_text(struct buf *b)
{
	buf_put_str(b, "Small Wonders ② | The clip\n\n");
	put_text(b, "", "\n\n");
	buf_put_str(b, "Reporter | Ada Finch\n");
	return buf_slice(b);
}

static struct slice
make_markdown(struct buf *b)
{
	buf_put_str(b, "# Small Wonders ② | The clip\n\n");
	put_text(b, "Some *words* and [a link](/x). ", "\n\n");
	buf_put_str(b, "Reporter | Ada Finch\n");
	return buf_slice(b);
}

static struct slice
make_html(struct buf *b)
{
	buf_put_str(b, "<!DOCTYPE html><html lang=en><head><title>T</title>"
		"</head><body><nav><ul><li>Home</ul></nav><article>"
		"<h1>Small Wonders ② | The clip</h1>");
	put_text(b, "<p>Some <em>words</em> and <a href=\"/x\">a link</a>. ",
		"</p>\n");
	buf_put_str(b, "<p>Reporter | Ada Finch</p></article></body></html>");
	return buf_slice(b);
}

/* ---- what is measured ---- */

static void
run_copy(const struct form *f)
{
	char *copy = x_malloc(f->bytes.len);

	memcpy(copy, f->bytes.ptr, f->bytes.len);
	sink += (size_t)copy[f->bytes.len / 2];
	free(copy);
}

static int
on_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
	(void)type;
	(void)detail;
	(void)ctx;
	return 0;
}

static int
on_span(MD_SPANTYPE type, void *detail, void *ctx)
{
	(void)type;
	(void)detail;
	(void)ctx;
	return 0;
}

static int
on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE len, void *ctx)
{
	(void)type;
	(void)text;
	(void)ctx;
	sink += len;
	return 0;
}

static void
run_md4c(const struct form *f)
{
	const MD_PARSER parser = { .flags = MD_DIALECT_GITHUB,
		.enter_block = on_block, .leave_block = on_block,
		.enter_span = on_span, .leave_span = on_span,
		.text = on_text };

	CHECK(md_parse(f->bytes.ptr, (MD_SIZE)f->bytes.len, &parser,
		NULL) == 0);
}

static void
on_open(void *ctx, const xmlChar *name, const xmlChar **attributes)
{
	(void)ctx;
	(void)attributes;
	sink += name[0];
}

static void
on_characters(void *ctx, const xmlChar *text, int len)
{
	(void)ctx;
	(void)text;
	sink += (size_t)len;
}

static void
run_libxml2(const struct form *f)
{
	htmlSAXHandler sax = { .startElement = on_open,
		.characters = on_characters };
	htmlParserCtxtPtr ctxt = htmlCreatePushParserCtxt(&sax, NULL,
		f->bytes.ptr, (int)f->bytes.len, NULL,
		XML_CHAR_ENCODING_UTF8);

	CHECK(ctxt);
	htmlParseChunk(ctxt, NULL, 0, 1);
	htmlFreeParserCtxt(ctxt);
}

static void
run_reader(const struct form *f)
{
	static struct arena a;
	struct read_env env = { .path = slice_str(f->path),
		.language = S("en"), .base = S("https://www.example.org/a") };
	struct article art = { 0 };
	struct err e = { 0 };

	CHECK(read_article(&env, f->bytes, &a, &art, &e) == 0);
	sink += art.html.len;
	arena_reset(&a);
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
measure(struct form *f, double limit)
{
	double from = seconds(), took;
	size_t n = 0;

	do {
		for (int i = 0; i < BATCH; i++)
			f->run(f);
		n += BATCH;
		took = seconds() - from;
	} while (took < limit);
	f->best = MAX(f->best, (double)n / took);
}

int
main(int argc, char **argv)
{
	int64_t ms = argc > 1 ? slice_number(slice_str(argv[1]), 60000) :
		ROUND_MS;
	struct buf bufs[3] = { BUF_INIT(1 << 16), BUF_INIT(1 << 16),
		BUF_INIT(1 << 16) };
	struct slice text = make_text(&bufs[0]);
	struct slice markdown = make_markdown(&bufs[1]);
	struct slice html = make_html(&bufs[2]);
	struct form forms[] = {
		{ "text: memcpy", NULL, run_copy, text, 0 },
		{ "text: gazetted", "a.txt", run_reader, text, 0 },
		{ "Markdown: md4c", NULL, run_md4c, markdown, 0 },
		{ "Markdown: gazetted", "a.md", run_reader, markdown, 0 },
		{ "HTML: libxml2 SAX", NULL, run_libxml2, html, 0 },
		{ "HTML: gazetted", "a.html", run_reader, html, 0 },
	};

	if (ms <= 0) {
		fprintf(stderr, "usage: read [MILLISECONDS]\n");
		return 2;
	}
	for (int round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < COUNT_OF(forms); i++)
			measure(&forms[i], (double)ms / 1000);
	for (size_t i = 0; i < COUNT_OF(forms); i++)
		printf("%-20s %9.0f articles/s %7.1f MB/s  %.2f of the "
			"floor\n", forms[i].name, forms[i].best,
			forms[i].best * (double)forms[i].bytes.len / 1e6,
			forms[i].best / forms[i & ~(size_t)1].best);
	for (size_t i = 0; i < COUNT_OF(bufs); i++)
		buf_done(&bufs[i]);
	return 0;
}
