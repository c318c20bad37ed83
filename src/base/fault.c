/*
 * Faults: everything that is wrong with files that people write.
 *
 * The excerpt is cut to a window around the fault and holds no control
 * character: a file cannot write to the operator's terminal through us.
 */
#include <stdarg.h>

#include "base/fault.h"
#include "base/utf8.h"

enum {
	WINDOW = 100,	/* code points of a line that are shown */
	BEFORE = 60,	/* of them, at most before the fault */
	LINE_LIMIT = 8 * 1024,
};

/* YAML's line breaks (libyaml counts these): CR, LF, CRLF, NEL, LS, PS. */
static bool
is_break(int32_t c)
{
	return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 ||
		c == 0x2029;
}

/* Cut a line off *rest, without its end. */
static struct slice
take_line(struct slice *rest)
{
	struct slice line = slice(rest->ptr, 0);
	size_t n;
	int32_t c;

	while ((c = utf8_get(*rest, &n)) >= 0 && !is_break(c)) {
		line.len += n;
		*rest = slice_from(*rest, n);
	}
	*rest = slice_from(*rest, n);
	if (c == '\r' && slice_starts(*rest, S("\n")))
		*rest = slice_from(*rest, 1);
	return line;
}

static struct slice
line_of(const struct place *at)
{
	struct slice rest = at->source->text;

	if (slice_starts(rest, S("\xef\xbb\xbf")))
		rest = slice_from(rest, 3);
	for (unsigned line = 1; line < at->line; line++)
		take_line(&rest);
	return take_line(&rest);
}

struct slice
place_text(const struct place *at)
{
	struct slice line = at->line ? line_of(at) : S("");

	return slice_from(line, utf8_first(line, at->column - 1).len);
}

/* Copy the line of the place, and draw the caret below. */
static void
set_excerpt(struct fault *fault, const struct place *at, struct arena *a)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(LINE_LIMIT);
	CLEANUP(buf_done) struct buf caret = BUF_INIT(LINE_LIMIT);
	struct slice line = line_of(at), head;
	size_t before = at->column - 1, skip = 0, pad, width;

	if (before > BEFORE && utf8_count(line) > WINDOW) {
		skip = before - BEFORE;
		line = slice_from(line, utf8_first(line, skip).len);
		buf_put_str(&text, "...");
	}
	line = utf8_first(line, WINDOW);
	utf8_put_shown(&text, line);
	head = utf8_first(line, before - skip);
	pad = utf8_cells(head) + (skip ? 3 : 0);
	width = utf8_cells(utf8_first(slice_from(line, head.len),
		at->width));
	while (pad-- > 0)
		buf_put_byte(&caret, ' ');
	buf_put_byte(&caret, '^');
	while (width-- > 1)
		buf_put_byte(&caret, '~');
	fault->excerpt = arena_copy(a, buf_slice(&text));
	fault->caret = arena_copy(a, buf_slice(&caret));
}

static struct slice PRINTF_LIKE(2, 0)
shown_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(LINE_LIMIT);

	utf8_put_shown(&b, arena_vprintf(a, fmt, ap));
	return arena_copy(a, buf_slice(&b));
}

void
fault_add(struct faults *f, const struct place *at, const char *fmt, ...)
{
	struct fault *fault;
	va_list ap;

	if (f->n == FAULTS_MAX) {
		f->dropped++;
		return;
	}
	f->list = ARENA_GROW(&f->arena, f->list, f->n);
	fault = &f->list[f->n++];
	*fault = (struct fault){ .order = at->source->order,
		.line = at->line, .column = at->column };
	fault->path = arena_copy(&f->arena,
		slice_str(at->source->path)).ptr;
	if (at->line > 0)
		set_excerpt(fault, at, &f->arena);
	va_start(ap, fmt);
	fault->text = shown_vprintf(&f->arena, fmt, ap);
	va_end(ap);
}

void
fault_hint(struct faults *f, const char *fmt, ...)
{
	va_list ap;

	if (f->dropped > 0 || f->n == 0)
		return;
	va_start(ap, fmt);
	f->list[f->n - 1].hint = shown_vprintf(&f->arena, fmt, ap);
	va_end(ap);
}

void
fault_add_err(struct faults *f, const struct place *at, const struct err *e)
{
	fault_add(f, at, "%s", e->text);
	if (e->hint[0])
		fault_hint(f, "%s", e->hint);
}

static bool
is_before(const struct fault *a, const struct fault *b)
{
	if (a->order != b->order)
		return a->order < b->order;
	if (a->line != b->line)
		return a->line < b->line;
	return a->column < b->column;
}

/* Insertion keeps the order of equals; there are few, and most are sorted. */
void
faults_sort(struct faults *f)
{
	for (size_t i = 1; i < f->n; i++) {
		struct fault fault = f->list[i];
		size_t k = i;

		for (; k > 0 && is_before(&fault, &f->list[k - 1]); k--)
			f->list[k] = f->list[k - 1];
		f->list[k] = fault;
	}
}

void
fault_put(const struct fault *fault, struct buf *b)
{
	buf_put_str(b, fault->path);
	if (fault->line > 0)
		buf_printf(b, ":%u:%u", fault->line, fault->column);
	buf_printf(b, ": error: %.*s\n", ARG(fault->text));
	if (fault->excerpt.len > 0)
		buf_printf(b, "  %.*s\n  %.*s\n", ARG(fault->excerpt),
			ARG(fault->caret));
	if (fault->hint.len > 0)
		buf_printf(b, "  hint: %.*s\n", ARG(fault->hint));
}

void
faults_put(const struct faults *f, struct buf *b)
{
	for (size_t i = 0; i < f->n; i++)
		fault_put(&f->list[i], b);
	if (f->dropped > 0)
		buf_printf(b, "and %zu more faults\n", f->dropped);
}

void
faults_done(struct faults *f)
{
	arena_done(&f->arena);
	*f = (struct faults){ 0 };
}
