/*
 * What stands on the other end of standard output.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/utf8.h"
#include "ctl/terminal.h"

enum { LINE_MAX_BYTES = 64 * 1024, WIDTH_DEFAULT = 80, WIDTH_MAX = 10000 };

static size_t
ask_width(void)
{
	int64_t columns = slice_number(slice_str(getenv("COLUMNS")),
		WIDTH_MAX);
	struct winsize size;

	if (columns > 0)
		return (size_t)columns;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return WIDTH_DEFAULT;
}

void
terminal_get(struct terminal *ret)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");

	*ret = (struct terminal){ 0 };
	if (!isatty(STDOUT_FILENO))
		return;
	ret->width = ask_width();
	ret->colour = (!no_colour || !no_colour[0]) && term &&
		!slice_eq(slice_str(term), S("dumb"));
}

void
terminal_put(const struct terminal *t, enum style style, struct slice s)
{
	static const char *const codes[] = { [STYLE_PLAIN] = "",
		[STYLE_GOOD] = "32", [STYLE_BAD] = "31", [STYLE_HEAD] = "1",
		[STYLE_QUIET] = "2" };
	CLEANUP(buf_done) struct buf shown = BUF_INIT(LINE_MAX_BYTES);
	bool colour = t->colour && style != STYLE_PLAIN;

	utf8_put_shown(&shown, s);
	if (colour)
		printf("\033[%sm", codes[style]);
	printf("%.*s", ARG(buf_slice(&shown)));
	if (colour)
		printf("\033[0m");
}

void
terminal_head(const struct terminal *t, struct slice title)
{
	putchar('\n');
	terminal_put(t, STYLE_HEAD, title);
	putchar('\n');
}

void
terminal_note(const struct terminal *t, enum style style, const char *s)
{
	if (!s[0])
		return;
	printf("  ");
	terminal_put(t, style, slice_str(s));
	putchar('\n');
}
