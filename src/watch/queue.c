/*
 * The queue: the dirty paths, and when each is ready to be looked at.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "watch/queue.h"

enum { HEAP_ROOM_FIRST = 64 };

void
queue_init(struct queue *q)
{
	*q = (struct queue){ 0 };
	for (int l = 0; l < LANE_COUNT; l++)
		TAILQ_INIT(&q->ready[l]);
	TAILQ_INIT(&q->taken);
}

static void
heap_set(struct queue *q, size_t at, struct dirty *d)
{
	q->waiting[at] = d;
	d->at = at;
}

static void
heap_up(struct queue *q, size_t at, struct dirty *d)
{
	while (at > 0 && q->waiting[(at - 1) / 2]->due_ms > d->due_ms) {
		heap_set(q, at, q->waiting[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	heap_set(q, at, d);
}

static void
heap_down(struct queue *q, size_t at, struct dirty *d)
{
	size_t child;

	while ((child = at * 2 + 1) < q->n_waiting) {
		if (child + 1 < q->n_waiting &&
			q->waiting[child + 1]->due_ms <
			q->waiting[child]->due_ms)
			child++;
		if (q->waiting[child]->due_ms >= d->due_ms)
			break;
		heap_set(q, at, q->waiting[child]);
		at = child;
	}
	heap_set(q, at, d);
}

static void
heap_put(struct queue *q, struct dirty *d)
{
	if (q->n_waiting == q->room) {
		q->room = q->room ? q->room * 2 : HEAP_ROOM_FIRST;
		q->waiting = x_realloc(q->waiting, q->room *
			sizeof(struct dirty *));
	}
	heap_up(q, q->n_waiting++, d);
}

static void
heap_remove(struct queue *q, struct dirty *d)
{
	struct dirty *last = q->waiting[--q->n_waiting];

	if (last == d)
		return;
	if (d->at > 0 && q->waiting[(d->at - 1) / 2]->due_ms > last->due_ms)
		heap_up(q, d->at, last);
	else
		heap_down(q, d->at, last);
}

/* Take it out of wherever it is, and out of the counts. */
static void
leave(struct queue *q, struct dirty *d)
{
	if (d->state == DIRTY_WAITING)
		heap_remove(q, d);
	else if (d->state == DIRTY_READY)
		TAILQ_REMOVE(&q->ready[d->lane], d, link);
	else if (d->state == DIRTY_TAKEN)
		TAILQ_REMOVE(&q->taken, d, link);
	q->n_taken -= d->state == DIRTY_TAKEN;
	q->n_settling -= d->settling;
	q->n_fresh -= d->fresh;
	q->n_unclear -= d->unclear;
	q->n_gone -= d->gone;
	d->settling = d->fresh = d->unclear = d->gone = false;
}

static void
count_fresh(struct queue *q, struct dirty *d)
{
	d->fresh = !d->file->known && d->lane != LANE_GONE;
	q->n_fresh += d->fresh;
}

static void
place(struct queue *q, struct dirty *d, enum lane lane, int64_t due,
	int64_t now)
{
	leave(q, d);
	d->lane = lane;
	d->due_ms = due;
	d->gone = lane == LANE_GONE;
	q->n_gone += d->gone;
	if (due > now) {
		d->state = DIRTY_WAITING;
		d->unclear = !d->file->known && lane != LANE_GONE;
		q->n_unclear += d->unclear;
		heap_put(q, d);
		return;
	}
	d->state = DIRTY_READY;
	if (d->file->kind == FILE_ARTICLE)
		TAILQ_INSERT_TAIL(&q->ready[lane], d, link);
	else
		TAILQ_INSERT_HEAD(&q->ready[lane], d, link);
	count_fresh(q, d);
}

static struct dirty *
make(struct queue *q, struct file *f, int64_t now)
{
	struct dirty *d = x_calloc(1, sizeof(*d));

	d->file = f;
	d->seen_ms = now;
	f->dirty = d;
	q->n++;
	return d;
}

static void
free_dirty(struct dirty *d)
{
	d->file->dirty = NULL;
	free(d->from);
	free(d);
}

void
queue_cancel(struct queue *q, struct dirty *d)
{
	leave(q, d);
	q->n--;
	free_dirty(d);
}

/* Place an untaken path as an event demands. */
static void
place_event(struct queue *q, struct dirty *d, enum happening h, int64_t now)
{
	d->made = h == HAPPENED_MADE;
	switch (h) {
	case HAPPENED_SAVED:
		place(q, d, LANE_HOT, now, now);
		break;
	case HAPPENED_MADE:
		place(q, d, LANE_COLD, now + QUEUE_HOLD_MS, now);
		break;
	case HAPPENED_GONE:
		place(q, d, LANE_GONE, now + QUEUE_HOLD_MS + q->poll_ms,
			now);
		break;
	}
}

void
queue_event(struct queue *q, struct file *f, enum happening h, int64_t now)
{
	struct dirty *d = f->dirty;

	if (d && d->state == DIRTY_TAKEN) {
		d->again = true;
		d->next = h;
	} else if (h == HAPPENED_GONE && !f->known) {
		if (d)
			queue_cancel(q, d);
	} else {
		place_event(q, d ? d : make(q, f, now), h, now);
	}
}

