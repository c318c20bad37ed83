/*
 * Squeezing: brotli for what is published, when there is nothing else to do.
 *
 *	note --> queue --compress--> squeezed --write--> in the tree, in memory
 *	                    (pool)              (pool)
 *
 * 1. gzip is made with the document, because somebody waits; brotli takes
 *    longer, and a page of an archive, which will not change, longest of all.
 * 2. The unit is not rendered while its file is written, so no old .br ever
 *    lies beside a new original.  Compressing holds nobody up.
 * 3. What is replaced before its turn is forgotten; a restart squeezes what
 *    changes, or is asked for.
 */
#include <stdlib.h>

#include "base/compress.h"
#include "daemon/flow.h"
#include "daemon/trees.h"
#include "daemon/unit.h"

enum {
	BEST_BYTES = 256 * 1024,	/* longer ones would take a second */
	BROTLI_LEAST = 200,
	CALM_MS = 500,			/* since the last publication */
};

struct squeezer {
	struct shown *head, **tail;
	bool busy;
	ev_timer calm;			/* runs while it is not */
};

struct squeeze_job {
	struct job job;
	struct feeds *feeds;
	struct shown *shown;		/* the loop's */
	struct copy copy;
	char *file;
	struct publisher *tree;		/* that it is in */
	int quality;
	struct document *doc;		/* NULL: to be read from the tree */
	struct document *squeezed;	/* NULL: it could not be */
};

/* ---- pool ---- */

static void
copy_body(struct document *to, const struct document *from, enum coding c)
{
	struct slice body = from->body[c];
	char *bytes;

	if (!body.ptr)
		return;
	bytes = x_malloc(body.len + 1);
	memcpy(bytes, body.ptr, body.len);
	document_set_body(to, c, bytes, body.len);
}

/* The same document, with one body more. */
static struct document *
with_brotli(const struct document *d, struct buf *brotli)
{
	struct document *ret = document_new();
	char *bytes;
	size_t len;

	ret->type = d->type;
	ret->mtime = d->mtime;
	ret->max_age = d->max_age;
	ret->is_private = d->is_private;
	memcpy(ret->etag, d->etag, sizeof(ret->etag));
	if (d->links.len > 0)
		document_set_links(ret, d->links);
	copy_body(ret, d, CODING_IDENTITY);
	copy_body(ret, d, CODING_GZIP);
	bytes = buf_steal(brotli, &len);
	document_set_body(ret, CODING_BROTLI, bytes, len);
	return ret;
}

static struct document *
read_tree(const struct squeeze_job *q)
{
	const struct press *p = q->feeds->press;
	struct document *d = document_new();
	char hash[HASH_HEX + 1];
	struct err e;

	if (p->publish->get(q->tree, slice_str(q->file), d, &e) == 0) {
		hash128_hex(d->body[CODING_IDENTITY], hash);
		memcpy(d->etag, q->copy.etag, sizeof(d->etag));
		d->mtime = q->copy.mtime;
		if (strcmp(hash, q->copy.etag) == 0)
			return d;
	}
	document_unref(d);
	return NULL;
}

static void
squeeze_run(struct job *j)
{
	struct squeeze_job *q = CONTAINER_OF(j, struct squeeze_job, job);
	CLEANUP(buf_done) struct buf brotli = BUF_INIT(2 * FEED_BYTES_MAX);
	struct slice plain;

	if (!q->doc)
		q->doc = read_tree(q);
	if (!q->doc || q->doc->body[CODING_BROTLI].ptr)
		return;
	plain = q->doc->body[CODING_IDENTITY];
	if (plain.len < BROTLI_LEAST)
		return;
	brotli_put(&brotli, plain, plain.len > BEST_BYTES ? BROTLI_QUICK :
		q->quality);
	/* Shorter than gzip, or not worth its file. */
	if (buf_ok(&brotli) && brotli.len > 0 && brotli.len <
		q->doc->body[CODING_GZIP].len)
		q->squeezed = with_brotli(q->doc, &brotli);
}

static void
write_run(struct job *j)
{
	struct squeeze_job *q = CONTAINER_OF(j, struct squeeze_job, job);
	const struct press *p = q->feeds->press;
	struct err e;

	if (p->publish->add(q->tree, slice_str(q->file), q->squeezed,
		CODING_BROTLI, &e) < 0) {
		document_unref(q->squeezed);
		q->squeezed = NULL;
	}
}

/* ---- loop ---- */

static struct publisher *
tree_of(const struct squeeze_job *q)
{
	const struct press *p = q->feeds->press;

	return press_tree(p, p->config, &q->shown->unit->feed);
}

