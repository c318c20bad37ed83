/*
 * Forms with files: what is written, what is refused, and what is shown.
 *
 *	push_multipart --forms
 *
 * prints forms with all kinds of names and bytes, one on a line, for
 * tests/push/test_multipart.py, whose parsers know nothing of this one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "assert_slice.h"
#include "base/base64.h"
#include "push/request.h"

#define ADDRESS S("https://x.example.org/up")
#define BOUNDARY "gazetted-000000000000002a"

static struct arena arena;
static struct request q;
static struct err e;

static int
begin(void **state)
{
	(void)state;
	e = (struct err){ 0 };
	request_init(&q, &arena);
	request_post(&q, ADDRESS);
	return 0;
}

static int
begin_form(void **state)
{
	begin(state);
	request_multipart(&q, 42);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	request_done(&q);
	arena_reset(&arena);
	return 0;
}

static int
end_all(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static struct slice
printed(void)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1000000);

	assert_int_equal(request_check(&q, &e), 0);
	request_print_masked(&q, &b);
	return arena_copy(&arena, buf_slice(&b));
}

static void
assert_wrong(enum err_kind kind, const char *text)
{
	assert_int_equal(request_check(&q, &e), -1);
	assert_int_equal(e.kind, kind);
	assert_slice(slice_from(slice_str(e.text), strlen("cannot build the "
		"request: ")), text);
	end(NULL);
	begin_form(NULL);
}

/* ---- what is written ---- */

static void
parts_stand_in_their_order(void **state)
{
	static const struct slice wanted = S_INIT("--" BOUNDARY "\r\n"
		"Content-Disposition: form-data; name=\"media_category\"\r\n"
		"\r\n"
		"tweet_image\r\n"
		"--" BOUNDARY "\r\n"
		"Content-Disposition: form-data; name=\"media\"; "
		"filename=\"a.jpg\"\r\n"
		"Content-Type: image/jpeg\r\n"
		"\r\n"
		"\xff\0\r\n--x\r\n"
		"--" BOUNDARY "--\r\n");

	(void)state;
	request_part(&q, "media_category", S("tweet_image"));
	request_file(&q, "media", S("a.jpg"), S("image/jpeg"),
		S("\xff\0\r\n--x"));
	assert_int_equal(request_check(&q, &e), 0);
	/* Twice is as good as once. */
	assert_int_equal(request_check(&q, &e), 0);
	assert_string_equal(q.headers[0], "Content-Type: multipart/form-data; "
		"boundary=" BOUNDARY);
	assert_int_equal(q.n_headers, 1);
	assert_true(slice_eq(q.body, wanted));
}

static void
bytes_are_shown_as_their_hash(void **state)
{
	(void)state;
	request_part(&q, "text", S("\xe6\xa1\xa5"));
	request_file(&q, "media", S("a.jpg"), S("image/jpeg"), S("abc"));
	request_file(&q, "none", S("b"), S("text/plain"), S(""));
	assert_slice(printed(), "POST https://x.example.org/up\n"
		"Content-Type: multipart/form-data; boundary=" BOUNDARY "\n\n"
		"--" BOUNDARY "\r\n"
		"Content-Disposition: form-data; name=\"text\"\r\n\r\n"
		"\xe6\xa1\xa5\r\n"
		"--" BOUNDARY "\r\n"
		"Content-Disposition: form-data; name=\"media\"; "
		"filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
		"[3 bytes, sha256 ba7816bf8f01cfea414140de5dae2223b00361a39617"
		"7a9cb410ff61f20015ad]\r\n"
		"--" BOUNDARY "\r\n"
		"Content-Disposition: form-data; name=\"none\"; "
		"filename=\"b\"\r\nContent-Type: text/plain\r\n\r\n"
		"[0 bytes, sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b"
		"934ca495991b7852b855]\r\n"
		"--" BOUNDARY "--\r\n");
}

/* Other bytes are another request, though they are not shown. */
static void
the_hash_is_of_the_bytes_too(void **state)
{
	static const struct slice bytes[] = { S_INIT("\xff" "1"),
		S_INIT("\xff" "2"), S_INIT("\xff" "1") };
	struct sha256 h[COUNT_OF(bytes)];

	for (size_t i = 0; i < COUNT_OF(bytes); i++) {
		request_file(&q, "m", S("a"), S("image/png"), bytes[i]);
		assert_int_equal(request_check(&q, &e), 0);
		h[i] = request_hash(&q);
		end(state), begin_form(state);
	}
	assert_false(sha256_same(&h[0], &h[1]));
	assert_true(sha256_same(&h[0], &h[2]));
}

