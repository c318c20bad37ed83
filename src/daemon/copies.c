/*
 * The copies that HTTP readers get: their addresses, the documents kept in
 * memory (the least recently made out first), and who waits for one.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "daemon/readers.h"
#include "daemon/unit.h"
#include "feed/render.h"
#include "model/access.h"
#include "model/address.h"
#include "serve/gate.h"

/* ---- documents in memory ---- */

static void
forget_document(struct feeds *f, struct shown *s)
{
	if (!s->doc)
		return;
	*(s->newer ? &s->newer->older : &f->newest) = s->older;
	*(s->older ? &s->older->newer : &f->oldest) = s->newer;
	f->cached -= document_size(s->doc);
	document_unref(TAKE(s->doc));
}

static void
keep_document(struct feeds *f, struct shown *s, struct document *d)
{
	forget_document(f, s);
	s->doc = document_ref(d);
	s->newer = NULL;
	s->older = f->newest;
	*(f->newest ? &f->newest->newer : &f->oldest) = s;
	f->newest = s;
	f->cached += document_size(d);
	while (f->cached > f->press->config->serve.cache_bytes &&
		f->oldest != s)
		forget_document(f, f->oldest);
}

void
copies_show(struct feeds *f, struct shown *s, struct document *d, bool keep)
{
	bool news = strcmp(s->copy.etag, d->etag) != 0 ||
		(s->doc && s->doc->is_private != d->is_private);

	if (news) {
		delta_forget(s);
		forget_document(f, s);
		s->squeezed = false;
	}
	memcpy(s->copy.etag, d->etag, sizeof(s->copy.etag));
	s->copy.mtime = d->mtime;
	copies_answer(s, d);
	/* What only a scan made is read from the tree if anybody wants it. */
	if (keep && (news || !s->doc))
		keep_document(f, s, d);
}

void
copies_replace(struct feeds *f, struct shown *s, const struct document *old,
	struct document *d)
{
	if (s->doc == old && old)
		keep_document(f, s, d);
	else
		forget_document(f, s);
}

void
copies_answer(struct shown *s, struct document *d)
{
	struct waiter *w = TAKE(s->waiters), *next;

	for (; w; w = next) {
		next = w->next;
		serve_answer(w->request, d ? document_ref(d) : NULL);
		free(w);
	}
}

/* ---- addresses ---- */

void
copies_learn(struct feeds *f, struct unit *u, const struct feed *head)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	const struct feed *at = &u->feed;

	if (u->shown[0].address)
		return;
	/* There may be many thousands: both names in one piece. */
	u->names = x_malloc(head->slug.len + head->key.len + 1);
	memcpy(u->names, head->slug.ptr, head->slug.len);
	if (head->key.len > 0)
		memcpy(u->names + head->slug.len, head->key.ptr,
			head->key.len);
	u->feed = (struct feed){ .kind = head->kind,
		.slug = slice(u->names, head->slug.len),
		.key = slice(u->names + head->slug.len, head->key.len),
		.page = (int)u->key.page };
	for (int k = 0; renderers[k]; k++) {
		struct shown *s = &u->shown[k];

		s->unit = u;
		s->address = x_strdup(address_feed(at, renderers[k]->ending,
			&a).ptr);
		s->file = x_strdup(address_feed_file(at,
			renderers[k]->ending, &a).ptr);
		table_set(&f->by_address, slice_str(s->address), s);
	}
}

/* Pages come one after the other: the first that is known ends it. */
void
copies_learn_pages(struct feeds *f, const struct feed *head)
{
	for (int page = head->pages; page > 0; page--) {
		struct unit *u = feeds_unit(f, head->id, page);

		if (u->shown[0].address)
			break;
		copies_learn(f, u, head);
	}
}

void
copies_forget(struct feeds *f, struct unit *u)
{
	for (int k = 0; renderers[k]; k++) {
		forget_document(f, &u->shown[k]);
		delta_forget(&u->shown[k]);
	}
}

