/*
 * Names in a credit line.
 */
#include "base/fold.h"
#include "base/utf8.h"
#include "read/people.h"

enum {
	LIST_MAX = 1000,	/* bytes of a credit line's names */
	NAME_MAX = 80,		/* code points */
	NAME_WORDS_MAX = 8,
};

static bool
is_separator(int32_t c)
{
	return c == ',' || c == 0xff0c || c == 0x3001 || c == ';' ||
		c == 0xff1b || c == '/' || c == 0xff0f;
}

/* What stands in sentences and headlines, and never in a name. */
static bool
is_foreign(int32_t c)
{
	return c == '?' || c == '!' || c == ':' || c == '|' || c == '"' ||
		c == 0x3002 || c == 0xff1f || c == 0xff01 || c == 0xff1a ||
		c == 0xff5c || c == 0x201c;
}

/* Cut the next name off *rest.  It may be empty. */
static bool
next_name(struct slice *rest, struct slice *ret)
{
	struct slice s = *rest;
	size_t n;

	if (s.len == 0)
		return false;
	for (; s.len > 0; s = slice_from(s, n)) {
		if (slice_starts_nocase(s, S(" and "))) {
			n = 5;
			break;
		}
		if (is_separator(utf8_get(s, &n)))
			break;
	}
	*ret = slice_trim(slice(rest->ptr, rest->len - s.len));
	*rest = s.len > 0 ? slice_from(s, n) : s;
	if (slice_starts_nocase(*ret, S("and ")))
		*ret = slice_trim(slice_from(*ret, 4));
	return true;
}

static bool
name_plausible(struct slice name)
{
	size_t words = 1, glyphs = 0;
	struct slice rest = name;
	int32_t c;

	while ((c = utf8_next(&rest)) >= 0) {
		if (is_foreign(c))
			return false;
		words += utf8_is_space(c);
		glyphs++;
	}
	if (slice_ends(name, S(".")) && words > 4)
		return false;
	return glyphs <= NAME_MAX && words <= NAME_WORDS_MAX;
}

bool
people_plausible(struct slice list)
{
	struct slice name;

	if (list.len > LIST_MAX)
		return false;
	while (next_name(&list, &name))
		if (!name_plausible(name))
			return false;
	return true;
}

static bool
is_known(const struct article *art, struct slice name, enum person_role role)
{
	for (size_t i = 0; i < art->n_people; i++)
		if (art->people[i].role == role &&
			slice_eq(art->people[i].name, name))
			return true;
	return false;
}

static void
add_one(struct article *art, struct slice name, enum person_role role,
	struct arena *a)
{
	if (name.len == 0 || art->n_people == ARTICLE_PEOPLE_MAX ||
		is_known(art, name, role))
		return;
	art->people = ARENA_GROW(a, art->people, art->n_people);
	art->people[art->n_people++] = (struct person){ name, role };
}

/*
 * Chinese names can be listed with nothing but blanks, and a name of two
 * characters can be spread with one to the width of three.
 */
static bool
is_han_list(struct slice name)
{
	size_t run = 0;
	int32_t c;

	if (slice_find_byte(name, ' ') < 0)
		return false;
	while ((c = utf8_next(&name)) >= 0) {
		if (c == ' ' && run < 2)
			return false;
		if (c != ' ' && !utf8_is_han(c))
			return false;
		run = c == ' ' ? 0 : run + 1;
	}
	return run >= 2;
}

void
people_add(struct article *art, struct slice list, enum person_role role,
	struct arena *a)
{
	struct slice rest = fold_title(list, a), name, part;

	while (next_name(&rest, &name)) {
		if (!is_han_list(name)) {
			add_one(art, name, role, a);
			continue;
		}
		while (slice_next_field(&name, ' ', &part))
			add_one(art, part, role, a);
	}
}
