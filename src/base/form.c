/*
 * Forms: cut at "&", then at the first "=", then decoded.
 */
#include "base/form.h"
#include "base/uri.h"

/* "+" is a space, and the rest as in addresses. */
static int
decode(struct slice s, struct arena *a, struct slice *ret, struct err *e)
{
	struct slice copy = arena_copy(a, s);
	char *p = (char *)(uintptr_t)copy.ptr;

	for (size_t i = 0; i < copy.len; i++)
		if (p[i] == '+')
			p[i] = ' ';
	*ret = uri_decode(copy, a);
	if (!ret->ptr)
		return err_set(e, ERR_SYNTAX, "the form has a \"%%\" in it "
			"that is not followed by two digits of a byte");
	return 0;
}

static int
take_field(struct slice pair, struct arena *a, struct form_field *ret,
	struct err *e)
{
	ssize_t at = slice_find_byte(pair, '=');
	struct slice name = at < 0 ? pair : slice(pair.ptr, (size_t)at);
	struct slice value = at < 0 ? S("") :
		slice_from(pair, (size_t)at + 1);

	return decode(name, a, &ret->name, e) < 0 ||
		decode(value, a, &ret->value, e) < 0 ? -1 : 0;
}

int
form_parse(struct slice body, struct arena *a, struct form *ret,
	struct err *e)
{
	struct form f = { 0 };
	struct slice pair;

	while (slice_next_field(&body, '&', &pair)) {
		if (pair.len == 0)
			continue;
		if (f.n == FORM_FIELDS_MAX)
			return err_set(e, ERR_LIMIT, "the form has more than "
				"%d fields", FORM_FIELDS_MAX);
		f.list = ARENA_GROW(a, f.list, f.n);
		if (take_field(pair, a, &f.list[f.n++], e) < 0)
			return -1;
	}
	*ret = f;
	return 0;
}

size_t
form_find(const struct form *f, struct slice name, struct slice *ret)
{
	size_t n = 0;

	*ret = slice(NULL, 0);
	for (size_t i = 0; i < f->n; i++) {
		if (!slice_eq(f->list[i].name, name))
			continue;
		if (n++ == 0)
			*ret = f->list[i].value;
	}
	return n;
}
