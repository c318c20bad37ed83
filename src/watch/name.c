/*
 * Names: which directory entries are looked at, by their name alone.
 */
#include "watch/name.h"
#include "watch/watch.h"

/* One ending for each kind of file that a reader exists for. */
static const struct slice readable[] = {
	S_INIT(".txt"),
	S_INIT(".md"),
	S_INIT(".markdown"),
	S_INIT(".html"),
	S_INIT(".htm"),
};

static const struct slice leftovers[] = {
	S_INIT("~"),
	S_INIT(".swp"),
	S_INIT(".tmp"),
	S_INIT(".part"),
};

static bool
ends_nocase(struct slice s, struct slice end)
{
	return s.len >= end.len &&
		slice_eq_nocase(slice_from(s, s.len - end.len), end);
}

bool
name_is_ignored(struct slice name)
{
	if (name.len == 0 || name.ptr[0] == '.' || slice_eq(name, S("4913")))
		return true;
	for (size_t i = 0; i < COUNT_OF(leftovers); i++)
		if (ends_nocase(name, leftovers[i]))
			return true;
	return false;
}

bool
name_is_article(struct slice name)
{
	for (size_t i = 0; i < COUNT_OF(readable); i++)
		if (ends_nocase(name, readable[i]))
			return true;
	return false;
}

bool
watch_is_article_name(struct slice name)
{
	ssize_t slash = slice_rfind_byte(name, '/');

	name = slice_from(name, (size_t)(slash + 1));
	return !name_is_ignored(name) && name_is_article(name);
}
