/*
 * The store's thread: group commit.
 *
 * It takes everything that is queued, runs it in one transaction, and commits
 * once: the more is queued, the more share an fsync; and nothing ever waits
 * for company.
 *
 *	queued --> BEGIN (SAVEPOINT run RELEASE)* log COMMIT --> finished
 *	                        |
 *	                        +-- failed: ROLLBACK TO, the others go on
 *
 * 1. identity.log is synced before the commit: a name that anybody saw is in
 *    it.  Nobody sees anything of a first scan before its end (first.h).
 * 2. When SQLite itself ends the transaction (disk full, I/O error), every job
 *    that ran in it has failed; the rest gets a new transaction.
 * 3. Checkpoints are asked for here, when the log is long or when nobody came
 *    for a while; another thread makes them (checkpoint.c).
 */
#include <errno.h>
#include <malloc.h>
#include <time.h>

#include "base/worker.h"
#include "store/thread.h"

enum {
	LOG_PAGES_MAX = 4000,	/* between checkpoints */
	IDLE_MS = 200,
};

/* ---- queues ---- */

static void
jobs_init(struct jobs *q)
{
	q->head = NULL;
	q->tail = &q->head;
}

static void
jobs_put(struct jobs *q, struct store_job *j)
{
	j->next = NULL;
	*q->tail = j;
	q->tail = &j->next;
}

/* All of `from`, in order, behind what q has. */
static void
jobs_append(struct jobs *q, struct store_job *from)
{
	struct store_job *next;

	for (; from; from = next) {
		next = from->next;
		jobs_put(q, from);
	}
}

static struct store_job *
jobs_take_all(struct jobs *q)
{
	struct store_job *head = q->head;

	jobs_init(q);
	return head;
}

/* ---- transactions ---- */

/* Every job from `from` to before `to` that has not failed yet, fails. */
static void
fail_jobs(struct store_job *from, const struct store_job *to,
	const struct err *e)
{
	for (; from != to; from = from->next)
		if (from->failed.kind == ERR_NONE)
			from->failed = *e;
}

/* Take back what one job did, and go on with the others. */
static int
undo(struct store_tx *tx, size_t lines, struct err *e)
{
	tx_forget(tx);
	buf_cut(&tx->identity.lines, lines);
	if (!db_in_transaction(&tx->db))
		return err_set(e, ERR_STORE, "the database ended the "
			"transaction");
	return db_exec(&tx->db, "ROLLBACK TO job; RELEASE job", e);
}

/* A job that has the transaction for itself needs no savepoint. */
static int
run_alone(struct store_tx *tx, struct store_job *j, struct err *e)
{
	if (tx_load(tx, e) < 0)
		return -1;
	j->failed = (struct err){ 0 };
	tx->ending = false;
	j->run(j, tx);
	j->ends_first = tx->ending;
	*e = j->failed;
	return e->kind == ERR_NONE ? 0 : -1;
}

/* -1: the transaction is over, and e says why. */
static int
run_beside(struct store_tx *tx, struct store_job *j, struct err *e)
{
	size_t lines = tx->identity.lines.len;

	if (db_exec(&tx->db, "SAVEPOINT job", e) < 0)
		return -1;
	if (run_alone(tx, j, e) == 0)
		return db_exec(&tx->db, "RELEASE job", e);
	return undo(tx, lines, e);
}

static int
commit(struct store_tx *tx, struct err *e)
{
	if (identity_write(&tx->identity, e) < 0)
		return -1;
	if (!tx->first.under_way && identity_sync(&tx->identity, e) < 0)
		return -1;
	if (db_exec(&tx->db, "COMMIT", e) < 0)
		return err_in(e, "committing");
	return 0;
}

static void
roll_back(struct store_tx *tx)
{
	struct err ignored;

	tx_forget(tx);
	buf_reset(&tx->identity.lines);
	/* When even this fails, the next BEGIN does, and says why. */
	if (db_in_transaction(&tx->db) &&
		db_exec(&tx->db, "ROLLBACK", &ignored) < 0)
		return;
}

/* Run jobs in one transaction; returns where the next one has to begin. */
static struct store_job *
run_group(struct store_tx *tx, struct store_job *first)
{
	struct store_job *j = first;
	struct err e = { 0 };
	int ret = db_exec(&tx->db, "BEGIN IMMEDIATE", &e);

	if (ret < 0 || !first->next) {
		ret = ret < 0 ? ret : run_alone(tx, first, &e);
		j = NULL;
	}
	for (; ret == 0 && j; j = j->next)
		ret = run_beside(tx, j, &e);
	if (ret == 0)
		ret = commit(tx, &e);
	if (ret < 0) {
		roll_back(tx);
		fail_jobs(first, j, &e);
	}
	return j;
}

/* ---- checkpoints ---- */

