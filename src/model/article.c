/*
 * The words of an article's people, as they are published.
 */
#include "model/article.h"

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
