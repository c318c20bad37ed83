/*
 * Publishing into a directory: whole files, variants, same date, back again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/compress.h"
#include "publish/publish.h"

static struct document *
make_document(const char *text)
{
	struct document *d = document_new();
	struct buf gzip = BUF_INIT(1 << 16);
	char *bytes;
	size_t len;

	gzip_put(&gzip, slice_str(text));
	bytes = buf_steal(&gzip, &len);
	document_set_body(d, CODING_GZIP, bytes, len);
	document_set_body(d, CODING_IDENTITY, x_strdup(text), strlen(text));
	d->mtime = 1715760000;
	return d;
}

static void
put_get_remove(void **state)
{
	char dir[] = "publish.XXXXXX", sub[64];
	struct publisher *p;
	struct document *d = make_document("some feed"), *back;
	struct stat st;
	struct err e;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(sub, sizeof(sub), "%s/new/www", dir);
	assert_int_equal(publisher_dir.open(sub, &p, &e), 0);
	assert_int_equal(publisher_dir.put(p,
		S("feeds/series/\xe6\xb8\xaf.atom"), d, &e), 0);

	snprintf(sub, sizeof(sub), "%s/new/www/feeds/series/\xe6\xb8\xaf.atom",
		dir);
	assert_int_equal(stat(sub, &st), 0);
	assert_int_equal(st.st_mtime, 1715760000);
	strcat(sub, ".gz");
	assert_int_equal(stat(sub, &st), 0);
	assert_int_equal(st.st_mtime, 1715760000);

	back = document_new();
	assert_int_equal(publisher_dir.get(p,
		S("feeds/series/\xe6\xb8\xaf.atom"), back, &e), 0);
	assert_true(slice_eq(back->body[CODING_IDENTITY], S("some feed")));
	assert_true(gzip_matches(back->body[CODING_GZIP],
		back->body[CODING_IDENTITY]));
	assert_false(gzip_matches(back->body[CODING_GZIP], S("some food")));
	assert_false(gzip_matches(S("not gzip"), S("x")));

	assert_int_equal(publisher_dir.remove(p,
		S("feeds/series/\xe6\xb8\xaf.atom"), &e), 0);
	assert_int_equal(publisher_dir.remove(p,
		S("feeds/series/\xe6\xb8\xaf.atom"), &e), 0);
	assert_int_equal(publisher_dir.get(p,
		S("feeds/series/\xe6\xb8\xaf.atom"), back, &e), -1);
	assert_int_equal(stat(sub, &st), -1);
	document_unref(back);
	document_unref(d);
	publisher_dir.close(p);
	snprintf(sub, sizeof(sub), "rm -r %s", dir);
	assert_int_equal(system(sub), 0);
}

/* A variant of an older document must not outlive it. */
static void
what_has_no_variant_leaves_none(void **state)
{
	char dir[] = "publish.XXXXXX", command[64];
	struct document *d = make_document("some feed"), *back, *plain;
	struct buf b = BUF_INIT(1 << 16);
	struct publisher *p;
	struct err e = { 0 };
	size_t len;
	char *bytes;

	(void)state;
	brotli_put(&b, S("some feed"), BROTLI_QUICK);
	assert_true(brotli_matches(buf_slice(&b), S("some feed")));
	assert_false(brotli_matches(buf_slice(&b), S("some food")));
	assert_false(brotli_matches(buf_slice(&b), S("some")));
	assert_false(brotli_matches(S("not brotli"), S("x")));
	bytes = buf_steal(&b, &len);
	document_set_body(d, CODING_BROTLI, bytes, len);
	assert_non_null(mkdtemp(dir));
	assert_int_equal(publisher_dir.open(dir, &p, &e), 0);
	assert_int_equal(publisher_dir.put(p, S("a.atom"), d, &e), 0);
	back = document_new();
	assert_int_equal(publisher_dir.get(p, S("a.atom"), back, &e), 0);
	assert_true(brotli_matches(back->body[CODING_BROTLI],
		back->body[CODING_IDENTITY]));
	document_unref(back);

	plain = document_new();
	document_set_body(plain, CODING_IDENTITY, x_strdup("other"), 5);
	assert_int_equal(publisher_dir.put(p, S("a.atom"), plain, &e), 0);
	assert_false(publisher_dir.has(p, S("a.atom.gz")));
	assert_false(publisher_dir.has(p, S("a.atom.br")));
	document_unref(plain);
	document_unref(d);
	publisher_dir.close(p);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

static void
a_place_that_cannot_be_is_said(void **state)
{
	struct publisher *p;
	struct err e;

	(void)state;
	assert_int_equal(publisher_dir.open("/proc/no/such", &p, &e), -1);
	assert_non_null(strstr(e.text, "/proc/no"));
	assert_non_null(strstr(e.hint, "publish:"));
}

static bool
count_found(void *ctx, struct slice name)
{
	assert_true(slice_eq(name, S("a.png")));
	++*(int *)ctx;
	return true;
}

/* A picture has no compressed variant. */
static void
plain_alone_has_and_list(void **state)
{
	char dir[] = "publish.XXXXXX", command[64];
	struct document *d = document_new(), *back = document_new();
	struct publisher *p;
	struct err e = { 0 };
	int found = 0;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(publisher_dir.open(dir, &p, &e), 0);
	assert_int_equal(publisher_dir.list(p, S("media"), count_found,
		&found, &e), 0);
	assert_int_equal(found, 0);
	assert_false(publisher_dir.has(p, S("media/a.png")));
	document_set_body(d, CODING_IDENTITY, x_strdup("png"), 3);
	assert_int_equal(publisher_dir.put(p, S("media/a.png"), d, &e), 0);
	assert_true(publisher_dir.has(p, S("media/a.png")));
	assert_int_equal(publisher_dir.get(p, S("media/a.png"), back, &e), 0);
	assert_true(slice_eq(back->body[CODING_IDENTITY], S("png")));
	assert_null(back->body[CODING_GZIP].ptr);
	assert_int_equal(publisher_dir.list(p, S("media"), count_found,
		&found, &e), 0);
	assert_int_equal(found, 1);
	document_unref(back);
	document_unref(d);
	publisher_dir.close(p);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	assert_int_equal(system(command), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(put_get_remove),
		cmocka_unit_test(what_has_no_variant_leaves_none),
		cmocka_unit_test(plain_alone_has_and_list),
		cmocka_unit_test(a_place_that_cannot_be_is_said),
	};

	return cmocka_run_group_tests_name("publish", tests, NULL, NULL);
}