void
copies_drop(struct feeds *f, struct unit *u)
{
	for (int k = 0; renderers[k]; k++) {
		struct shown *s = &u->shown[k];

		if (s->address)
			table_remove(&f->by_address, slice_str(s->address));
		copies_answer(s, NULL);
	}
	copies_forget(f, u);
}

void
copies_free(struct feeds *f, struct unit *u)
{
	for (int k = 0; renderers[k]; k++) {
		copies_answer(&u->shown[k], NULL);
		free(u->shown[k].address);
		free(u->shown[k].file);
	}
	copies_forget(f, u);
	free(u->names);
}

/* ---- requests ---- */

/* It is not there, or not what was published: make it anew. */
static void
repair(struct feeds *f, struct unit *u)
{
	u->force = true;
	feeds_mark_unit(f, u, true);
	feeds_pump(f);
}

static void
load_done(struct job *j)
{
	struct load_job *l = CONTAINER_OF(j, struct load_job, job);
	struct feeds *f = l->press->feeds;
	struct shown *s = l->shown;

	s->loading = false;
	if (s->doc) {
		/* Rendered meanwhile: newer than what was loaded. */
		copies_answer(s, s->doc);
	} else if (l->doc && strcmp(l->doc->etag, s->copy.etag) == 0 &&
		l->config == f->press->config) {
		copies_show(f, s, l->doc, true);
		if (!l->doc->body[CODING_BROTLI].ptr)
			squeeze_note(f, s);
	} else if (!s->unit->gone) {
		repair(f, s->unit);
	}
	document_unref(l->doc);
	config_unref(l->config);
	arena_done(&l->arena);
	free(l);
}

static void
load_start(struct feeds *f, struct shown *s)
{
	struct load_job *l = x_calloc(1, sizeof(*l));

	l->job.run = load_run;
	l->job.done = load_done;
	l->press = f->press;
	l->config = config_ref(f->press->config);
	l->shown = s;
	l->feed_id = s->unit->key.feed_id;
	l->page = (int)s->unit->key.page;
	l->kind = renderers[s - s->unit->shown];
	l->feed = s->unit->feed;	/* its texts stay as long as it */
	l->copy = s->copy;
	s->loading = true;
	pool_submit(f->press->pool, &l->job, POOL_NOW);
}

void
copies_serve(struct feeds *f, struct shown *s, struct serve_request *r)
{
	struct waiter *w;

	if (s->doc) {
		serve_answer(r, document_ref(s->doc));
		return;
	}
	w = x_calloc(1, sizeof(*w));
	*w = (struct waiter){ .next = s->waiters, .request = r };
	s->waiters = w;
	/*
	 * What lies in the tree may be older than what a reader had before the
	 * daemon was killed: a dirty feed is rendered, and at once.
	 */
	if (s->unit->dirty) {
		feeds_mark_unit(f, s->unit, true);
		feeds_pump(f);
	} else if (!s->loading && !s->unit->rendering && s->copy.etag[0]) {
		load_start(f, s);
	}
}

/* Who walks an archive was counted when he asked for the feed. */
static void
note_reader(struct feeds *f, const struct shown *s,
	const struct serve_request *r)
{
	const struct head *head = serve_head(r);

	if (head && s->unit->key.page == 0)
		readers_saw(f->press->readers, s->unit->key.feed_id,
			(int)(s - s->unit->shown), head->user_agent,
			clock_now());
}

bool
feeds_serve(struct feeds *f, struct slice address, struct serve_request *r)
{
	struct shown *s = table_get(&f->by_address, address);

	if (!s)
		return false;
	note_reader(f, s, r);
	if (!delta_serve(f, s, r))
		copies_serve(f, s, r);
	return true;
}

bool
feeds_find_topic(const struct feeds *f, struct slice address,
	int64_t *ret_feed_id)
{
	const struct shown *s = table_get(&f->by_address, address);

	if (!s || s->unit->key.page > 0 || !s->copy.etag[0] ||
		channel_is_private(f->press->config, &s->unit->feed))
		return false;
	*ret_feed_id = s->unit->key.feed_id;
	return true;
}
