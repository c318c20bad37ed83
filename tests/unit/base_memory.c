/*
 * Unit tests of base/arena, base/buf, base/table, base/compress and base/err.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/compress.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/table.h"

/* ---- arena ---- */

static void
test_arena_gives_aligned_zeroes(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };

	(void)state;
	for (size_t size = 0; size < 3000; size += 7) {
		char *p = arena_alloc(&a, size);

		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, size);
	}
	/* Zeroed again after a reset, and nothing was forgotten. */
	arena_reset(&a);
	assert_int_equal(*(char *)arena_alloc(&a, 1), 0);
}

static void
test_arena_keeps_one_ordinary_block(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	size_t ordinary;

	(void)state;
	arena_reset(&a);
	arena_alloc(&a, 100);
	ordinary = a.total;
	for (int i = 0; i < 100; i++)
		arena_alloc(&a, 4000);
	assert_true(a.total > ordinary);
	arena_reset(&a);
	assert_int_equal(a.total, ordinary);
	/* A giant block is not kept for small work. */
	arena_alloc(&a, 10 * 1024 * 1024);
	arena_reset(&a);
	assert_true(a.total <= ordinary);
	arena_alloc(&a, 100);
}

static void
test_arena_copies(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice s = arena_copy(&a, slice("a\0b", 3));

	(void)state;
	assert_memory_equal(s.ptr, "a\0b", 4);
	s = arena_printf(&a, "%s-%d", "x", 7);
	assert_int_equal(s.len, 3);
	assert_string_equal(s.ptr, "x-7");
	assert_string_equal(arena_copy(&a, slice(NULL, 0)).ptr, "");
}

static void
test_arena_grow(void **state)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	int *items = NULL;

	(void)state;
	for (int n = 0; n < 1000; n++) {
		items = ARENA_GROW(&a, items, (size_t)n);
		items[n] = n;
	}
	for (int n = 0; n < 1000; n++)
		assert_int_equal(items[n], n);
}

/* ---- buf ---- */

/* Of every length, with every little room: printed whole, and ended. */
static void
test_printing_where_little_room_is_left(void **state)
{
	(void)state;
	for (int width = 0; width < 70; width++) {
		struct arena a = { 0 };
		struct buf b = BUF_INIT(300);
		struct slice s;

		for (int used = 0; used < 2200; used++) {
			s = arena_printf(&a, "%0*d", width, 7);
			assert_int_equal(s.len, MAX(width, 1));
			assert_int_equal(strlen(s.ptr), s.len);
			assert_int_equal(s.ptr[s.len - 1], '7');
		}
		while (buf_ok(&b)) {
			assert_int_equal(strlen(b.ptr ? b.ptr : ""), b.len);
			buf_printf(&b, "%0*d", width, 7);
		}
		assert_int_equal(b.len % (size_t)MAX(width, 1), 0);
		assert_int_equal(strlen(b.ptr), b.len);
		assert_int_equal(b.ptr[b.len - 1], '7');
		buf_done(&b);
		arena_done(&a);
	}
}

static void
test_buf_grows_to_its_limit(void **state)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(1000);

	(void)state;
	assert_string_equal(buf_slice(&b).ptr, "");
	for (int i = 0; i < 100; i++) {
		buf_printf(&b, "%s%04d", "line: ", i % 10000);
		assert_int_equal(b.ptr[b.len], '\0');
	}
	assert_true(buf_ok(&b));
	assert_int_equal(b.len, 1000);
	buf_put(&b, S(""));
	assert_true(buf_ok(&b));
	buf_put_byte(&b, 'x');
	assert_false(buf_ok(&b));
	/* Once full, what would fit is dropped too. */
	b.len -= 10;
	buf_put_str(&b, "y");
	assert_int_equal(b.len, 990);
	buf_reset(&b);
	buf_put_str(&b, "again");
	assert_true(buf_ok(&b));
	assert_string_equal(b.ptr, "again");
}

static void
test_buf_drops_what_does_not_fit(void **state)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(4);

	(void)state;
	buf_put_str(&b, "ab");
	buf_put_str(&b, "cde");
	assert_false(buf_ok(&b));
	assert_string_equal(b.ptr, "ab");
	assert_null(buf_reserve(&b, 1));
}

static void
test_buf_reserve_and_steal(void **state)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(100);
	size_t len;
	char *p = buf_reserve(&b, 10);

	(void)state;
	memcpy(p, "0123456789", 10);
	buf_commit(&b, 4);
	p = buf_steal(&b, &len);
	assert_int_equal(len, 4);
	assert_string_equal(p, "0123");
	free(p);
	assert_int_equal(b.len, 0);
	assert_int_equal(b.limit, 100);
	p = buf_steal(&b, &len);
	assert_int_equal(len, 0);
	assert_string_equal(p, "");
	free(p);
}

/* ---- table ---- */

enum { KEYS = 5000 };

