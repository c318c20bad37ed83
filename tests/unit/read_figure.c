/*
 * Unit tests of figures: which pictures, in which order, with which words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "read/figure.h"

struct fixture {
	struct arena arena;
	struct article article;
	struct read_env env;
};

/* Every "*.png" is there; what begins alike has the same bytes. */
static bool
picture(void *ctx, struct slice rel, struct arena *a, struct media *ret,
	struct slice *address)
{
	(void)ctx;
	if (!slice_ends(rel, S(".png")))
		return false;
	*ret = (struct media){ .kind = MEDIA_IMAGE, .width = 4, .height = 3,
		.path = arena_printf(a, "2024/%.*s", ARG(rel)),
		.name = arena_printf(a, "%.2s.png", rel.ptr) };
	*address = arena_printf(a, "http://x/%.*s", ARG(ret->name));
	return true;
}

static int
setup(void **state)
{
	struct fixture *f = x_calloc(1, sizeof(*f));

	f->env.picture = picture;
	f->article.title = S("A \"bridge\"");
	f->article.html = S("<p>One.</p>\n<p>Two.</p>");
	f->article.lang = S("en");
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	arena_done(&f->arena);
	free(f);
	return 0;
}

static void
add(struct fixture *f, struct media m)
{
	struct article *art = &f->article;

	art->media = ARENA_GROW(&f->arena, art->media, art->n_media);
	art->media[art->n_media++] = m;
}

static void
add_photographer(struct fixture *f, const char *name)
{
	struct article *art = &f->article;

	art->people = ARENA_GROW(&f->arena, art->people, art->n_people);
	art->people[art->n_people++] = (struct person){ slice_str(name),
		ROLE_PHOTOGRAPHER };
}

static void
place(struct fixture *f, const char *a, const char *b)
{
	struct slice names[] = { slice_str(a), slice_str(b) };

	figure_place(&f->env, names, b ? 2 : a ? 1 : 0, &f->arena,
		&f->article);
}

static void
expect(struct fixture *f, const char *html)
{
	assert_string_equal(arena_copy(&f->arena, f->article.html).ptr, html);
}

static void
test_nothing_changes_nothing(void **state)
{
	struct fixture *f = *state;
	const char *html = f->article.html.ptr;

	add_photographer(f, "Ada");
	place(f, NULL, NULL);
	assert_ptr_equal(f->article.html.ptr, html);
	place(f, "missing.jpg", NULL);
	expect(f, html);
	assert_int_equal(f->article.n_media, 0);
}

static void
test_first_above_others_below(void **state)
{
	struct fixture *f = *state;

	add_photographer(f, "Ada");
	place(f, "aa.png", "bb.png");
	expect(f, "<figure><img src=\"http://x/aa.png\" alt=\"A "
		"&quot;bridge&quot;\" width=\"4\" height=\"3\"><figcaption>"
		"(Photo: Ada)</figcaption></figure>\n"
		"<p>One.</p>\n<p>Two.</p>\n"
		"<figure><img src=\"http://x/bb.png\" alt=\"A "
		"&quot;bridge&quot;\" width=\"4\" height=\"3\"></figure>");
	assert_int_equal(f->article.n_media, 2);
	assert_true(f->article.media[0].shown && f->article.media[1].shown);
}

static void
test_a_text_with_pictures_keeps_its_beginning(void **state)
{
	struct fixture *f = *state;

	add(f, (struct media){ .kind = MEDIA_IMAGE, .name = S("aa.png"),
		.path = S("2024/aa.png"), .shown = true });
	place(f, "aa.png", "bb.png");
	assert_true(slice_starts(f->article.html, S("<p>One.")));
	assert_true(slice_ends(f->article.html, S("</figure>")));
	assert_int_equal(f->article.n_media, 2);
}

static void
test_metadata_by_file_name(void **state)
{
	struct fixture *f = *state;

	add(f, (struct media){ .kind = MEDIA_IMAGE, .path = S("bb.png"),
		.alt = S("A pier"), .caption = S("<The> pier"),
		.credit = S("Bo"), .licence = S("https://l/") });
	add(f, (struct media){ .kind = MEDIA_IMAGE, .path = S("x/none.jpg"),
		.alt = S("lost") });
	add_photographer(f, "Ada");
	add_photographer(f, "Not Bo");
	place(f, "aa.png", "bb.png");
	assert_int_equal(f->article.n_media, 2);
	assert_true(slice_eq(f->article.media[0].credit, S("Ada")));
	assert_true(slice_eq(f->article.media[1].credit, S("Bo")));
	assert_true(slice_find(f->article.html, S("alt=\"A pier\" width=\"4\" "
		"height=\"3\"><figcaption>&lt;The&gt; pier (Photo: Bo)"
		"</figcaption>"), 0) >= 0);
}

