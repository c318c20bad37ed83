/*
 * Opening, being refused, and failing: the lock, the schema, group commit,
 * and a disk that is full.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "store_kit.h"

/* Open again, which must fail. */
static struct err
refused(void)
{
	struct store_open o = { .state_dir = kit.dir, .loop = kit.loop };
	struct err e = { 0 };
	struct store *s;
	bool fresh;

	assert_int_equal(store_sqlite.open(&o, &s, &fresh, &e), -1);
	assert_true(e.hint[0] != '\0');
	return e;
}

static void
the_state_has_its_modes(void **state)
{
	struct stat st;

	(void)state;
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	SAVE(&kit, { .path = "b.txt", .title = "B" });
	assert_int_equal(stat(kit_path(&kit, "press.db"), &st), 0);
	assert_int_equal(st.st_mode & 07777 & ~0640, 0);
	assert_int_equal(stat(kit_path(&kit, "press.db-wal"), &st), 0);
	assert_int_equal(st.st_mode & 07777 & ~0640, 0);
	assert_string_equal(kit_sql(&kit, "PRAGMA journal_mode"), "wal");
	assert_string_equal(kit_sql(&kit, "PRAGMA user_version"), "4");
}

static void
a_second_one_is_refused(void **state)
{
	char pid[32];
	struct err e;

	(void)state;
	e = refused();
	snprintf(pid, sizeof(pid), "process %ld", (long)getpid());
	assert_non_null(strstr(e.text, pid));
	assert_non_null(strstr(e.text, kit.dir));
	/* And the first one has lost nothing by it. */
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	refused();
	kit_close(&kit);
	kit_open(&kit);
	assert_true(kit_has(&kit, "a.txt"));
}

static void
a_newer_schema_is_refused(void **state)
{
	struct err e;

	(void)state;
	kit_number(&kit);
	kit_close(&kit);
	kit_change(&kit, "PRAGMA user_version = 99");
	e = refused();
	assert_int_equal(e.kind, ERR_STORE);
	assert_non_null(strstr(e.text, "newer"));
	assert_non_null(strstr(e.text, "99"));
	kit_change(&kit, "PRAGMA user_version = 4");
	kit_open(&kit);
}

static void
a_foreign_database_is_refused_and_untouched(void **state)
{
	struct err e;

	(void)state;
	kit_close(&kit);
	kit_remove(&kit, "press.db");
	kit_change(&kit, "CREATE TABLE theirs (x)");
	e = refused();
	assert_non_null(strstr(e.text, "not a database of gazetted"));
	assert_string_equal(kit_sql(&kit, "PRAGMA journal_mode"), "delete");
	kit_remove(&kit, "press.db");
	kit_open(&kit);
}

static void
what_is_no_database_is_refused(void **state)
{
	struct err e;
	FILE *f;

	(void)state;
	kit_close(&kit);
	f = fopen(kit_path(&kit, "press.db"), "w");
	assert_non_null(f);
	for (int i = 0; i < 1000; i++)
		fputs("This is not a database. ", f);
	fclose(f);
	e = refused();
	assert_int_equal(e.kind, ERR_STORE);
	assert_non_null(strstr(e.hint, "identity.log"));
	kit_remove(&kit, "press.db");
	kit_open(&kit);
}

/* ---- group commit ---- */

static void
a_failing_job_takes_nobody_with_it(void **state)
{
	static const char *const paths[] = { "a.txt", "b.txt", "c.txt",
		"d.txt" };
	struct kit_batch b[COUNT_OF(paths)];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct piece p = { .path = paths[i], .title = paths[i] };

		kit_fill(&b[i], &p, 1);
		b[i].fail = i == 1;
		kit_submit(&kit, &b[i]);
		/* The pieces are looked at while the job runs. */
		if (i == 0)
			assert_int_equal(store_sqlite.pending(kit.store), 1);
		kit_wait(&kit, &b[i]);
	}
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		assert_int_equal(b[i].job.failed.kind,
			i == 1 ? ERR_IO : ERR_NONE);
		assert_int_equal(kit_has(&kit, paths[i]), i != 1);
		kit_done(&b[i]);
	}
	assert_int_equal(store_sqlite.pending(kit.store), 0);
}