void
queue_found(struct queue *q, struct file *f, const struct file_stamp *stamp,
	bool moved, int64_t now)
{
	struct dirty *d = f->dirty;
	int64_t age = stamp_age_ms(stamp);
	bool young = !moved && age < QUEUE_YOUNG_MS;

	if (d && d->state == DIRTY_TAKEN) {
		if (!d->again)
			d->next = HAPPENED_MADE;
		d->again = true;
		return;
	}
	if (d && d->lane != LANE_GONE)
		return;
	d = d ? d : make(q, f, now);
	d->size = stamp->size;
	place(q, d, moved ? LANE_HOT : LANE_COLD,
		young ? now + QUEUE_YOUNG_MS - age : now, now);
	d->settling = d->state == DIRTY_WAITING;
	q->n_settling += d->settling;
}

void
queue_missing(struct queue *q, struct file *f, int64_t now)
{
	struct dirty *d = f->dirty;

	if (!f->known)
		return;
	if (!d || (d->state == DIRTY_TAKEN && !d->again))
		queue_event(q, f, HAPPENED_GONE, now);
}

void
queue_doubt(struct queue *q, struct file *f, bool hot, int64_t due,
	int64_t now)
{
	if (f->dirty)
		return;
	f->dirty = make(q, f, now);
	f->dirty->size = f->stamp.size;
	place(q, f->dirty, hot ? LANE_HOT : LANE_COLD, due, now);
}

void
queue_advance(struct queue *q, int64_t now, size_t max)
{
	for (; max > 0 && q->n_waiting > 0; max--) {
		struct dirty *d = q->waiting[0];

		if (d->due_ms > now)
			return;
		place(q, d, d->lane, now, now);
	}
}

int64_t
queue_next_due(const struct queue *q)
{
	return q->n_waiting ? q->waiting[0]->due_ms : -1;
}

/*
 * What is gone may be what an unknown file was: it is heard after all of these.
 * One that never comes to rest must not keep a text that somebody took back.
 */
static bool
gone_may_go(const struct queue *q, const struct dirty *d, int64_t now)
{
	return q->n_fresh == 0 && (q->n_unclear == 0 ||
		now - d->seen_ms > QUEUE_UNCLEAR_MS);
}

struct dirty *
queue_peek(const struct queue *q, bool scanning, int64_t now)
{
	struct dirty *d = TAILQ_FIRST(&q->ready[LANE_HOT]);

	if (!d)
		d = TAILQ_FIRST(&q->ready[LANE_COLD]);
	if (d || scanning)
		return d;
	d = TAILQ_FIRST(&q->ready[LANE_GONE]);
	return d && gone_may_go(q, d, now) ? d : NULL;
}

void
queue_take(struct queue *q, struct dirty *d)
{
	leave(q, d);
	d->state = DIRTY_TAKEN;
	d->again = false;
	TAILQ_INSERT_TAIL(&q->taken, d, link);
	q->n_taken++;
	count_fresh(q, d);
}

/* Something happened while it was taken; false: nothing. */
static bool
come_back(struct queue *q, struct dirty *d, int64_t now)
{
	if (!d->again || (d->next == HAPPENED_GONE && !d->file->known))
		return false;
	d->again = false;
	d->tries = 0;
	d->seen_ms = now;
	place_event(q, d, d->next, now);
	return true;
}

void
queue_settle(struct queue *q, struct dirty *d, int64_t now)
{
	if (!come_back(q, d, now))
		queue_cancel(q, d);
}

static void
retry(struct queue *q, struct dirty *d, int64_t first, int64_t most,
	int64_t now)
{
	int64_t pause = MIN(first << MIN(d->tries, 10U), most);

	if (come_back(q, d, now))
		return;
	d->tries++;
	d->again = false;
	place(q, d, d->lane, now + pause, now);
}

void
queue_retry_busy(struct queue *q, struct dirty *d, int64_t now)
{
	retry(q, d, QUEUE_BUSY_MS, QUEUE_BUSY_MAX_MS, now);
}

void
queue_retry_failed(struct queue *q, struct dirty *d, int64_t now)
{
	retry(q, d, QUEUE_FAILED_MS, QUEUE_FAILED_MAX_MS, now);
}

void
queue_retry_gone(struct queue *q, struct dirty *d, int64_t now)
{
	if (!come_back(q, d, now))
		place(q, d, LANE_GONE, now + QUEUE_HOLD_MS + q->poll_ms,
			now);
}

static void
free_list(struct dirty_list *list)
{
	struct dirty *d;

	while ((d = TAILQ_FIRST(list))) {
		TAILQ_REMOVE(list, d, link);
		free_dirty(d);
	}
}

void
queue_done(struct queue *q)
{
	for (size_t i = 0; i < q->n_waiting; i++)
		free_dirty(q->waiting[i]);
	for (int l = 0; l < LANE_COUNT; l++)
		free_list(&q->ready[l]);
	free_list(&q->taken);
	free(q->waiting);
}