static void
test_same_bytes_are_one(void **state)
{
	struct fixture *f = *state;

	add(f, (struct media){ .kind = MEDIA_IMAGE, .path = S("aa-2.png"),
		.caption = S("Said of the copy") });
	place(f, "aa.png", "aa-3.png");
	assert_int_equal(f->article.n_media, 1);
	assert_true(slice_eq(f->article.media[0].caption,
		S("Said of the copy")));
}

static void
test_elsewhere_and_chinese(void **state)
{
	struct fixture *f = *state;

	f->article.lang = S("zh-Hans");
	add(f, (struct media){ .kind = MEDIA_IMAGE,
		.url = S("https://p/a.jpg?x&y"), .caption = S("桥") });
	add(f, (struct media){ .kind = MEDIA_VIDEO, .url = S("https://v/") });
	add_photographer(f, "李");
	place(f, NULL, NULL);
	expect(f, "<figure><img src=\"https://p/a.jpg?x&amp;y\" alt=\"桥\">"
		"<figcaption>桥（摄影：李）</figcaption></figure>\n"
		"<p>One.</p>\n<p>Two.</p>");
	assert_int_equal(f->article.n_media, 2);
}

static void
test_what_is_shown_is_described_where_the_words_are(void **state)
{
	struct fixture *f = *state;

	add(f, (struct media){ .kind = MEDIA_IMAGE, .name = S("aa.png"),
		.path = S("2024/img/aa.png"), .shown = true });
	add(f, (struct media){ .kind = MEDIA_IMAGE, .path = S("aa.png"),
		.credit = S("Ada") });
	place(f, NULL, NULL);
	expect(f, "<p>One.</p>\n<p>Two.</p>");
	assert_int_equal(f->article.n_media, 1);
	assert_true(slice_eq(f->article.media[0].credit, S("Ada")));
}

static void
test_a_cover_is_there_and_not_shown(void **state)
{
	struct fixture *f = *state;

	f->article.fields.cover = S("cc.png");
	place(f, NULL, NULL);
	expect(f, "<p>One.</p>\n<p>Two.</p>");
	assert_int_equal(f->article.n_media, 1);
	assert_true(slice_eq(f->article.media[0].path, S("2024/cc.png")));
	assert_true(slice_eq(f->article.media[0].alt, S("A \"bridge\"")));
	assert_false(f->article.media[0].shown);
}

static void
test_a_cover_may_be_one_of_the_pictures(void **state)
{
	struct fixture *f = *state;

	f->article.fields.cover = S("bb.png");
	place(f, "aa.png", "bb.png");
	assert_int_equal(f->article.n_media, 2);
	assert_true(f->article.media[1].shown);
	f->article.fields.cover = S("https://www.example.org/x.png");
	place(f, "aa.png", NULL);
	assert_int_equal(f->article.n_media, 2);
	f->article.fields.cover = S("none.txt");
	place(f, "aa.png", NULL);
	assert_int_equal(f->article.n_media, 2);
}

static void
test_no_more_than_the_most(void **state)
{
	struct fixture *f = *state;
	struct slice names[2 * ARTICLE_MEDIA_MAX];

	for (int i = 0; i < 2 * ARTICLE_MEDIA_MAX; i++)
		names[i] = arena_printf(&f->arena, "%c%c.png", 'A' + i / 26,
			'a' + i % 26);
	figure_place(&f->env, names, COUNT_OF(names), &f->arena, &f->article);
	assert_int_equal(f->article.n_media, ARTICLE_MEDIA_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_nothing_changes_nothing),
		TEST(test_first_above_others_below),
		TEST(test_a_text_with_pictures_keeps_its_beginning),
		TEST(test_metadata_by_file_name),
		TEST(test_same_bytes_are_one),
		TEST(test_elsewhere_and_chinese),
		TEST(test_what_is_shown_is_described_where_the_words_are),
		TEST(test_a_cover_is_there_and_not_shown),
		TEST(test_a_cover_may_be_one_of_the_pictures),
		TEST(test_no_more_than_the_most),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
