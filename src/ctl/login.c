/*
 * Logging in for a target.
 *
 * What is brought is read from standard input, for an argument would stand in
 * the list of processes and in the shell's history.
 */
#include <stdio.h>
#include <stdlib.h>

#include "ctl/login.h"
#include "ctl/show_push.h"
#include "ctl/words.h"

enum { BROUGHT_MAX = 16 * 1024 };

/* For people, so that with --json standard output is the answer alone. */
static void
tell_address(const json_t *first)
{
	fprintf(stderr, "Open this address in a browser, log in there as the "
		"account that is to be\nwritten to, and say yes:\n\n  %s\n\n"
		"Then copy the whole address that it leads to (it does not "
		"matter that the page\nis not found), and paste it here, "
		"within %d minutes:\n", word_text(first, "url"),
		(int)word_number(first, "minutes"));
}

/* A line of standard input; NULL: there is none. */
static char *
read_brought(char *ret, size_t size)
{
	size_t len;

	if (!fgets(ret, (int)size, stdin))
		return NULL;
	len = strcspn(ret, "\r\n");
	ret[len] = '\0';
	return len > 0 ? ret : NULL;
}

static int
bring(const struct options *o, const char *name)
{
	char text[BROUGHT_MAX];
	struct err e;
	json_t *request, *answer;
	int code;

	if (!read_brought(text, sizeof(text))) {
		err_set(&e, ERR_SYNTAX, "nothing was brought");
		err_hint(&e, "Say \"gazettectl target auth %s\" again.", name);
		return ask_fail(o, CONTROL_USAGE, &e);
	}
	request = ask_make("target auth", name);
	json_object_set_new(request, "brought", json_string(text));
	explicit_bzero(text, sizeof(text));
	code = ask_courier(o, request, &answer);
	return code == CONTROL_OK ? ask_show(o, answer, show_login) : code;
}

int
login_target(const struct options *o, const char *name)
{
	json_t *first;
	int code = ask_courier(o, ask_make("target auth", name), &first);

	if (code != CONTROL_OK)
		return code;
	tell_address(first);
	json_decref(first);
	return bring(o, name);
}