static void
a_body_that_is_no_text_is_a_hash(void **state)
{
	(void)state;
	request_body(&q, "image/png", S("\x89PNG"));
	assert_slice(printed(), "POST https://x.example.org/up\n"
		"Content-Type: image/png\n\n"
		"[4 bytes, sha256 0f4636c78f65d3639ece5a064b5ae753e3408614a14f"
		"b18ab4d7540d2c248543]");
}

static void
secrets_of_parts_are_masked(void **state)
{
	(void)state;
	request_hide(&q, S("s3cr3t"));
	request_part(&q, "access_token", S("s3cr3t"));
	assert_true(slice_find(printed(), S("\r\n\r\n***\r\n"), 0) > 0);
	assert_int_equal(slice_find(printed(), S("s3cr3t"), 0), -1);
}

/* ---- hostile ---- */

/* The name of the file, as the request has it. */
static struct slice
file_name(struct slice given)
{
	struct slice s, line;
	ssize_t at;

	end(NULL), begin_form(NULL);
	request_file(&q, "m", given, S("image/png"), S("x"));
	s = printed();
	at = slice_find(s, S("filename=\""), 0);
	assert_true(at > 0);
	s = slice_from(s, (size_t)at + 10);
	assert_true(slice_next_line(&s, &line));
	assert_true(slice_ends(line, S("\"")));
	return slice_sub(line, 0, line.len - 1);
}

static void
names_of_files_end_nothing(void **state)
{
	(void)state;
	assert_slice(file_name(S("a\"; name=\"b")), "a__ name=_b");
	assert_slice(file_name(S("a\r\nX-A: b\r\n\r\nc")),
		"a__X-A_ b____c");
	assert_slice(file_name(S("../../etc/passwd")), "_._.._etc_passwd");
	assert_slice(file_name(S(".htaccess")), "_htaccess");
	assert_slice(file_name(S("c:\\a%22\\\"")), "c__a_22__");
	assert_slice(file_name(S("a\0b\x7f\t")), "a_b__");
	assert_slice(file_name(S("\xe6\xa1\xa5.jpg")), "\xe6\xa1\xa5.jpg");
	assert_slice(file_name(S("\xe6\xa1.jpg")), "__.jpg");
	assert_slice(file_name(S("")), "_");
}

static void
what_cannot_be_is_told(void **state)
{
	static const struct { const char *name, *shown; } names[] = {
		{ "", "" }, { "a\"b", "a\"b" }, { "a\r\nb", "a\r\nb" },
		{ "a%b", "a%b" }, { "a\\", "a\\" }, { "a;b", "a;b" },
		{ "\xe6\xa1\xa5", "\xe6\xa1\xa5" }, { "a\x7f", "a\x7f" },
	};
	static const char *const types[] = { "", "image", "image/", "/png",
		"image/png; a=b", "image/png\r\nX: y", "image/p/g", "a b/c" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		request_part(&q, names[i].name, S("x"));
		assert_wrong(ERR_SYNTAX, arena_printf(&arena, "\"%s\" cannot "
			"be the name of a part", names[i].shown).ptr);
	}
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		request_file(&q, "m", S("a"), slice_str(types[i]), S("x"));
		assert_int_equal(request_check(&q, &e), -1);
		assert_int_equal(e.kind, ERR_SYNTAX);
		end(NULL), begin_form(NULL);
	}
	assert_wrong(ERR_SYNTAX, "a form without a part");
	request_part(&q, "a", S("\xff"));
	assert_wrong(ERR_SYNTAX, "the part \"a\" is not UTF-8");
	request_multipart(&q, 43);
	assert_wrong(ERR_SYNTAX, "a form in a form");
	request_json(&q, "a", S("b"));
	assert_wrong(ERR_SYNTAX, "two bodies of different kinds");
	request_file(&q, "m", slice(memset(arena_text(&arena, 500), 'x', 500),
		REQUEST_NAME_MAX + 1), S("image/png"), S("x"));
	assert_wrong(ERR_LIMIT, "the name of the file \"m\" is longer than "
		"200 bytes");
	for (int i = 0; i <= REQUEST_BLOBS_MAX; i++)
		request_file(&q, "m", S("a"), S("image/png"), S("x"));
	assert_wrong(ERR_LIMIT, "more than 32 files");
}

