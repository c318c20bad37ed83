/*
 * Pictures: chosen, read, uploaded once, and found again by other articles
 * and another courier.
 *
 * The target uploads what it was given, one step each, and then posts; `said`
 * has what it did: "up a / post m1".
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "push_engine_kit.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char said[2000];
static struct picture_wish wish;
static int uploads;
static bool forgets;		/* the peer does not know it any more, once */
static struct slice alts;	/* of the pictures of the last post */
static struct arena arena;
static struct channel series;

/* ---- the target ---- */

static void
say(const char *word, struct slice what)
{
	size_t len = strlen(said);

	snprintf(said + len, sizeof(said) - len, "%s%s%s%.*s",
		len && word[0] ? " / " : "", word, word[0] ? "" : " ",
		ARG(what));
}

static void
pictures(const struct delivery *d, struct picture_wish *w)
{
	(void)d;
	*w = wish;
}

static void
say_pictures(const struct delivery *d)
{
	say("post", S(""));
	alts = S("");
	for (size_t i = 0; i < d->n_pictures; i++) {
		const struct push_picture *p = &d->pictures[i];

		say("", wish.needs_bytes ? picture_upload(p, S("image")) :
			slice_sub(p->name, HASH_HEX + 1, 100));
		alts = arena_printf(&arena, "%.*s%.*s%s;", ARG(alts),
			ARG(p->alt), p->is_cover ? "*" : "");
	}
}

static int
compose(const struct delivery *d, struct request *q, struct err *e)
{
	const struct push_picture *p = wish.needs_bytes ?
		picture_to_upload(d, S("image")) : NULL;

	pthread_mutex_lock(&lock);
	request_post(q, slice_str(peer_url("127.0.0.1", "/ok")));
	request_multipart(q, d->chance);
	request_part(q, "id", d->id);
	if (p) {
		request_repeatable(q);
		request_file(q, "media", p->name, p->type, p->bytes);
		say("up ", p->bytes);
	} else {
		say_pictures(d);
	}
	pthread_mutex_unlock(&lock);
	return request_check(q, e);
}

static struct verdict
judge(const struct delivery *d, const struct response *r, struct err *e)
{
	const struct push_picture *p = wish.needs_bytes ?
		picture_to_upload(d, S("image")) : NULL;
	struct verdict v = verdict_done();

	(void)e;
	pthread_mutex_lock(&lock);
	if (p)
		v = verdict_uploaded(S(""), picture_uploaded(p, S("image"),
			arena_printf(r->a, "m%d", ++uploads), 0));
	else if (forgets)
		v = verdict_uploaded(S(""), picture_uploaded(&d->pictures[0],
			S("image"), S(""), 0));
	forgets = forgets && p;
	pthread_mutex_unlock(&lock);
	return v;
}

static const struct setting settings[] = { { 0 } };

static const struct target_ops gallery = { .name = "gallery",
	.settings = settings, .can = CAN_ARTICLES | CAN_BLIND,
	.pictures = pictures, .compose = compose, .judge = judge };

/* ---- the newsroom ---- */

static int
begin(void **state)
{
	said[0] = '\0';
	uploads = 0;
	forgets = false;
	wish = (struct picture_wish){ .max = 4, .needs_bytes = true };
	return desk_begin(state);
}

static int
end(void **state)
{
	int ret = desk_end(state);

	arena_done(&arena);
	return ret;
}

static struct target *
app(void)
{
	struct target *t = desk_target("app", &gallery);

	desk_open();
	desk_settle();
	return t;
}

/* Where the picture is published. */
static const char *
path_of(const struct media *m)
{
	return arena_printf(&arena, "%s/www/media/%.*s", kit.dir,
		ARG(m->name)).ptr;
}

/* Of what it shows, which is all its bytes; published. */
static struct media
picture(const char *bytes)
{
	struct slice s = slice_str(bytes);
	char hash[HASH_HEX + 1];
	struct media m = { .kind = MEDIA_IMAGE, .type = S("image/png"),
		.size = (int64_t)s.len, .alt = s, .shown = true,
		.path = arena_printf(&arena, "%s.png", bytes) };
	struct err e;

	hash128_hex(s, hash);
	m.name = arena_printf(&arena, "%s.png", hash);
	assert_int_equal(file_replace(AT_FDCWD, path_of(&m), s, -1, &e), 0);
	return m;
}

/* An article with these pictures, and what the target said of it. */
static const char *
article(const char *path, const struct media *list, size_t n)
{
	said[0] = '\0';
	NEWS({ .path = path, .title = path, .media = list, .n_media = n });
	return said;
}

/* ---- uploads ---- */

static void
two_articles_share_an_upload(void **state)
{
	struct media list[] = { picture("one"), picture("two") };

	(void)state;
	app();
	assert_string_equal(article("a.txt", list, 1), "up one / post m1");
	assert_string_equal(article("b.txt", list, 2),
		"up two / post m1 m2");
	assert_int_equal(peer.requests, 4);
	assert_string_equal(desk_rows(), "1 app a1 done / 2 app a2 done");
	/* So does a courier that comes after this one. */
	desk_close();
	desk_open();
	desk_settle();
	assert_string_equal(article("c.txt", list, 2), "post m1 m2");
	assert_int_equal(uploads, 2);
}

static void
what_is_forgotten_there_is_uploaded_again(void **state)
{
	struct media one = picture("one");

	(void)state;
	app();
	article("a.txt", &one, 1);
	forgets = true;
	assert_string_equal(article("b.txt", &one, 1),
		"post m1 / up one / post m2");
	assert_string_equal(article("c.txt", &one, 1), "post m2");
}