static int
on_commit(void *arg, sqlite3 *db, const char *name, int pages)
{
	struct thread *t = arg;

	(void)db;
	(void)name;
	t->log_pages = pages;
	if (pages < t->log_seen)
		t->log_seen = 0;
	return SQLITE_OK;
}

static void
ask_checkpoint(struct thread *t)
{
	checkpoint_ask(t->checkpoint);
	t->log_seen = t->log_pages;
}

/* ---- the first scan ---- */

/* Did a job end it?  And if that came to nothing, those have failed. */
static bool
ends_first(struct store_job *group, const struct err *e)
{
	bool any = false;

	for (struct store_job *j = group; j; j = j->next) {
		if (!j->ends_first || j->failed.kind != ERR_NONE)
			continue;
		any = true;
		if (e)
			j->failed = *e;
	}
	return any;
}

/* When the newsroom is stored whole, it becomes press.db, for all to read. */
static void
follow_first(struct thread *t, struct store_job *group)
{
	struct store_tx *tx = t->tx;
	struct err e = { 0 };

	first_flush(&tx->first);
	if (!ends_first(group, NULL))
		return;
	tx_forget(tx);
	if (first_end(&tx->first, &tx->identity, &tx->db, &e) < 0) {
		ends_first(group, &e);
		return;
	}
	sqlite3_wal_hook(tx->db.handle, on_commit, t);
	readers_begin(t->readers);
	/* What all threads needed for a scan is not needed for what follows. */
	malloc_trim(0);
}

/* ---- the thread ---- */

static bool
wait_idle(struct thread *t)
{
	struct timespec until;
	int rc = 0;

	CHECK(clock_gettime(CLOCK_MONOTONIC, &until) == 0);
	until.tv_nsec += IDLE_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	while (!t->todo.head && !t->stop && rc != ETIMEDOUT)
		rc = pthread_cond_timedwait(&t->more, &t->lock, &until);
	return rc == ETIMEDOUT;
}

/* All that is queued; waits for something; NULL when the thread ends. */
static struct store_job *
next_group(struct thread *t)
{
	while (!t->todo.head && !t->stop) {
		if (t->log_pages == t->log_seen) {
			pthread_cond_wait(&t->more, &t->lock);
		} else if (wait_idle(t)) {
			ask_checkpoint(t);
		}
	}
	return jobs_take_all(&t->todo);
}

static void *
work(void *arg)
{
	struct thread *t = arg;
	struct store_job *group, *j;

	pthread_mutex_lock(&t->lock);
	while ((group = next_group(t))) {
		pthread_mutex_unlock(&t->lock);
		for (j = group; j;)
			j = run_group(t->tx, j);
		if (t->tx->first.under_way)
			follow_first(t, group);
		pthread_mutex_lock(&t->lock);
		jobs_append(&t->finished, group);
		ev_async_send(t->loop, &t->wake);
		if (t->log_pages - t->log_seen > LOG_PAGES_MAX)
			ask_checkpoint(t);
	}
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

/* ---- the loop ---- */

static void
deliver(struct thread *t)
{
	struct store_job *j, *next;

	pthread_mutex_lock(&t->lock);
	j = jobs_take_all(&t->finished);
	pthread_mutex_unlock(&t->lock);
	t->commits += j != NULL;
	for (; j; j = next) {
		next = j->next;
		t->pending--;
		j->done(j);
	}
}

static void
on_wake(struct ev_loop *loop, struct ev_async *w, int events)
{
	(void)loop;
	(void)events;
	deliver(w->data);
}

static void
init_locks(struct thread *t)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&t->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&t->more, &attr);
	pthread_condattr_destroy(&attr);
}

void
thread_start(struct thread *t, struct store_tx *tx, struct checkpoint *c,
	struct readers *r, struct ev_loop *loop)
{
	*t = (struct thread){ .tx = tx, .checkpoint = c, .readers = r,
		.loop = loop };
	init_locks(t);
	jobs_init(&t->todo);
	jobs_init(&t->finished);
	ev_async_init(&t->wake, on_wake);
	t->wake.data = t;
	ev_async_start(loop, &t->wake);
	sqlite3_wal_hook(tx->db.handle, on_commit, t);
	t->id = worker_start("gazetted-store", work, t);
}

void
thread_submit(struct thread *t, struct store_job *j)
{
	t->pending++;
	pthread_mutex_lock(&t->lock);
	jobs_put(&t->todo, j);
	pthread_cond_signal(&t->more);
	pthread_mutex_unlock(&t->lock);
}

void
thread_stop(struct thread *t)
{
	pthread_mutex_lock(&t->lock);
	t->stop = true;
	pthread_cond_signal(&t->more);
	pthread_mutex_unlock(&t->lock);
	pthread_join(t->id, NULL);
	deliver(t);
	ev_async_stop(t->loop, &t->wake);
	if (t->tx->db.handle)
		sqlite3_wal_hook(t->tx->db.handle, NULL, NULL);
	pthread_cond_destroy(&t->more);
	pthread_mutex_destroy(&t->lock);
}
