/*
 * Uploads: remembered with the step that made them, by target, bytes and
 * purpose.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "outbox_kit.h"

static void
uploaded(int64_t id, const char *bytes, const char *purpose,
	const char *remote, int64_t expires)
{
	struct outbox_settled s = { .id = id, .now = BOX_NOW,
		.state = OUTBOX_READY, .due = BOX_NOW, .step = 1,
		.upload = { .purpose = slice_str(purpose),
			.hash = sha256_of(slice_str(bytes)),
			.remote = slice_str(remote), .expires = expires } };

	assert_true(box_start(id, true));
	box_settle(&s);
}

static void
it_is_there_with_its_step(void **state)
{
	(void)state;
	box_add(ARTICLE(1));
	assert_string_equal(box_uploads(BOX_WEB, "one", BOX_NOW), "");
	uploaded(1, "one", "image", "m1", 0);
	box_reopen();
	assert_string_equal(box_uploads(BOX_WEB, "one", BOX_NOW), "image m1");
	assert_int_equal(box_row(1).step, 1);
	/* Of other bytes, and to another target, it is not. */
	assert_string_equal(box_uploads(BOX_WEB, "two", BOX_NOW), "");
	assert_string_equal(box_uploads(BOX_HUB, "one", BOX_NOW), "");
}

static void
each_purpose_has_one(void **state)
{
	(void)state;
	box_add(ARTICLE(1));
	uploaded(1, "one", "image", "m1", 0);
	uploaded(1, "one", "cover", "m2", 0);
	uploaded(1, "two", "image", "m3", 0);
	assert_string_equal(box_uploads(BOX_WEB, "one", BOX_NOW),
		"cover m2 / image m1");
	uploaded(1, "one", "image", "m4", 0);
	assert_string_equal(box_uploads(BOX_WEB, "one", BOX_NOW),
		"cover m2 / image m4");
	/* The platform does not know it any more. */
	uploaded(1, "one", "image", "", 0);
	uploaded(1, "three", "image", "", 0);
	assert_string_equal(box_uploads(BOX_WEB, "one", BOX_NOW), "cover m2");
	assert_string_equal(box_uploads(BOX_WEB, "two", BOX_NOW), "image m3");
}

static void
it_is_over_when_it_expires(void **state)
{
	(void)state;
	box_add(ARTICLE(1));
	uploaded(1, "one", "image", "m1", BOX_NOW + 10);
	uploaded(1, "one", "cover", "m2", BOX_NOW + 20);
	uploaded(1, "one", "thumb", "m3", 0);
	assert_string_equal(box_uploads(BOX_WEB, "one", BOX_NOW + 9),
		"cover m2 / image m1 / thumb m3");
	assert_string_equal(box_uploads(BOX_WEB, "one", BOX_NOW + 10),
		"cover m2 / thumb m3");
	assert_int_equal(box_prune_uploads(BOX_NOW + 9, 10), 0);
	assert_int_equal(box_prune_uploads(BOX_NOW + 20, 1), 1);
	assert_int_equal(box_prune_uploads(BOX_NOW + 20, 10), 1);
	assert_string_equal(box_uploads(BOX_WEB, "one", 0), "thumb m3");
	assert_int_equal(box_prune_uploads(INT64_MAX, 10), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOX_TEST(it_is_there_with_its_step),
		BOX_TEST(each_purpose_has_one),
		BOX_TEST(it_is_over_when_it_expires),
	};

	return cmocka_run_group_tests_name("uploads", tests, NULL, NULL);
}
