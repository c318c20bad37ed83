/*
 * What a document should say, by the store, and what it says.
 *
 * Both sides are looked up by id in a table, so the work is linear in what
 * stands there, whatever somebody put into the tree.
 */
#include <inttypes.h>

#include "base/date.h"
#include "base/table.h"
#include "verify/compare.h"

enum { SHOWN_MAX = 5 };		/* of one kind of difference, a document */

struct comparison {
	const struct outline *o;
	const struct wanted *w;
	struct findings *ret;
	struct table seen;	/* ids of the document: outline_entry */
	struct table stored;	/* ids of the store: entry */
};

/* An id, cut so that a message stays one: it may be a whole damaged page. */
#define SHOWN(s) (int)MIN((s).len, (size_t)200), (s).ptr

#define ADD(c, ...) \
	findings_add((c)->ret, (c)->w->place, (c)->w->hint, __VA_ARGS__)

/* The last line of a kind of which there are too many. */
static void
add_rest(struct comparison *c, size_t n, const char *what)
{
	if (n > SHOWN_MAX)
		ADD(c, "and %zu more entries %s", n - SHOWN_MAX, what);
}

/* ---- which entries ---- */

static void
find_twice(struct comparison *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->o->n; i++) {
		struct outline_entry *e = &c->o->list[i];

		if (e->id.len == 0)
			ADD(c, "entry %zu has no id", i + 1);
		else if (table_set(&c->seen, e->id, e) && n++ < SHOWN_MAX)
			ADD(c, "the entry \"%.*s\" is there twice",
				SHOWN(e->id));
	}
	add_rest(c, n, "are there twice");
}

static void
find_missing(struct comparison *c)
{
	const struct feed *f = c->w->feed;
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++) {
		struct entry *e = &f->list[i];

		table_set(&c->stored, e->uid, e);
		if (!table_get(&c->seen, e->uid) && n++ < SHOWN_MAX)
			ADD(c, "the entry \"%.*s\" (%.*s) is not there",
				SHOWN(e->uid), SHOWN(e->path));
	}
	add_rest(c, n, "are not there");
}

static void
find_strangers(struct comparison *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->o->n; i++) {
		struct slice id = c->o->list[i].id;

		if (id.len > 0 && !table_get(&c->stored, id) &&
			n++ < SHOWN_MAX)
			ADD(c, "the entry \"%.*s\" does not belong there",
				SHOWN(id));
	}
	add_rest(c, n, "do not belong there");
}

/* ---- in which order ---- */

/* Both lists, without what stands in one alone. */
static void
find_order(struct comparison *c)
{
	const struct feed *f = c->w->feed;
	size_t i = 0, k = 0;

	while (i < c->o->n && k < f->n) {
		const struct outline_entry *e = &c->o->list[i];

		if (!table_get(&c->stored, e->id) ||
			table_get(&c->seen, e->id) != e) {
			i++;
		} else if (!table_get(&c->seen, f->list[k].uid)) {
			k++;
		} else if (slice_eq(e->id, f->list[k].uid)) {
			i++;
			k++;
		} else {
			ADD(c, "the order differs: \"%.*s\" stands where "
				"\"%.*s\" belongs", SHOWN(e->id),
				SHOWN(f->list[k].uid));
			return;
		}
	}
}

/* Readers rely on the newest being the first, whatever the store says. */
static void
find_older_first(struct comparison *c)
{
	const struct outline_entry *list = c->o->list;

	for (size_t i = 1; i < c->o->n; i++) {
		if (list[i - 1].published >= list[i].published)
			continue;
		ADD(c, "the entry \"%.*s\" stands before a newer one",
			SHOWN(list[i - 1].id));
		return;
	}
}

/* ---- when ---- */

static bool
check_date(struct comparison *c, struct slice id, const char *what,
	int64_t said, int64_t stored)
{
	char there[DATE_SIZE], here[DATE_SIZE];

	if (said == stored)
		return true;
	if (said < 0)
		ADD(c, "the entry \"%.*s\" has no valid date %s", SHOWN(id),
			what);
	else
		ADD(c, "the entry \"%.*s\" was %s at %.*s, and by the store "
			"at %.*s", SHOWN(id), what,
			ARG(date_rfc3339(said, there)),
			ARG(date_rfc3339(stored, here)));
	return false;
}

static void
find_dates(struct comparison *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->o->n && n < SHOWN_MAX; i++) {
		const struct outline_entry *e = &c->o->list[i];
		const struct entry *s = table_get(&c->stored, e->id);

		/* RSS does not tell when an entry was updated. */
		if (s && (!check_date(c, e->id, "published", e->published,
			s->published) || (e->updated != OUTLINE_NOT_SAID &&
			!check_date(c, e->id, "updated", e->updated,
			s->updated))))
			n++;
	}
}

/* ---- the document itself ---- */

static void
check_link(struct comparison *c, const char *rel, struct slice said,
	struct slice stored)
{
	if (slice_eq(said, stored))
		return;
	if (said.len == 0)
		ADD(c, "its link \"%s\" to \"%.*s\" is not there", rel,
			SHOWN(stored));
	else if (stored.len == 0)
		ADD(c, "it has a link \"%s\" to \"%.*s\", where nothing is",
			rel, SHOWN(said));
	else
		ADD(c, "its link \"%s\" leads to \"%.*s\", not to \"%.*s\"",
			rel, SHOWN(said), SHOWN(stored));
}

static void
check_history(struct comparison *c)
{
	const struct outline *o = c->o;

	check_link(c, "self", o->self, c->w->self);
	check_link(c, "prev-archive", o->prev, c->w->prev);
	if (!o->knows_history)
		return;
	check_link(c, "current", o->current, c->w->current);
	if (o->complete != c->w->complete)
		ADD(c, o->complete ? "it says that it is complete, and is "
			"not" : "it does not say that it is complete");
	if (o->archive != (c->w->feed->page > 0))
		ADD(c, o->archive ? "it says that it is an archive, and is "
			"not" : "it does not say that it is an archive");
}

/* Of an entry that is there, nobody may be told that it is gone. */
static void
find_wrong_tombstones(struct comparison *c)
{
	for (size_t i = 0; i < c->o->n_gone; i++) {
		if (!table_get(&c->seen, c->o->gone[i]))
			continue;
		ADD(c, "the entry \"%.*s\" is there, and called deleted",
			SHOWN(c->o->gone[i]));
		return;
	}
}

void
compare_outline(const struct outline *o, const struct wanted *w,
	struct findings *ret)
{
	struct comparison c = { .o = o, .w = w, .ret = ret };

	if (o->n != w->feed->n)
		ADD(&c, "it has %zu entries, and by the store %zu", o->n,
			w->feed->n);
	find_twice(&c);
	find_missing(&c);
	find_strangers(&c);
	find_order(&c);
	find_older_first(&c);
	find_dates(&c);
	check_history(&c);
	find_wrong_tombstones(&c);
	table_done(&c.seen);
	table_done(&c.stored);
}
