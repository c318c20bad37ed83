/*
 * An article, read from a text as from a file of some name.
 */
#include "read_kit.h"

struct arena arena;
struct article article;
struct err err;

int
reset(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

int
try_read(struct slice path, struct slice bytes)
{
	struct read_env env = { .path = path, .language = S("en"),
		.zone_minutes = 480,
		.base = S("https://www.example.org/articles/a") };

	article = (struct article){ 0 };
	err = (struct err){ 0 };
	return read_article(&env, bytes, &arena, &article, &err);
}

void
read_as(const char *path, const char *text)
{
	if (try_read(slice_str(path), slice_str(text)) < 0)
		fail_msg("%s: %s", text, err.text);
}