/* What was sent is shown as it was, and the upload's hash is of its bytes. */
static void
a_preview_shows_what_was_sent(void **state)
{
	struct media one = picture("one");
	struct engine_preview p;

	(void)state;
	app();
	article("a.txt", &one, 1);
	p = desk_preview(1, NULL);
	assert_int_equal(p.n, 1);
	assert_int_equal(desk_sql(arena_printf(&arena, "SELECT hash = '%s' "
		"FROM delivery", p.list[0].hash).ptr), 1);
	engine_preview_done(&p);
	/* What would be sent of the next one is a post, and no upload. */
	said[0] = '\0';
	NEWS({ .path = "b.txt", .title = "B", .media = &one, .n_media = 1 });
	assert_string_equal(said, "post m1");
}

/* ---- choice ---- */

static void
some_pictures_are_left_out(void **state)
{
	static const char *const png[] = { "image/png", NULL };
	struct media list[] = { picture("gone"), picture("larger"),
		picture("other"), picture("jpeg"), picture("good"),
		picture("more") };
	struct err e;

	(void)state;
	wish.max = 1;
	wish.bytes_max = 5;
	wish.types = png;
	list[3].type = S("image/jpeg");
	unlink(path_of(&list[0]));
	assert_int_equal(file_replace(AT_FDCWD, path_of(&list[2]), S("fake"),
		-1, &e), 0);
	app();
	assert_string_equal(article("a.txt", list, COUNT_OF(list)),
		"up good / post m1");
	assert_string_equal(article("b.txt", list, 2), "post");
}

static void
what_cannot_be_read_now_is_tried_again(void **state)
{
	struct media one = picture("one");

	(void)state;
	unlink(path_of(&one));
	assert_int_equal(mkdir(path_of(&one), 0755), 0);
	app();
	assert_string_equal(article("a.txt", &one, 1), "");
	assert_string_equal(desk_rows(), "1 app a1 ready");
	assert_int_equal(desk.why.kind, ERR_IO);
	assert_true(strstr(desk.why.text, "reading a picture: ") != NULL);
	assert_int_equal(rmdir(path_of(&one)), 0);
	picture("one");
	desk_later(10000);
	assert_string_equal(said, "up one / post m1");
	assert_string_equal(desk_rows(), "1 app a1 done");
}

static void
nothing_is_read_where_addresses_do(void **state)
{
	struct media one = picture("one");

	(void)state;
	wish.needs_bytes = false;
	unlink(path_of(&one));
	app();
	assert_string_equal(article("a.txt", &one, 1), "post png");
	wish.max = 0;
	assert_string_equal(article("b.txt", &one, 1), "post");
}

static void
what_is_kept_from_others_stays(void **state)
{
	struct media list[] = { picture("agency"), picture("own") };

	(void)state;
	list[0].syndication = SYNDICATION_NONE;
	app();
	assert_string_equal(article("a.txt", list, 2), "up own / post m1");
	NEWS({ .path = "b.txt", .title = "B", .media = list, .n_media = 2,
		.syndication = SYNDICATION_TEXT_ONLY });
	assert_string_equal(said, "up own / post m1 / post");
	list[1].syndication = SYNDICATION_FULL;
	NEWS({ .path = "c.txt", .title = "C", .media = list, .n_media = 2,
		.syndication = SYNDICATION_NONE });
	assert_string_equal(said, "up own / post m1 / post / post m1");
	wish.syndication = SYNDICATION_TEXT_ONLY;
	list[1].syndication = SYNDICATION_UNSAID;
	assert_string_equal(article("d.txt", list, 2), "post");
}

/* ---- covers ---- */

static void
a_cover_is_found_somewhere(void **state)
{
	struct media list[] = { picture("one"), picture("two") };
	struct target *t;

	(void)state;
	wish.needs_cover = true;
	wish.max = 2;
	series = (struct channel){ .kind = CHANNEL_SERIES, .key = S("bridges"),
		.cover = { .bytes = S("series"), .type = "image/png",
			.name = S("cover.png") } };
	desk.channels = &series;
	desk.n_channels = 1;
	t = desk_target("app", &gallery);
	t->cover = (struct picture){ .bytes = S("target"),
		.type = "image/jpeg", .name = S("cover.jpg") };
	desk_open();
	desk_settle();
	NEWS({ .path = "a.txt", .title = "A", .media = list, .n_media = 2,
		.cover = "pictures/two.png", .series = "bridges", .part = 1 });
	assert_string_equal(said, "up two / up one / post m1 m2");
	assert_string_equal(alts.ptr, "two*;one;");
	assert_string_equal(article("b.txt", list, 2), "post m2 m1");
	assert_string_equal(alts.ptr, "one*;two;");
	said[0] = '\0';
	NEWS({ .path = "c.txt", .title = "C", .series = "bridges",
		.part = 2 });
	assert_string_equal(said, "up series / post m3");
	assert_string_equal(alts.ptr, "bridges 2 | C*;");
	assert_string_equal(article("d.txt", NULL, 0), "up target / post m4");
	assert_string_equal(article("e.txt", NULL, 0), "post m4");
	/* Who needs none gets none. */
	wish.needs_cover = false;
	assert_string_equal(article("f.txt", NULL, 0), "post");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_articles_share_an_upload),
		TEST(what_is_forgotten_there_is_uploaded_again),
		TEST(a_preview_shows_what_was_sent),
		TEST(some_pictures_are_left_out),
		TEST(what_cannot_be_read_now_is_tried_again),
		TEST(nothing_is_read_where_addresses_do),
		TEST(what_is_kept_from_others_stays),
		TEST(a_cover_is_found_somewhere),
	};

	return cmocka_run_group_tests_name("pictures", tests, NULL, NULL);
}
