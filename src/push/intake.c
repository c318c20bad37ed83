/*
 * Requests, from press.db: read behind the cursor, and handed to the next turn.
 *
 * The numbers are those of one database.  When it is another one (it was lost,
 * or put back from a backup), all of its rows are looked at: that is an hour of
 * them, and who is asked twice says yes twice.
 */
#include <stdlib.h>

#include "push/hub_parts.h"

struct read_job {
	struct job job;
	struct hub *hub;
	struct hub_cursor from;
	struct intake *ret;
	struct err failed;
};

void
intake_free(struct intake *i)
{
	if (!i)
		return;
	for (size_t n = 0; n < i->n; n++)
		explicit_bzero((char *)(uintptr_t)i->list[n].secret.ptr,
			i->list[n].secret.len);
	arena_done(&i->arena);
	free(i);
}

/* *ret->cursor is what was read from, and then what was read to. */
static int
read_behind(const struct courier *c, struct store_reader *r,
	struct intake *ret, struct err *e)
{
	int64_t last;

	if (c->ops->hub_requests(r, ret->cursor.seq, HUB_READ, &ret->arena,
		&ret->list, &ret->n, &last, e) < 0)
		return -1;
	if (last < ret->cursor.seq) {
		ret->cursor.seq = 0;
		return read_behind(c, r, ret, e);
	}
	if (ret->n > 0)
		ret->cursor.seq = ret->list[ret->n - 1].seq;
	return 0;
}

static int
read_all(const struct read_job *d, struct store_reader *r, struct err *e)
{
	const struct courier *c = d->hub->c;
	struct intake *i = d->ret;
	struct slice stream;
	int64_t announced;

	if (c->ops->announced(r, &i->arena, &announced, &stream, e) < 0)
		return -1;
	/* There is no press.db yet. */
	if (stream.len == 0)
		return 0;
	i->cursor.stream = stream;
	i->cursor.seq = slice_eq(stream, d->from.stream) ? d->from.seq : 0;
	return read_behind(c, r, i, e);
}

static void
run(struct job *j)
{
	struct read_job *d = CONTAINER_OF(j, struct read_job, job);
	const struct courier *c = d->hub->c;
	struct store_reader *r = c->ops->reader_take(c->press);

	if (read_all(d, r, &d->failed) < 0)
		d->failed.kind = MAX(d->failed.kind, ERR_STORE);
	c->ops->reader_give(c->press, r);
}

static void
done(struct job *j)
{
	struct read_job *d = CONTAINER_OF(j, struct read_job, job);
	struct hub *h = d->hub;

	h->jobs--;
	sweep_see(h, d->ret->cursor.stream);
	if (d->failed.kind == ERR_NONE && d->ret->n > 0 && !h->is_draining) {
		h->intake = TAKE(d->ret);
		turn_start(h);
	} else {
		h->is_reading = false;
		/* After a failure the tick reads again. */
		if (d->failed.kind != ERR_NONE)
			hub_failed(h, &d->failed);
		else if (h->read_again)
			intake_read(h);
	}
	intake_free(d->ret);
	free(d);
}

void
intake_read(struct hub *h)
{
	struct read_job *d;

	h->read_again = h->is_reading;
	if (h->is_reading || !h->has_begun || h->is_draining)
		return;
	d = x_calloc(1, sizeof(*d));
	d->job = (struct job){ .run = run, .done = done };
	d->hub = h;
	d->ret = x_calloc(1, sizeof(*d->ret));
	d->from = (struct hub_cursor){ arena_copy(&d->ret->arena,
		h->cursor.stream), h->cursor.seq };
	h->is_reading = true;
	h->jobs++;
	pool_submit(h->c->pool, &d->job, POOL_SOON);
}
