/*
 * What the JSON of an answer says, whatever it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "assert_slice.h"
#include "push/reply.h"

static const struct {
	const char *body, *path, *text;
	int64_t number;
} rows[] = {
	{ "{\"data\":{\"id\":\"12\"}}", "data.id", "12", 12 },
	{ "{\"data\":{\"id\":12}}", "data.id", "12", 12 },
	{ "{\"data\":{\"id\":-12}}", "data.id", "-12", -12 },
	{ "{\"errors\":[{\"code\":1},{\"code\":187}]}", "errors.1.code",
		"187", 187 },
	{ "[{\"a\":\"b\"}]", "0.a", "b", -1 },
	{ "\"\xe6\xa1\xa5\"", "", "\xe6\xa1\xa5", -1 },
	/* What is not there, or is something else. */
	{ "{\"data\":{\"id\":\"12\"}}", "data.name", "", -1 },
	{ "{\"data\":{\"id\":\"12\"}}", "data", "", -1 },
	{ "{\"data\":[]}", "data.0.id", "", -1 },
	{ "{\"data\":[1]}", "data.99999999999999999999", "", -1 },
	{ "{\"data\":[1]}", "data.-1", "", -1 },
	{ "{\"data\":null}", "data.id", "", -1 },
	{ "{\"id\":1.5}", "id", "", -1 },
	{ "{\"id\":true}", "id", "", -1 },
	{ "{\"id\":\"1x\"}", "id", "1x", -1 },
	{ "{\"id\":\"\"}", "id", "", -1 },
	{ "{\"id\":1e400}", "id", "", -1 },
	{ "{\"id\":99999999999999999999}", "id", "", -1 },
	{ "{\"a\\u0000b\":\"x\"}", "a", "", -1 },
	{ "{\"id\":\"a", "id", "", -1 },
	{ "{\"id\":\"1\"} and more", "id", "", -1 },
	{ "\xff\xfe", "id", "", -1 },
	{ "", "id", "", -1 },
};

static void
what_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP(arena_done) struct arena a = { 0 };
		struct response r = { .body = slice_str(rows[i].body) };
		json_auto_t *said = reply_json(&r);
		struct slice text = slice_str(rows[i].text);

		assert_slice(reply_text(said, rows[i].path, &a),
			rows[i].text);
		assert_int_equal(reply_number(said, rows[i].path, -1),
			rows[i].number);
		if (text.len > 0 && json_is_string(reply_at(said,
			rows[i].path)))
			assert_true(reply_is(said, rows[i].path, text));
		assert_false(reply_is(said, rows[i].path, S("other")));
	}
}

/* As deep as a peer likes: that is no JSON to us. */
static void
depth_is_limited(void **state)
{
	static char deep[200 * 1000];
	struct response r = { .body = { deep, sizeof(deep) } };

	(void)state;
	memset(deep, '[', sizeof(deep));
	assert_null(reply_json(&r));
	assert_null(reply_at(NULL, "a.b"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said),
		cmocka_unit_test(depth_is_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