static void
a_form_has_its_place(void **state)
{
	(void)state;
	request_part(&q, "a", S("b"));
	assert_int_equal(request_check(&q, &e), -1);
	assert_string_equal(e.text, "cannot build the request: a part \"a\" "
		"of no form");
	end(state), begin_form(state);
	request_part(&q, "a", S("b"));
	assert_int_equal(request_check(&q, &e), 0);
	/* It is closed. */
	request_part(&q, "c", S("d"));
	assert_wrong(ERR_SYNTAX, "a part \"c\" of no form");
}

static void
no_part_holds_the_boundary(void **state)
{
	static const struct slice bad[] = {
		S_INIT("a\r\n--" BOUNDARY "--\r\n"),
		S_INIT("--" BOUNDARY), S_INIT("x--" BOUNDARY "x") };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		request_part(&q, "a", bad[i]);
		assert_wrong(ERR_SYNTAX, "a part holds the boundary");
		request_file(&q, "a", S("b"), S("image/png"), bad[i]);
		assert_wrong(ERR_SYNTAX, "a part holds the boundary");
		request_file(&q, "a", bad[i], S("image/png"), S("x"));
		assert_wrong(ERR_SYNTAX, "a part holds the boundary");
	}
	/* That of another attempt is nothing special. */
	request_part(&q, "a", S("--gazetted-000000000000002b"));
	assert_int_equal(request_check(&q, &e), 0);
}

/* ---- for the parsers ---- */

static void
put_bytes(struct json_out *j, const char *key, struct slice bytes)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(4000000);

	base64_put(&b, bytes);
	json_out_text(j, key, buf_slice(&b));
}

static struct slice
all_bytes(void)
{
	char *p = arena_text(&arena, 256);

	for (int i = 0; i < 256; i++)
		p[i] = (char)i;
	return slice(p, 256);
}

static void
print_form(const struct slice *files, size_t n)
{
	static const struct slice values[] = { S_INIT(""), S_INIT("a\r\nb"),
		S_INIT("--\r\n--gazetted\r\n"), S_INIT("\xe6\xa1\xa5 \"x\" &"),
		S_INIT("\r\n") };
	CLEANUP(buf_done) struct buf b = BUF_INIT(4000000);
	struct json_out j = JSON_OUT(&b);
	struct slice bytes = all_bytes();

	begin_form(NULL);
	json_out_open(&j, NULL, '{');
	json_out_open(&j, "values", '[');
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		request_part(&q, arena_printf(&arena, "value[%zu]", i).ptr,
			values[i]);
		json_out_text(&j, NULL, values[i]);
	}
	json_out_close(&j, ']');
	for (size_t i = 0; i < n; i++)
		request_file(&q, arena_printf(&arena, "file%zu", i).ptr,
			files[i], S("image/png"), bytes);
	CHECK(request_check(&q, &e) == 0);
	json_out_number(&j, "files", (int64_t)n);
	json_out_text(&j, "type", slice_from(slice_str(q.headers[0]),
		strlen("Content-Type: ")));
	put_bytes(&j, "bytes", bytes);
	put_bytes(&j, "body", q.body);
	json_out_close(&j, '}');
	printf("%.*s\n", ARG(buf_slice(&b)));
	end(NULL);
}

static int
print_forms(void)
{
	static const struct slice hostile[] = {
		S_INIT("a.png"), S_INIT("\"; name=\"evil"),
		S_INIT("a\r\nContent-Type: text/html\r\n\r\n<script>"),
		S_INIT("a\\"), S_INIT("\xe6\xa1\xa5.png"),
		S_INIT("%22%0d%0a"), S_INIT("a\0b"), S_INIT(""),
		S_INIT("--gazetted--") };

	print_form(hostile, COUNT_OF(hostile));
	print_form(hostile, 0);
	for (size_t i = 0; i < COUNT_OF(hostile); i++)
		print_form(&hostile[i], 1);
	return end_all(NULL);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin_form, end)
#define BARE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(parts_stand_in_their_order),
		TEST(bytes_are_shown_as_their_hash),
		TEST(the_hash_is_of_the_bytes_too),
		BARE(a_body_that_is_no_text_is_a_hash),
		TEST(secrets_of_parts_are_masked),
		TEST(names_of_files_end_nothing),
		TEST(what_cannot_be_is_told),
		BARE(a_form_has_its_place),
		TEST(no_part_holds_the_boundary),
	};

	if (argc > 1 && strcmp(argv[1], "--forms") == 0)
		return print_forms();
	return cmocka_run_group_tests_name("multipart", tests, NULL, end_all);
}
