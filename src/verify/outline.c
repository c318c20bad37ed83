/*
 * An outline: what stands in a feed's document.
 */
#include "base/date.h"
#include "verify/outline.h"

int64_t
outline_date(struct slice s)
{
	/* The shortest that has one; a newsroom may leave more away. */
	return s.len < strlen("2024-05-15T08:00:00Z") ? OUTLINE_NO_DATE :
		date_parse_iso(s, 0);
}

struct outline_entry *
outline_add(struct outline *o, struct arena *a)
{
	o->list = ARENA_GROW(a, o->list, o->n);
	o->list[o->n] = (struct outline_entry){ .id = S(""),
		.published = OUTLINE_NOT_SAID, .updated = OUTLINE_NOT_SAID };
	return &o->list[o->n++];
}

int
outline_read(struct slice ending, struct slice bytes, struct arena *a,
	struct outline *ret, struct err *e)
{
	static const struct {
		struct slice ending;
		int (*read)(struct slice bytes, struct arena *a,
			struct outline *ret, struct err *e);
	} formats[] = {
		{ S_INIT("atom"), outline_atom },
		{ S_INIT("rss"), outline_rss },
		{ S_INIT("json"), outline_json },
	};

	for (size_t i = 0; i < COUNT_OF(formats); i++)
		if (slice_eq(ending, formats[i].ending))
			return formats[i].read(bytes, a, ret, e);
	return err_set(e, ERR_SYNTAX, "no second parser knows \"%.*s\"",
		ARG(ending));
}
