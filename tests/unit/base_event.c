/*
 * Unit tests of base/event: what lands on stderr, in each form.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/event.h"

static int saved = -1, captured = -1;
static char text[8192];

static void
capture(enum event_format format)
{
	event_setup(format);
	assert_int_equal(ftruncate(captured, 0), 0);
	assert_int_equal(lseek(captured, 0, SEEK_SET), 0);
	assert_true(dup2(captured, STDERR_FILENO) >= 0);
}

/* What was written since capture(). */
static const char *
release(void)
{
	ssize_t n;

	fflush(stderr);
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	n = pread(captured, text, sizeof(text) - 1, 0);
	assert_true(n >= 0);
	text[n] = '\0';
	return text;
}

static void
test_text(void **state)
{
	uint64_t before = event_count(EV_BATCH);

	(void)state;
	capture(EVENT_TEXT);
	event(EV_BATCH);
	event(EV_BATCH, F_NUM("files", -3), F_TEXT("path", S("a/b.txt")));
	assert_string_equal(release(), "gazetted: info: batch\n"
		"gazetted: info: batch files=-3 path=a/b.txt\n");
	assert_int_equal(event_count(EV_BATCH), before + 2);
}

/* A value from outside can neither end its line nor begin another field. */
static void
test_text_is_quoted(void **state)
{
	(void)state;
	capture(EVENT_TEXT);
	event(EV_ASIDE, F_TEXT("path", S("a b\nlevel=err \"x\"\\")),
		F_TEXT("why", S("")), F_TEXT("none", slice(NULL, 0)));
	assert_string_equal(release(), "gazetted: warning: file set aside "
		"path=\"a b level=err \\\"x\\\"\\\\\"\n");
}

static void
test_json(void **state)
{
	json_t *o;

	(void)state;
	capture(EVENT_JSON);
	event(EV_ASIDE, F_TEXT("path", S("\"\n\\")), F_NUM("n", 7),
		F_TEXT("bad", S("\xff")));
	o = json_loads(release(), 0, NULL);
	assert_non_null(o);
	assert_string_equal(json_string_value(json_object_get(o, "event")),
		"ASIDE");
	assert_string_equal(json_string_value(json_object_get(o, "level")),
		"warning");
	assert_string_equal(json_string_value(json_object_get(o, "path")),
		"\"\n\\");
	assert_non_null(json_object_get(o, "n"));
	assert_string_equal(json_string_value(json_object_get(o, "bad")),
		"(not UTF-8)");
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	json_decref(o);
}

static void
test_errors(void **state)
{
	struct err e = { 0 };

	(void)state;
	err_set(&e, ERR_IO, "cannot open it");
	capture(EVENT_TEXT);
	event_err(EV_ASIDE, "path", S("a"), &e);
	err_hint(&e, "Close it.");
	event_err(EV_ASIDE, "path", S("a"), &e);
	assert_string_equal(release(),
		"gazetted: warning: file set aside path=a "
		"why=\"cannot open it\"\n"
		"gazetted: warning: file set aside path=a "
		"why=\"cannot open it\" hint=\"Close it.\"\n");
}

static void
test_long_values_are_cut(void **state)
{
	char wide[3000];

	(void)state;
	memset(wide, 'w', sizeof(wide));
	capture(EVENT_TEXT);
	event(EV_ASIDE, F_TEXT("path", slice(wide, sizeof(wide))));
	assert_int_equal(strspn(strchr(release(), '=') + 1, "w"), 400);
}

static int
start(void **state)
{
	char path[] = "/tmp/gazetted-event-XXXXXX";

	(void)state;
	unsetenv("JOURNAL_STREAM");
	captured = mkostemp(path, O_CLOEXEC);
	saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	return captured < 0 || saved < 0 || unlink(path) < 0;
}

static int
stop(void **state)
{
	(void)state;
	close(captured);
	close(saved);
	return 0;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_is_quoted),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_long_values_are_cut),
	};

	return cmocka_run_group_tests_name("base_event", tests, start, stop);
}
