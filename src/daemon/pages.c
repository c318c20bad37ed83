/*
 * The pages desk (pages.h).
 *
 *	(unknown) --asked--> under way --done--> in memory --commit--> old
 *	    ^                    |                                      |
 *	    |            commit  v                                      |
 *	    '-- answered -- old, under way              asked: again <--'
 *
 * 1. A page has the epoch in which its rendering began; it answers requests of
 *    that epoch only.  So nobody gets what was old when he asked.
 * 2. Who asks for a page that is under way waits for it: however many ask,
 *    it is rendered once an epoch.
 * 3. What is not there is not remembered: there is no end of such addresses.
 */
#include <stdlib.h>
#include <sys/queue.h>

#include "base/table.h"
#include "daemon/assets.h"
#include "daemon/pages.h"

enum { PAGES_BYTES_MAX = 16 * 1024 * 1024 };

struct waiting {
	struct waiting *next;
	struct serve_request *request;
};

struct sheet {
	struct page_job make;
	struct pages *all;
	TAILQ_ENTRY(sheet) link;	/* in memory: asked for last, first */
	uint64_t epoch;
	bool known;			/* it is in the table */
	bool ready;			/* and in the list */
	struct waiting *waiting;
	size_t bytes;
	char *moved;			/* where its page is, elsewhere */
	size_t key_len;
	char key[];			/* the kind, and the slug */
};

TAILQ_HEAD(sheet_list, sheet);

struct pages {
	struct press *press;
	struct table by_key;
	struct sheet_list list;
	size_t bytes;
};

/* Another number whenever a page might look different. */
static uint64_t
epoch_now(const struct press *p)
{
	return p->ops->commits(p->store) + p->epoch;
}

static void
answer(const struct sheet *s, struct serve_request *r)
{
	if (s->moved)
		serve_redirect(r, slice_str(s->moved));
	else if (s->make.doc)
		serve_answer(r, document_ref(s->make.doc));
	else
		serve_answer(r, assets_nothing(s->all->press->assets));
}

static void
answer_all(struct sheet *s)
{
	struct waiting *w = TAKE(s->waiting), *next;

	for (; w; w = next) {
		next = w->next;
		answer(s, w->request);
		free(w);
	}
}

static void
sheet_free(struct sheet *s)
{
	document_unref(s->make.doc);
	free(s->moved);
	free(s);
}

/* Find it no more; one that is under way goes when it is done. */
static void
forget(struct sheet *s)
{
	struct pages *all = s->all;

	table_remove(&all->by_key, slice(s->key, s->key_len));
	s->known = false;
	if (!s->ready)
		return;
	TAILQ_REMOVE(&all->list, s, link);
	all->bytes -= s->bytes;
	sheet_free(s);
}

static void
keep(struct sheet *s)
{
	struct pages *all = s->all;

	s->ready = true;
	s->bytes = sizeof(*s) + s->key_len +
		(s->make.doc ? document_size(s->make.doc) : 0);
	TAILQ_INSERT_HEAD(&all->list, s, link);
	all->bytes += s->bytes;
	while (all->bytes > PAGES_BYTES_MAX)
		forget(TAILQ_LAST(&all->list, sheet_list));
}

static void
page_done(struct job *j)
{
	struct sheet *s = CONTAINER_OF(CONTAINER_OF(j, struct page_job, job),
		struct sheet, make);
	struct slice moved = s->make.moved;

	if (moved.len > 0) {
		s->moved = x_malloc(moved.len + 1);
		memcpy(s->moved, moved.ptr, moved.len);
		s->moved[moved.len] = '\0';
	}
	answer_all(s);
	config_unref(TAKE(s->make.config));
	arena_done(&s->make.arena);
	if (s->known && (s->make.doc || s->moved)) {
		keep(s);
		return;
	}
	if (s->known)
		forget(s);
	sheet_free(s);
}

static struct sheet *
start(struct pages *all, enum page_kind kind, struct slice key)
{
	struct sheet *s = x_calloc(1, sizeof(*s) + key.len);

	memcpy(s->key, key.ptr, key.len);
	s->key_len = key.len;
	s->all = all;
	s->epoch = epoch_now(all->press);
	s->known = true;
	s->make = (struct page_job){
		.job = { .run = page_run, .done = page_done },
		.press = all->press,
		.config = config_ref(all->press->config),
		.kind = kind,
		.slug = slice(s->key + 1, key.len - 1),
	};
	table_set(&all->by_key, slice(s->key, s->key_len), s);
	pool_submit(all->press->pool, &s->make.job, POOL_NOW);
	return s;
}

void
pages_serve(struct pages *all, enum page_kind kind, struct slice slug,
	struct serve_request *r)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice key = arena_printf(&a, "%d%.*s", kind, ARG(slug));
	struct sheet *s = table_get(&all->by_key, key);
	struct waiting *w;

	if (s && s->epoch != epoch_now(all->press)) {
		forget(s);
		s = NULL;
	}
	if (s && s->ready) {
		TAILQ_REMOVE(&all->list, s, link);
		TAILQ_INSERT_HEAD(&all->list, s, link);
		answer(s, r);
		return;
	}
	s = s ? s : start(all, kind, key);
	w = x_calloc(1, sizeof(*w));
	*w = (struct waiting){ s->waiting, r };
	s->waiting = w;
}

struct pages *
pages_new(struct press *p)
{
	struct pages *all = x_calloc(1, sizeof(*all));

	all->press = p;
	TAILQ_INIT(&all->list);
	return all;
}

void
pages_free(struct pages *all)
{
	struct sheet *s;

	if (!all)
		return;
	while ((s = TAILQ_FIRST(&all->list)))
		forget(s);
	table_done(&all->by_key);
	free(all);
}
