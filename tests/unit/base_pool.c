/*
 * The pool: every job runs once and is done once, on the loop; what is urgent
 * goes first.  Built with ThreadSanitizer, this also shows that a job needs
 * no lock of its own.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/pool.h"

enum { JOBS = 2000 };

struct number {
	struct job job;
	unsigned value;		/* plain on purpose: it is the job's own */
	unsigned ran, done;
	pthread_t thread;
};

static pthread_t loop_thread;
static size_t n_done;
static struct number *done_order[JOBS];

static void
run(struct job *j)
{
	struct number *n = CONTAINER_OF(j, struct number, job);

	n->value *= 2;
	n->ran++;
	n->thread = pthread_self();
}

static void
done(struct job *j)
{
	struct number *n = CONTAINER_OF(j, struct number, job);

	assert_true(pthread_equal(pthread_self(), loop_thread));
	n->done++;
	done_order[n_done++] = n;
}

static struct number *
make_numbers(void)
{
	struct number *n = x_calloc(JOBS, sizeof(*n));

	n_done = 0;
	loop_thread = pthread_self();
	for (unsigned i = 0; i < JOBS; i++) {
		n[i].value = i;
		n[i].job.run = run;
		n[i].job.done = done;
	}
	return n;
}

static void
check_numbers(const struct number *n)
{
	assert_int_equal(n_done, JOBS);
	for (unsigned i = 0; i < JOBS; i++) {
		assert_int_equal(n[i].value, 2 * i);
		assert_int_equal(n[i].ran, 1);
		assert_int_equal(n[i].done, 1);
		assert_false(pthread_equal(n[i].thread, loop_thread));
	}
}

static void
every_job_is_done_once(void **state)
{
	struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
	struct number *n = make_numbers();
	struct pool *p = pool_new(loop, 4);

	(void)state;
	for (unsigned i = 0; i < JOBS; i++)
		pool_submit(p, &n[i].job, (enum pool_urgency)(i % 3));
	assert_int_equal(pool_pending(p), JOBS);
	while (pool_pending(p) > 0)
		ev_run(loop, EVRUN_ONCE);
	check_numbers(n);
	pool_free(p);
	ev_loop_destroy(loop);
	free(n);
}

static void
freeing_runs_what_is_queued(void **state)
{
	struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
	struct number *n = make_numbers();
	struct pool *p = pool_new(loop, 2);

	(void)state;
	for (unsigned i = 0; i < JOBS; i++)
		pool_submit(p, &n[i].job, POOL_SOON);
	pool_free(p);
	check_numbers(n);
	pool_free(NULL);
	ev_loop_destroy(loop);
	free(n);
}

struct gate {
	struct job job;
	atomic_bool entered, open;
};

static void
gate_run(struct job *j)
{
	struct gate *g = CONTAINER_OF(j, struct gate, job);

	atomic_store(&g->entered, true);
	while (!atomic_load(&g->open))
		usleep(1000);
}

static void
gate_done(struct job *j)
{
	(void)j;
}

struct asking {
	struct job job;
	int nice;
};

static void
asking_run(struct job *j)
{
	CONTAINER_OF(j, struct asking, job)->nice =
		getpriority(PRIO_PROCESS, (id_t)gettid());
}

/* Only its own threads do: whoever waits for the others is not the slower. */
static void
the_patient_yield(void **state)
{
	struct asking a = { .job = { .run = asking_run, .done = gate_done } };
	struct asking b = a;
	struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
	struct pool *patient = pool_new_patient(loop, 1);
	struct pool *p = pool_new(loop, 1);
	int own = getpriority(PRIO_PROCESS, 0);

	(void)state;
	pool_submit(patient, &a.job, POOL_NOW);
	pool_submit(p, &b.job, POOL_NOW);
	pool_free(patient);
	pool_free(p);
	assert_int_equal(a.nice, MAX(own, 10));
	assert_int_equal(b.nice, own);
	ev_loop_destroy(loop);
}

/* One thread, kept busy until all three are queued. */
static void
the_urgent_goes_first(void **state)
{
	struct gate g = { .job = { .run = gate_run, .done = gate_done } };
	struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
	struct number *n = make_numbers();
	struct pool *p = pool_new(loop, 0);

	(void)state;
	pool_submit(p, &g.job, POOL_NOW);
	while (!atomic_load(&g.entered))
		usleep(1000);
	pool_submit(p, &n[0].job, POOL_LATER);
	pool_submit(p, &n[1].job, POOL_SOON);
	pool_submit(p, &n[2].job, POOL_NOW);
	pool_submit(p, &n[3].job, POOL_NOW);
	atomic_store(&g.open, true);
	while (pool_pending(p) > 0)
		ev_run(loop, EVRUN_ONCE);
	assert_int_equal(n_done, 4);
	assert_ptr_equal(done_order[0], &n[2]);
	assert_ptr_equal(done_order[1], &n[3]);
	assert_ptr_equal(done_order[2], &n[1]);
	assert_ptr_equal(done_order[3], &n[0]);
	pool_free(p);
	ev_loop_destroy(loop);
	free(n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_job_is_done_once),
		cmocka_unit_test(freeing_runs_what_is_queued),
		cmocka_unit_test(the_patient_yield),
		cmocka_unit_test(the_urgent_goes_first),
	};

	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
