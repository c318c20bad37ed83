/*
 * Fuzz target: any bytes as what a request shows to be let in.
 *
 * The first line is the Authorization field, the rest the argument.  A token is
 * no longer than what it stands in; a masked text is no longer than it was,
 * and nothing in it is left to mask.
 */
#include <stdlib.h>

#include "base/mask.h"
#include "feed/changes.h"
#include "serve/credential.h"
#include "fuzz.h"

static void
check_mask(struct slice s)
{
	char *once = x_malloc(s.len + 1), *twice;
	size_t len;

	memcpy(once, s.ptr, s.len);
	once[s.len] = '\0';
	len = strlen(once);
	mask_tokens(once);
	CHECK(strlen(once) <= len);
	twice = x_strdup(once);
	mask_tokens(twice);
	CHECK(strcmp(once, twice) == 0);
	free(once);
	free(twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice rest = slice((const char *)bytes, len), line;
	struct slice token;

	check_mask(rest);
	if (!slice_next_field(&rest, '\n', &line))
		return 0;
	token = credential_token(line, rest, &a);
	CHECK(token.len <= MAX(line.len, rest.len));
	CHECK(changes_cursor(rest, S("ab12")) >= -1);
	return 0;
}
