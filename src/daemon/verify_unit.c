/*
 * One unit under verification.
 */
#include <stdlib.h>

#include "daemon/verify_unit.h"
#include "feed/render.h"
#include "feed/syndicate.h"
#include "model/address.h"
#include "verify/bytes.h"
#include "verify/compare.h"

struct unit_check *
unit_check_new(struct press *p, struct config *c, const struct feed *head,
	int page)
{
	struct unit_check *u = x_calloc(1, sizeof(*u));

	u->press = p;
	u->config = c;
	u->feed = *head;
	u->page = page;
	return u;
}

void
unit_check_free(struct unit_check *u)
{
	findings_done(&u->found);
	for (int k = 0; k < FEED_FORMATS_MAX; k++)
		document_unref(u->docs[k]);
	arena_done(&u->arena);
	free(u);
}

/* ---- what the store says ---- */

static int
load_feed(struct unit_check *u, struct store_reader *reader, struct err *e)
{
	memcpy(u->copies, u->feed.copies, sizeof(u->copies));
	u->wanted = u->feed.wanted;
	u->published = u->feed.published;
	return u->press->ops->feed_entries(reader, &u->feed,
		feed_limit(u->config, &u->feed), &u->arena, e);
}

static int
load_page(struct unit_check *u, struct store_reader *reader, struct err *e)
{
	const struct store_ops *ops = u->press->ops;
	struct feed_page page;

	if (ops->feed_page(reader, u->feed.id, u->page, &page, e) < 0)
		return -1;
	memcpy(u->copies, page.copies, sizeof(u->copies));
	u->wanted = page.wanted;
	u->published = page.published;
	return ops->page_entries(reader, &u->feed, &page, &u->arena, e);
}

int
unit_check_load(struct unit_check *u, struct store_reader *reader,
	struct err *e)
{
	int rc = u->page > 0 ? load_page(u, reader, e) :
		load_feed(u, reader, e);

	if (rc == 0)
		syndicate_list(u->config, &u->feed);
	return rc;
}

static bool
are_same(const struct copy *a, const struct copy *b)
{
	for (int k = 0; k < FEED_FORMATS_MAX; k++)
		if (a[k].mtime != b[k].mtime || strcmp(a[k].etag, b[k].etag))
			return false;
	return true;
}

bool
unit_check_moved(const struct unit_check *u, struct store_reader *reader)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	const struct store_ops *ops = u->press->ops;
	struct feed_page page;
	struct feed f;
	struct err e;

	if (u->page > 0)
		return ops->feed_page(reader, u->feed.id, u->page, &page,
			&e) < 0 || page.wanted != u->wanted ||
			!are_same(page.copies, u->copies);
	return ops->feed(reader, u->feed.id, &a, &f, &e) < 0 ||
		f.wanted != u->wanted || !are_same(f.copies, u->copies);
}

/* ---- what lies in the tree ---- */

struct slice
unit_check_place(struct unit_check *u, int format)
{
	return address_feed_file(&u->feed, renderers[format]->ending,
		&u->arena);
}

struct slice
unit_check_hint(const struct feed *f, struct arena *a)
{
	struct feed live = *f;

	live.page = 0;
	return arena_printf(a, "\"gazettectl rebuild %.*s\" writes it again.",
		ARG(address_feed(&live, renderers[0]->ending, a)));
}

/* The address of the same feed's page. */
static struct slice
absolute(struct unit_check *u, int page, int format)
{
	struct feed other = u->feed;

	other.page = page;
	return site_address(&u->config->site, address_feed(&other,
		renderers[format]->ending, &u->arena), &u->arena);
}

static void
drop_document(struct unit_check *u, int format)
{
	document_unref(TAKE(u->docs[format]));
}

static void
read_document(struct unit_check *u, int format)
{
	struct press *p = u->press;
	struct slice at = unit_check_place(u, format);
	struct slice hint = unit_check_hint(&u->feed, &u->arena);
	struct err e;

	u->documents++;
	u->docs[format] = document_new();
	if (p->publish->get(press_tree(p, u->config, &u->feed), at,
		u->docs[format], &e) < 0) {
		findings_add(&u->found, at, hint, "%s", e.text);
		drop_document(u, format);
		return;
	}
	bytes_check(u->docs[format], u->copies[format].etag, at, hint,
		&u->found);
	if (outline_read(slice_str(renderers[format]->ending),
		u->docs[format]->body[CODING_IDENTITY], &u->arena,
		&u->outlines[format], &e) < 0) {
		findings_add(&u->found, at, hint, "it cannot be parsed: %s",
			e.text);
		drop_document(u, format);
		return;
	}
	u->largest = MAX(u->largest,
		u->docs[format]->body[CODING_IDENTITY].len);
}

/*
 * A document near its limit may lack oldest entries, the same in each format:
 * no single entry is more than half of it.
 */
static void
allow_cut(struct unit_check *u)
{
	size_t n = u->docs[0] ? u->outlines[0].n : u->feed.n;

	if (n == 0 || n >= u->feed.n || u->largest < FEED_BYTES_MAX / 2)
		return;
	u->feed.n = n;
	u->feed.complete = false;
	u->cut = true;
}

static void
compare_document(struct unit_check *u, int format)
{
	const struct feed *f = &u->feed;
	struct wanted wanted = {
		.place = unit_check_place(u, format),
		.hint = unit_check_hint(f, &u->arena),
		.feed = f,
		.complete = f->kind == CHANNEL_SERIES && !f->archived &&
			f->complete,
		.self = absolute(u, f->page, format),
		.current = f->page > 0 ? absolute(u, 0, format) : S(""),
		.prev = f->prev_page > 0 ? absolute(u, f->prev_page, format) :
			S(""),
	};

	compare_outline(&u->outlines[format], &wanted, &u->found);
}

void
unit_check_run(struct unit_check *u)
{
	for (int k = 0; renderers[k]; k++)
		read_document(u, k);
	allow_cut(u);
	for (int k = 0; renderers[k]; k++)
		if (u->docs[k])
			compare_document(u, k);
}