static void
test_table(void **state)
{
	static char keys[KEYS][16];
	struct table t = { 0 };
	size_t at = 0, n = 0;
	void *value;

	(void)state;
	assert_null(table_get(&t, S("a")));
	assert_null(table_remove(&t, S("a")));
	assert_false(table_next(&t, &at, &value));
	for (int i = 0; i < KEYS; i++) {
		snprintf(keys[i], sizeof(keys[i]), "k%d", i);
		assert_null(table_set(&t, slice_str(keys[i]), keys[i]));
	}
	/* Every third goes; those behind a gap are still found. */
	for (int i = 0; i < KEYS; i += 3)
		assert_ptr_equal(table_remove(&t, slice_str(keys[i])),
			keys[i]);
	for (int i = 0; i < KEYS; i++)
		assert_ptr_equal(table_get(&t, slice_str(keys[i])),
			i % 3 ? keys[i] : NULL);
	while (table_next(&t, &at, &value))
		n++;
	assert_int_equal(n, t.n);
	assert_int_equal(n, KEYS - (KEYS + 2) / 3);
	assert_ptr_equal(table_set(&t, S("k1"), keys[0]), keys[1]);
	assert_ptr_equal(table_get(&t, S("k1")), keys[0]);
	table_done(&t);
	assert_null(table_get(&t, S("k1")));
}

static void
test_table_keys_are_bytes(void **state)
{
	struct table t = { 0 };
	int a, b, c;

	(void)state;
	table_set(&t, S(""), &a);
	table_set(&t, slice("x\0y", 3), &b);
	table_set(&t, slice("x\0z", 3), &c);
	assert_ptr_equal(table_get(&t, slice(NULL, 0)), &a);
	assert_ptr_equal(table_get(&t, slice("x\0y", 3)), &b);
	assert_ptr_equal(table_get(&t, slice("x\0z", 3)), &c);
	assert_null(table_get(&t, S("x")));
	table_done(&t);
}

/* ---- gzip and hashes ---- */

static void
test_gzip_round_trip(void **state)
{
	CLEANUP(buf_done) struct buf plain = BUF_INIT(1 << 20);
	CLEANUP(buf_done) struct buf gzip = BUF_INIT(1 << 20);
	CLEANUP(buf_done) struct buf again = BUF_INIT(1 << 20);
	struct slice s;

	(void)state;
	for (int i = 0; i < 2000; i++)
		buf_printf(&plain, "<entry>%d</entry>\n", i);
	gzip_put(&gzip, buf_slice(&plain));
	gzip_put(&again, buf_slice(&plain));
	s = buf_slice(&gzip);
	assert_true(buf_ok(&gzip) && gzip.len < plain.len / 4);
	assert_true(slice_eq(s, buf_slice(&again)));
	assert_true(gzip_matches(s, buf_slice(&plain)));
	assert_false(gzip_matches(s, slice(plain.ptr, plain.len - 1)));
	assert_false(gzip_matches(slice(s.ptr, s.len - 1),
		buf_slice(&plain)));
	assert_false(gzip_matches(buf_slice(&plain), buf_slice(&plain)));
	gzip.ptr[gzip.len / 2] ^= 1;
	assert_false(gzip_matches(s, buf_slice(&plain)));
}

static void
test_gzip_of_nothing_and_too_much(void **state)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(100);
	char noise[1000];

	(void)state;
	gzip_put(&b, S(""));
	assert_true(buf_ok(&b) && b.len > 0);
	assert_true(gzip_matches(buf_slice(&b), S("")));
	memset(noise, 'x', sizeof(noise));
	gzip_put(&b, slice(noise, sizeof(noise)));
	assert_false(buf_ok(&b));
}

static void
test_hashes(void **state)
{
	char hex[HASH_HEX + 1];

	(void)state;
	/* The published value of XXH3-128 of the empty string. */
	hash128_hex(S(""), hex);
	assert_string_equal(hex, "99aa06d3014798d86001c324468d497f");
	assert_true(hash64(S("a")) == hash64(S("a")));
	assert_true(hash64(S("a")) != hash64(S("b")));
	assert_true(hash64_mix(hash64_mix(0, S("a")), S("b")) !=
		hash64_mix(hash64_mix(0, S("b")), S("a")));
}

/* ---- err ---- */

static void
test_err_is_told_from_the_outside_in(void **state)
{
	struct err e = { 0 };
	char wide[2000];

	(void)state;
	errno = ENOENT;
	assert_int_equal(err_set(&e, ERR_IO, "cannot open \"%s\": %m", "a"),
		-1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(err_hint(&e, "Make it."), -1);
	assert_int_equal(err_in(&e, "reading %d", 7), -1);
	assert_string_equal(e.text,
		"reading 7: cannot open \"a\": No such file or directory");
	assert_string_equal(e.hint, "Make it.");
	assert_int_equal(e.kind, ERR_IO);
	err_set(&e, ERR_LIMIT, "new");
	assert_string_equal(e.hint, "");
	/* Too long is cut, not overrun. */
	memset(wide, 'w', sizeof(wide) - 1);
	wide[sizeof(wide) - 1] = '\0';
	err_in(&e, "%s", wide);
	err_in(&e, "%s", wide);
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena_gives_aligned_zeroes),
		cmocka_unit_test(test_arena_keeps_one_ordinary_block),
		cmocka_unit_test(test_arena_copies),
		cmocka_unit_test(test_arena_grow),
		cmocka_unit_test(test_printing_where_little_room_is_left),
		cmocka_unit_test(test_buf_grows_to_its_limit),
		cmocka_unit_test(test_buf_drops_what_does_not_fit),
		cmocka_unit_test(test_buf_reserve_and_steal),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_table_keys_are_bytes),
		cmocka_unit_test(test_gzip_round_trip),
		cmocka_unit_test(test_gzip_of_nothing_and_too_much),
		cmocka_unit_test(test_hashes),
		cmocka_unit_test(test_err_is_told_from_the_outside_in),
	};

	return cmocka_run_group_tests_name("base_memory", tests, NULL, NULL);
}