struct slow_job {
	struct store_job job;
	bool done;
};

static void
slow_run(struct store_job *j, struct store_tx *tx)
{
	(void)j;
	(void)tx;
	usleep(50000);
}

static void
slow_done(struct store_job *j)
{
	CONTAINER_OF(j, struct slow_job, job)->done = true;
}

/* Does identity.log name an article at tag:news.example.org,2024:STEM? */
static bool
is_logged(const char *stem)
{
	char line[1000], wanted[100];
	FILE *f = fopen(kit_path(&kit, "identity.log"), "r");
	bool found = false;

	assert_non_null(f);
	snprintf(wanted, sizeof(wanted), ",2024:%s\t", stem);
	while (fgets(line, sizeof(line), f))
		found = found || strstr(line, wanted);
	fclose(f);
	return found;
}

/* What is queued behind a slow job shares one transaction. */
static void
a_group_shares_a_transaction(void **state)
{
	static const struct piece pieces[] = {
		{ .path = "a.txt", .title = "A" },
		{ .path = "b.txt", .title = "B" },
		{ .path = "c.txt", .title = "C" },
	};
	struct slow_job slow = { .job = { .run = slow_run,
		.done = slow_done } };
	struct kit_batch b[COUNT_OF(pieces)];

	(void)state;
	store_sqlite.submit(kit.store, &slow.job);
	usleep(10000);
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		kit_fill(&b[i], &pieces[i], 1);
		b[i].fail = i == 1;
		kit_submit(&kit, &b[i]);
	}
	kit_wait(&kit, &b[2]);
	assert_true(slow.done && b[0].done && b[1].done);
	assert_int_equal(b[0].job.failed.kind, ERR_NONE);
	assert_int_equal(b[1].job.failed.kind, ERR_IO);
	assert_int_equal(b[2].job.failed.kind, ERR_NONE);
	assert_string_equal(kit_titles(&kit, "all"), "A / C");
	/* Its name was not used up: neither in the log nor in the rows. */
	assert_string_equal(kit_sql(&kit, "SELECT max(last_seq) FROM feed"),
		"2");
	assert_true(is_logged("c"));
	assert_false(is_logged("b"));
	for (size_t i = 0; i < COUNT_OF(pieces); i++)
		kit_done(&b[i]);
}

/* ---- a disk that is full ---- */

static void
limit_files(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void
a_full_disk_fails_the_job_and_heals(void **state)
{
	static char big[400000];
	struct piece p = { .path = "big.txt", .title = "Big", .body = big };
	struct kit_batch b;

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	signal(SIGXFSZ, SIG_IGN);
	SAVE(&kit, { .path = "a.txt", .title = "A" });
	kit_fill(&b, &p, 1);
	limit_files(200000);
	kit_submit(&kit, &b);
	kit_wait(&kit, &b);
	assert_int_equal(b.job.failed.kind, ERR_STORE);
	assert_true(b.job.failed.hint[0] != '\0');
	assert_false(kit_has(&kit, "big.txt"));
	assert_string_equal(kit_titles(&kit, "all"), "A");
	kit_done(&b);

	limit_files(RLIM_INFINITY);
	kit_write(&kit, &p, 1, false);
	assert_string_equal(kit_titles(&kit, "all"), "A / Big");
	assert_string_equal(kit_sql(&kit, "PRAGMA integrity_check"), "ok");
}

#define TEST(name) KIT_TEST_FRESH(name)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_state_has_its_modes),
		TEST(a_second_one_is_refused),
		TEST(a_newer_schema_is_refused),
		TEST(a_foreign_database_is_refused_and_untouched),
		TEST(what_is_no_database_is_refused),
		TEST(a_failing_job_takes_nobody_with_it),
		TEST(a_group_shares_a_transaction),
		TEST(a_full_disk_fails_the_job_and_heals),
	};

	return cmocka_run_group_tests_name("store_open", tests, NULL, NULL);
}
