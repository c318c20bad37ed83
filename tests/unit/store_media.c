/*
 * Rows of media: what an article shows, what it waits for, who doubts whom,
 * and which pictures nobody names any more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "store_kit.h"

/* One file through the store; its media and what it looked for are given. */
static void
pass(struct kit_batch *b, const struct piece *p, enum file_kind kind,
	struct media *media, struct sighting *wanted)
{
	struct item *i;

	kit_fill(b, p, 1);
	i = &b->batch.items[0];
	i->kind = kind;
	if (kind != FILE_ARTICLE)
		i->article = NULL;
	if (media) {
		i->article->media = media;
		i->article->n_media = 1;
	}
	i->sightings = wanted;
	i->n_sightings = wanted != NULL;
	kit_submit(&kit, b);
	kit_wait(&kit, b);
	assert_int_equal(b->job.failed.kind, ERR_NONE);
}

static void
save(const char *path, enum article_change change, struct media *media,
	struct sighting *wanted)
{
	struct piece p = { .path = path, .title = path, .date = 1000,
		.change = change };
	struct kit_batch b = { 0 };

	pass(&b, &p, FILE_ARTICLE, media, wanted);
	kit_done(&b);
}

static bool
is_used(const char *name)
{
	struct store_reader *r = store_sqlite.reader_take(kit.store);
	struct err e;
	bool used;

	assert_int_equal(store_sqlite.media_used(r, slice_str(name), &used,
		&e), 0);
	store_sqlite.reader_give(kit.store, r);
	return used;
}

static struct media bridge = { .kind = MEDIA_IMAGE, .path = S_INIT("a.jpg"),
	.name = S_INIT("11.jpg"), .type = S_INIT("image/jpeg"), .size = 7,
	.width = 2, .height = 3, .alt = S_INIT("alt"),
	.caption = S_INIT("caption"), .credit = S_INIT("Ada"),
	.licence = S_INIT("https://l/"), .shown = true };

static void
media_come_back_as_they_were_stored(void **state)
{
	struct sighting late = { .path = S_INIT("img/late.png") };
	struct entry e;

	(void)state;
	save("a.txt", CHANGE_NEW, &bridge, &late);
	e = kit_entry(&kit, "a.txt");
	assert_int_equal(e.n_media, 1);
	assert_true(slice_eq(e.media[0].name, bridge.name));
	assert_true(slice_eq(e.media[0].licence, bridge.licence));
	assert_int_equal(e.media[0].width, 2);
	assert_true(e.media[0].shown);
	assert_string_equal(kit_sql(&kit, "SELECT count(*) FROM media"), "2");
}

static void
a_picture_doubts_who_names_it(void **state)
{
	static const char *const paths[] = { "a.jpg", "img/late.png" };
	struct sighting late = { .path = S_INIT("img/late.png") };

	(void)state;
	save("a.txt", CHANGE_NEW, &bridge, &late);
	for (size_t k = 0; k < COUNT_OF(paths); k++) {
		struct piece p = { .path = paths[k], .title = "-",
			.fate = ITEM_ASIDE };
		struct kit_batch b = { 0 };

		pass(&b, &p, FILE_PICTURE, NULL, NULL);
		assert_int_equal(b.batch.n_doubted, 1);
		assert_true(slice_eq(b.batch.doubted[0], S("a.txt")));
		assert_string_equal(kit_sql(&kit, "SELECT hash FROM file"
			" WHERE path = 'a.txt'"), "0");
		kit_done(&b);
	}
}

static void
what_nobody_names_is_an_orphan(void **state)
{
	struct piece gone = { .path = "a.txt", .fate = ITEM_GONE,
		.change = CHANGE_WITHDRAW };
	struct kit_batch b = { 0 };

	(void)state;
	save("a.txt", CHANGE_NEW, &bridge, NULL);
	save("b.txt", CHANGE_NEW, &bridge, NULL);
	pass(&b, &gone, FILE_ARTICLE, NULL, NULL);
	assert_int_equal(b.batch.n_orphans, 1);
	assert_true(slice_eq(b.batch.orphans[0], bridge.name));
	kit_done(&b);
	assert_true(is_used("11.jpg"));
	save("b.txt", CHANGE_UPDATE, NULL, NULL);
	assert_false(is_used("11.jpg"));
	assert_false(is_used(""));
	assert_int_equal(kit_entry(&kit, "b.txt").n_media, 0);
}

#define TEST(name) KIT_TEST(name)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(media_come_back_as_they_were_stored),
		TEST(a_picture_doubts_who_names_it),
		TEST(what_nobody_names_is_an_orphan),
	};

	return cmocka_run_group_tests_name("store_media", tests, NULL, NULL);
}
