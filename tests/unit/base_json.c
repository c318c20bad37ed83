/*
 * JSON as it is written: jansson, which is strict, reads back what went in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/json_out.h"
#include "base/utf8.h"

static json_t *
parse(const struct buf *b)
{
	json_error_t why;
	json_t *root = json_loadb(b->ptr, b->len, JSON_REJECT_DUPLICATES,
		&why);

	if (!root)
		fail_msg("%s: %s", why.text, b->ptr);
	return root;
}

/* Forbidden in XML, and so nowhere. */
static bool
is_dropped(int32_t c)
{
	return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
		(c >= 0x7f && c < 0xa0) || (c >= 0xd800 && c < 0xe000) ||
		c == 0xfffe || c == 0xffff;
}

static void
every_character_comes_back(void **state)
{
	(void)state;
	for (int32_t c = 0; c < 0x11000; c++) {
		CLEANUP(buf_done) struct buf in = BUF_INIT(100);
		CLEANUP(buf_done) struct buf want = BUF_INIT(100);
		CLEANUP(buf_done) struct buf out = BUF_INIT(100);
		struct json_out j = JSON_OUT(&out);
		json_t *root;

		buf_put_byte(&in, 'a');
		utf8_put(&in, c);
		buf_put_byte(&in, 'z');
		buf_put_byte(&want, 'a');
		if (!is_dropped(c))
			utf8_put(&want, c);
		buf_put_byte(&want, 'z');
		json_out_open(&j, NULL, '[');
		json_out_text(&j, NULL, buf_slice(&in));
		json_out_close(&j, ']');
		root = parse(&out);
		assert_string_equal(json_string_value(json_array_get(root,
			0)), want.ptr);
		json_decref(root);
	}
}

static void
commas_stand_where_they_should(void **state)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1000);
	struct json_out j = JSON_OUT(&b);
	struct json_mark mark;

	(void)state;
	json_out_open(&j, NULL, '{');
	json_out_said(&j, "nothing", S(""));
	json_out_open(&j, "empty", '[');
	json_out_close(&j, ']');
	json_out_number(&j, "n", -7);
	mark = json_out_begin(&j, "gone", '{');
	json_out_end(&j, mark, '}');
	mark = json_out_begin(&j, "there", '[');
	json_out_text(&j, NULL, S("a"));
	json_out_text(&j, NULL, S("b"));
	json_out_end(&j, mark, ']');
	json_out_open(&j, "o", '{');
	json_out_text(&j, "k", S("v"));
	json_out_close(&j, '}');
	json_out_close(&j, '}');
	assert_string_equal(b.ptr, "{\"empty\":[],\"n\":-7,\"there\":"
		"[\"a\",\"b\"],\"o\":{\"k\":\"v\"}}");
	json_decref(parse(&b));
}

static void
what_is_left_out_first_leaves_no_comma(void **state)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1000);
	struct json_out j = JSON_OUT(&b);
	struct json_mark mark;

	(void)state;
	json_out_open(&j, NULL, '{');
	mark = json_out_begin(&j, "gone", '[');
	json_out_end(&j, mark, ']');
	json_out_number(&j, "n", 1);
	json_out_close(&j, '}');
	assert_string_equal(b.ptr, "{\"n\":1}");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character_comes_back),
		cmocka_unit_test(commas_stand_where_they_should),
		cmocka_unit_test(what_is_left_out_first_leaves_no_comma),
	};

	return cmocka_run_group_tests_name("base_json", tests, NULL, NULL);
}