static bool
is_current(const struct squeeze_job *q)
{
	return strcmp(q->shown->copy.etag, q->copy.etag) == 0 &&
		!q->shown->unit->gone && q->tree == tree_of(q);
}

static void
job_end(struct squeeze_job *q)
{
	struct feeds *f = q->feeds;

	f->squeezer->busy = false;
	document_unref(q->doc);
	document_unref(q->squeezed);
	free(q->file);
	free(q);
	feeds_pump(f);
}

static void
write_done(struct job *j)
{
	struct squeeze_job *q = CONTAINER_OF(j, struct squeeze_job, job);
	struct unit *u = q->shown->unit;

	u->squeezing = false;
	/* It moved to the other tree while this was written into the one. */
	if (q->tree != tree_of(q))
		trees_part_feed(q->feeds->press, &u->feed);
	if (q->squeezed && is_current(q))
		copies_replace(q->feeds, q->shown, q->doc, q->squeezed);
	feeds_enqueue(q->feeds, u);
	job_end(q);
}

static void
squeeze_done(struct job *j)
{
	struct squeeze_job *q = CONTAINER_OF(j, struct squeeze_job, job);
	struct unit *u = q->shown->unit;

	if (!q->squeezed || !is_current(q) || u->rendering || u->dirty ||
		q->feeds->press->stopping) {
		job_end(q);
		return;
	}
	u->squeezing = true;
	q->job.run = write_run;
	q->job.done = write_done;
	pool_submit(q->feeds->press->pool, &q->job, POOL_NOW);
}

static void
on_calm(struct ev_loop *loop, ev_timer *t, int events)
{
	(void)events;
	ev_timer_stop(loop, t);
	squeeze_pump(t->data);
}

static struct squeezer *
squeezer_of(struct feeds *f)
{
	if (!f->squeezer) {
		f->squeezer = x_calloc(1, sizeof(*f->squeezer));
		f->squeezer->tail = &f->squeezer->head;
		ev_timer_init(&f->squeezer->calm, on_calm, 0.,
			CALM_MS / 1000.);
		f->squeezer->calm.data = f;
	}
	return f->squeezer;
}

void
squeeze_note(struct feeds *f, struct shown *s)
{
	struct squeezer *z = squeezer_of(f);

	if (s->squeezed || s->unit->gone || !s->copy.etag[0])
		return;
	s->squeezed = true;
	/* A newsroom that saves again in a moment waits for no core. */
	ev_timer_again(f->press->loop, &z->calm);
	if (s->squeeze_link)
		return;
	s->squeeze_next = NULL;
	s->squeeze_link = z->tail;
	*z->tail = s;
	z->tail = &s->squeeze_next;
}

static void
unlink_shown(struct squeezer *z, struct shown *s)
{
	*s->squeeze_link = s->squeeze_next;
	if (s->squeeze_next)
		s->squeeze_next->squeeze_link = s->squeeze_link;
	else
		z->tail = s->squeeze_link;
	s->squeeze_link = NULL;
}

void
squeeze_forget(struct feeds *f, struct unit *u)
{
	for (int k = 0; k < FEED_FORMATS_MAX; k++)
		if (u->shown[k].squeeze_link)
			unlink_shown(f->squeezer, &u->shown[k]);
}

static void
start(struct feeds *f, struct shown *s)
{
	struct squeeze_job *q = x_calloc(1, sizeof(*q));

	q->job.run = squeeze_run;
	q->job.done = squeeze_done;
	q->feeds = f;
	q->shown = s;
	q->copy = s->copy;
	q->file = x_strdup(s->file);
	q->tree = tree_of(q);
	q->quality = s->unit->key.page > 0 ? BROTLI_BEST : BROTLI_QUICK;
	q->doc = s->doc ? document_ref(s->doc) : NULL;
	f->squeezer->busy = true;
	pool_submit(f->press->patient, &q->job, POOL_LATER);
}

void
squeeze_pump(struct feeds *f)
{
	struct squeezer *z = f->squeezer;
	struct shown *s = z ? z->head : NULL;

	if (!s || z->busy || ev_is_active(&z->calm) ||
		f->press->stopping || !feeds_idle(f) ||
		flow_busy(f->press->flow))
		return;
	unlink_shown(z, s);
	start(f, s);
}

void
squeeze_free(struct feeds *f)
{
	if (f->squeezer)
		ev_timer_stop(f->press->loop, &f->squeezer->calm);
	free(TAKE(f->squeezer));
}
