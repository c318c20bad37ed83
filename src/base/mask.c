/*
 * Masking: tokens that stand in a text which is about to be logged.
 *
 * Nothing of ours logs an address with its query, or an Authorization field;
 * but messages of libraries, and of the system, may hold what a client sent.
 */
#include "base/mask.h"

static const struct slice openings[] = {
	S_INIT("token="), S_INIT("Authorization: Bearer "),
	S_INIT("Authorization: Basic "),
};

/* The byte behind an opening that begins at p; NULL: none does. */
static char *
opened(char *p)
{
	struct slice rest = slice_str(p);

	for (size_t i = 0; i < COUNT_OF(openings); i++)
		if (slice_starts_nocase(rest, openings[i]))
			return p + openings[i].len;
	return NULL;
}

void
mask_tokens(char *text)
{
	char *to = text, *behind;

	for (char *from = text; *from;) {
		size_t len;

		if (!strchr("tTaA", *from) || !(behind = opened(from))) {
			*to++ = *from++;
			continue;
		}
		len = strcspn(behind, "& \t\r\n\"'<>#;,");
		memmove(to, from, (size_t)(behind - from));
		to += behind - from;
		from = behind + len;
		/* Never longer than it was: it is done in place. */
		for (size_t i = 0; i < MIN(len, (size_t)3); i++)
			*to++ = '*';
	}
	*to = '\0';
}
