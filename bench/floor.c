/*
 * The floor: what no program that makes these feeds can be faster than.
 *
 * It reads every article, escapes those that a feed wants, and writes the
 * feeds.  A plan tells it which go where, so it finds no series, matches no
 * topic, keeps no store, compresses nothing: what gazetted takes beyond this
 * is the price of those.
 *
 *     floor PLAN CONTENT OUT
 *
 * 1. Every byte of every article is read, wanted or not.
 * 2. An article is escaped once, in however many feeds it stands.
 * 3. A feed takes its place by rename(2), as gazetted's do.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"

enum {
	PLAN_MAX = 256 * 1024 * 1024,
	ARTICLE_MAX = 4 * 1024 * 1024,
	FEED_MAX = 64 * 1024 * 1024,
	ARTICLES_MAX = 10 * 1000 * 1000,
};

struct piece {
	struct slice path;	/* ends in NUL */
	struct slice entry;	/* escaped; empty when no feed wants it */
	bool wanted;
};

struct document {
	struct slice path;	/* ends in NUL */
	struct slice title;
	struct slice members;	/* numbers of articles, newest first */
};

struct plan {
	struct arena arena;
	struct piece *pieces;
	size_t n_pieces;
	struct document *documents;
	size_t n_documents;
};

static void
plan_done(struct plan *p)
{
	arena_done(&p->arena);
}

/* The next member's number cut off *rest; false at the end. */
static bool
member_next(const struct plan *p, struct slice *rest, size_t *ret)
{
	struct slice word;
	int64_t number;

	if (!slice_next_field(rest, ' ', &word))
		return false;
	number = slice_number(word, ARTICLES_MAX);
	CHECK(number >= 0 && (size_t)number < p->n_pieces);
	*ret = (size_t)number;
	return true;
}

static void
plan_add(struct plan *p, struct slice line)
{
	struct slice kind = S("");
	struct document d = { 0 };

	slice_next_field(&line, '\t', &kind);
	if (slice_eq(kind, S("article"))) {
		p->pieces = ARENA_GROW(&p->arena, p->pieces, p->n_pieces);
		p->pieces[p->n_pieces++] =
			(struct piece){ .path = arena_copy(&p->arena, line) };
		return;
	}
	slice_next_field(&line, '\t', &d.path);
	d.path = arena_copy(&p->arena, d.path);
	slice_next_field(&line, '\t', &d.title);
	d.members = line;
	p->documents = ARENA_GROW(&p->arena, p->documents, p->n_documents);
	p->documents[p->n_documents++] = d;
}

static void
plan_mark_wanted(struct plan *p)
{
	size_t i, number;

	for (i = 0; i < p->n_documents; i++) {
		struct slice rest = p->documents[i].members;

		while (member_next(p, &rest, &number))
			p->pieces[number].wanted = true;
	}
}

static int
plan_read(const char *path, struct plan *p, struct err *e)
{
	struct slice text, line;

	if (file_read(AT_FDCWD, path, PLAN_MAX, &p->arena, &text, e) < 0)
		return err_in(e, "reading the plan");
	while (slice_next_line(&text, &line))
		plan_add(p, line);
	plan_mark_wanted(p);
	return 0;
}

/* One paragraph a line, as HTML inside XML: escaped twice. */
static void
put_paragraph(struct buf *out, struct slice line)
{
	CLEANUP(buf_done) struct buf html = BUF_INIT(ARTICLE_MAX);

	buf_put_xml(&html, line);
	buf_put_str(out, "&lt;p&gt;");
	buf_put_xml(out, buf_slice(&html));
	buf_put_str(out, "&lt;/p&gt;\n");
}

static void
put_entry(struct buf *out, struct slice text)
{
	struct slice line = S("");

	slice_next_line(&text, &line);
	buf_put_str(out, "<entry><title>");
	buf_put_xml(out, line);
	buf_put_str(out, "</title><content type=\"html\">");
	while (slice_next_line(&text, &line))
		if (line.len > 0)
			put_paragraph(out, line);
	buf_put_str(out, "</content></entry>\n");
}

static int
pieces_read(struct plan *p, int content, struct err *e)
{
	CLEANUP(arena_done) struct arena scratch = { 0 };
	CLEANUP(buf_done) struct buf entry = BUF_INIT(ARTICLE_MAX);
	struct slice text;
	size_t i;

	for (i = 0; i < p->n_pieces; i++) {
		arena_reset(&scratch);
		if (file_read(content, p->pieces[i].path.ptr, ARTICLE_MAX,
				&scratch, &text, e) < 0)
			return err_in(e, "reading an article");
		if (!p->pieces[i].wanted)
			continue;
		buf_reset(&entry);
		put_entry(&entry, text);
		p->pieces[i].entry = arena_copy(&p->arena, buf_slice(&entry));
	}
	return 0;
}

static int
document_write(const struct plan *p, const struct document *d, int out,
	struct buf *b, struct err *e)
{
	struct slice rest = d->members;
	size_t number;

	buf_reset(b);
	buf_put_str(b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		"<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>");
	buf_put_xml(b, d->title);
	buf_put_str(b, "</title>\n");
	while (member_next(p, &rest, &number))
		buf_put(b, p->pieces[number].entry);
	buf_put_str(b, "</feed>\n");
	CHECK(buf_ok(b));
	return file_replace(out, d->path.ptr, buf_slice(b), -1, e);
}

static int
floor_run(char **args, struct err *e)
{
	CLEANUP(plan_done) struct plan p = { 0 };
	CLEANUP(buf_done) struct buf b = BUF_INIT(FEED_MAX);
	CLEANUP(fd_close) int content = open(args[1], O_DIRECTORY | O_RDONLY);
	CLEANUP(fd_close) int out = open(args[2], O_DIRECTORY | O_RDONLY);
	size_t i;

	if (content < 0 || out < 0)
		return err_set(e, ERR_IO, "cannot open a directory: %m");
	if (plan_read(args[0], &p, e) < 0 || pieces_read(&p, content, e) < 0)
		return -1;
	for (i = 0; i < p.n_documents; i++)
		if (document_write(&p, &p.documents[i], out, &b, e) < 0)
			return err_in(e, "writing a feed");
	return 0;
}

int
main(int argc, char **argv)
{
	struct err e = { 0 };

	if (argc != 4) {
		fprintf(stderr, "usage: floor PLAN CONTENT OUT\n");
		return 2;
	}
	if (floor_run(argv + 1, &e) == 0)
		return 0;
	fprintf(stderr, "floor: %s\n", e.text);
	return 1;
}
