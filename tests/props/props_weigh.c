/*
 * Is the weight of each text what it is said to be?
 *
 *	node tests/npm/weigh.mjs MODULES SEED COUNT | props_weigh
 *
 * Reads lines of a weight and a text in hexadecimal; prints those that are
 * wrong, and how many were right.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "push/weigh.h"

enum { WRONG_MAX = 20, TEXT_MAX = 64 * 1024 };

static int
digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

static void
decode(struct slice hex, struct buf *ret)
{
	buf_reset(ret);
	for (size_t i = 0; i + 1 < hex.len; i += 2)
		buf_put_byte(ret, (char)(digit(hex.ptr[i]) << 4 |
			digit(hex.ptr[i + 1])));
}

int
main(void)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(TEXT_MAX);
	char *line = NULL;
	size_t room = 0, right = 0, wrong = 0;
	ssize_t len;

	while (wrong < WRONG_MAX &&
		(len = getline(&line, &room, stdin)) > 0) {
		struct slice rest = slice_trim(slice(line, (size_t)len));
		struct slice weight;
		size_t got;

		slice_next_field(&rest, ' ', &weight);
		decode(rest, &text);
		got = weigh(buf_slice(&text));
		if ((int64_t)got == slice_number(weight, INT64_MAX)) {
			right++;
			continue;
		}
		wrong++;
		printf("%zu, not %.*s: \"%.*s\" %.*s\n", got, ARG(weight),
			ARG(buf_slice(&text)), ARG(rest));
	}
	free(line);
	printf("%zu right, %zu wrong\n", right, wrong);
	return wrong > 0;
}
