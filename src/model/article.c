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
