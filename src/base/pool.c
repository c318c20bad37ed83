/*
 * The pool: threads that run pure jobs, and hand them back to the loop.
 *
 * Workers take from the first queue that has something.  Finished jobs go onto
 * one list; the first one there wakes the loop through an ev_async, which then
 * takes the whole list at once.
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/pool.h"
#include "base/worker.h"

enum { PATIENCE = 10 };

struct queue {
	struct job *head;
	struct job **tail;
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct queue todo[POOL_QUEUES];
	struct queue finished;
	struct ev_loop *loop;
	struct ev_async wake;
	pthread_t *threads;
	unsigned n_threads;
	size_t pending;		/* loop thread only */
	bool is_patient;
	bool stop;
};

static void
queue_init(struct queue *q)
{
	q->head = NULL;
	q->tail = &q->head;
}

static void
queue_put(struct queue *q, struct job *j)
{
	j->next = NULL;
	*q->tail = j;
	q->tail = &j->next;
}

static struct job *
queue_take(struct queue *q)
{
	struct job *j = q->head;

	if (!j)
		return NULL;
	q->head = j->next;
	if (!q->head)
		q->tail = &q->head;
	return j;
}

/* The most urgent job; waits for one; NULL when the pool ends. */
static struct job *
next_job(struct pool *p)
{
	struct job *j = NULL;

	for (;;) {
		for (int u = 0; u < POOL_QUEUES && !j; u++)
			j = queue_take(&p->todo[u]);
		if (j || p->stop)
			return j;
		pthread_cond_wait(&p->more, &p->lock);
	}
}

static void *
work(void *arg)
{
	struct pool *p = arg;
	struct job *j;
	bool first;

	/* Linux has a value for each thread; a sandbox may refuse it. */
	if (p->is_patient)
		(void)!setpriority(PRIO_PROCESS, (id_t)gettid(), PATIENCE);
	pthread_mutex_lock(&p->lock);
	while ((j = next_job(p))) {
		pthread_mutex_unlock(&p->lock);
		j->run(j);
		pthread_mutex_lock(&p->lock);
		first = !p->finished.head;
		queue_put(&p->finished, j);
		if (first)
			ev_async_send(p->loop, &p->wake);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static void
deliver(struct pool *p)
{
	struct job *j, *next;

	pthread_mutex_lock(&p->lock);
	j = p->finished.head;
	queue_init(&p->finished);
	pthread_mutex_unlock(&p->lock);
	for (; j; j = next) {
		next = j->next;
		p->pending--;
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

static struct pool *
new(struct ev_loop *loop, unsigned threads, bool is_patient)
{
	struct pool *p = x_calloc(1, sizeof(*p));

	p->is_patient = is_patient;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->more, NULL);
	for (int u = 0; u < POOL_QUEUES; u++)
		queue_init(&p->todo[u]);
	queue_init(&p->finished);
	p->loop = loop;
	ev_async_init(&p->wake, on_wake);
	p->wake.data = p;
	ev_async_start(loop, &p->wake);
	threads = MAX(threads, 1U);
	p->threads = x_calloc(threads, sizeof(*p->threads));
	for (; p->n_threads < threads; p->n_threads++)
		p->threads[p->n_threads] = worker_start("gazetted-pool", work,
			p);
	return p;
}

struct pool *
pool_new(struct ev_loop *loop, unsigned threads)
{
	return new(loop, threads, false);
}

struct pool *
pool_new_patient(struct ev_loop *loop, unsigned threads)
{
	return new(loop, threads, true);
}

void
pool_submit(struct pool *p, struct job *j, enum pool_urgency u)
{
	p->pending++;
	pthread_mutex_lock(&p->lock);
	queue_put(&p->todo[u], j);
	pthread_cond_signal(&p->more);
	pthread_mutex_unlock(&p->lock);
}

size_t
pool_pending(const struct pool *p)
{
	return p->pending;
}

void
pool_free(struct pool *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_broadcast(&p->more);
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < p->n_threads; i++)
		pthread_join(p->threads[i], NULL);
	deliver(p);
	ev_async_stop(p->loop, &p->wake);
	pthread_cond_destroy(&p->more);
	pthread_mutex_destroy(&p->lock);
	free(p->threads);
	free(p);
}
