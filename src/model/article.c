/*
 * The words of an article's people, as they are published, and of what may be
 * taken along.
 */
#include "model/article.h"

const char *const syndication_words[] = {
	[SYNDICATION_UNSAID] = "default",
	[SYNDICATION_FULL] = "full",
	[SYNDICATION_TEXT_ONLY] = "text-only",
	[SYNDICATION_NONE] = "none",
	NULL,
};

const struct push_word *
fields_push(const struct fields *f, struct slice target)
{
	const struct push_word *all = NULL;

	for (size_t i = f->n_pushes; i > 0; i--) {
		const struct push_word *word = &f->pushes[i - 1];

		if (slice_eq(word->target, target))
			return word;
		if (!all && slice_eq(word->target, S("all")))
			all = word;
	}
	return all;
}

struct slice
role_word(enum person_role role)
{
	static const struct slice words[ROLE_COUNT] = {
		[ROLE_AUTHOR] = S_INIT("author"),
		[ROLE_EDITOR] = S_INIT("editor"),
		[ROLE_PHOTOGRAPHER] = S_INIT("photographer"),
		[ROLE_TRANSLATOR] = S_INIT("translator"),
		[ROLE_CONTRIBUTOR] = S_INIT("contributor"),
	};

	return words[role];
}
