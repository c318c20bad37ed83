/*
 * Feeds, for gazettectl: what is published of each, who reads it; and to have
 * it rendered again, or verified.
 *
 * A feed is meant by an address of it, its slug or its title.
 */
#include "base/clock.h"
#include "base/fold.h"
#include "base/uri.h"
#include "base/utf8.h"
#include "daemon/answer_verb.h"
#include "daemon/catalogue.h"
#include "daemon/feeds.h"
#include "daemon/readers.h"
#include "daemon/verify.h"
#include "feed/render.h"
#include "model/access.h"
#include "model/address.h"

enum { PAGES_SHOWN_MAX = 100 };

/* ---- names ---- */

/* What a name could be; the first that means any feed is taken. */
enum naming { BY_ADDRESS, BY_SLUG, BY_TITLE, NAMINGS };

struct name {
	struct slice text;
	struct slice path;	/* decoded, as of an address */
	struct slice key;	/* folded, as of a title */
};

static struct name
name_of(const struct config *c, struct slice text, struct arena *a)
{
	struct slice path = text;

	if (slice_starts(text, c->site.url))
		path = slice_from(text, c->site.url.len - 1);
	return (struct name){ text, uri_decode(path, a), fold_key(text, a) };
}

/* Is it where the feed's page is, or its document in some format? */
static bool
is_address(const struct feed *f, struct slice path, struct arena *a)
{
	if (!path.ptr || !slice_starts(path, S("/")))
		return false;
	if (slice_eq(path, uri_decode(address_page(f->kind, f->slug, a), a)))
		return true;
	for (size_t k = 0; renderers[k]; k++)
		if (slice_eq(slice_from(path, 1), address_feed_file(f,
			renderers[k]->ending, a)))
			return true;
	return false;
}

static bool
is_named(const struct config *c, const struct feed *f, enum naming how,
	const struct name *name)
{
	CLEANUP(arena_done) struct arena a = { 0 };

	if (how == BY_ADDRESS)
		return is_address(f, name->path, &a);
	if (how == BY_SLUG)
		return slice_eq(f->slug, name->text);
	return name->key.len > 0 && slice_eq(name->key, fold_key(
		feed_title(c, f), &a));
}

int
answer_find_feed(struct answer_job *j, const struct store_ops *ops,
	struct store_reader *press, struct feed *ret)
{
	struct slice text = slice_str(json_string_value(json_object_get(
		j->args, "path")));
	struct name name = name_of(j->config, text, &j->arena);
	struct feed *list;
	size_t n, found = 0;

	if (ops->feeds(press, &j->arena, &list, &n, &j->failed) < 0)
		return -1;
	for (int how = 0; how < NAMINGS && found == 0; how++)
		for (size_t i = 0; i < n; i++)
			if (is_named(j->config, &list[i], (enum naming)how,
				&name) && found++ == 0)
				*ret = list[i];
	if (found == 1)
		return 0;
	if (found == 0) {
		err_set(&j->failed, ERR_MISSING, "there is no feed \"%.*s\"",
			ARG(utf8_first(text, 100)));
		return err_hint(&j->failed, "\"gazettectl feeds\" lists "
			"them.");
	}
	err_set(&j->failed, ERR_REFUSED, "%zu feeds have the name \"%.*s\"",
		found, ARG(utf8_first(text, 100)));
	return err_hint(&j->failed, "Say which, by the path that "
		"\"gazettectl feeds\" shows.");
}

/* ---- what is published ---- */

static const char *
kind_name(enum channel_kind kind)
{
	return kind == CHANNEL_SERIES ? "series" :
		kind == CHANNEL_TOPIC ? "topic" : "all";
}

static int64_t
size_of(const struct answer_job *j, const struct feed *f, int format,
	enum coding c)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	const struct press *p = j->press;

	return MAX((int64_t)0, p->publish->size(press_tree(p, j->config, f),
		address_feed_file(f, renderers[format]->ending, &a), c));
}

/* What is said of a feed wherever it is listed. */
static json_t *
feed_answer(struct answer_job *j, const struct feed *f)
{
	struct arena *a = &j->arena;
	struct slice address = address_feed(f, renderers[0]->ending, a);
	bool is_private = channel_is_private(j->config, f);
	json_t *formats = json_array();
	int64_t mtime = 0;

	for (int k = 0; renderers[k]; k++) {
		if (f->copies[k].etag[0])
			json_array_append_new(formats, json_string(
				renderers[k]->ending));
		mtime = MAX(mtime, f->copies[k].mtime);
	}
	return json_pack("{ss ss so so so sI sI ss so sb so}",
		"kind", kind_name(f->kind),
		"access", is_private ? "partners" : "public",
		"slug", answer_text(f->slug),
		"title", answer_text(feed_title(j->config, f)),
		"path", answer_text(address),
		"entries", (json_int_t)f->entries,
		"mtime", (json_int_t)mtime, "etag", f->copies[0].etag,
		"url", answer_text(site_address(&j->config->site, address, a)),
		"published", f->published >= f->wanted, "formats", formats);
}

void
answer_feeds_begin(struct answer_job *j)
{
	j->n_readers = readers_counts(j->press->readers, clock_now(),
		&j->arena, &j->readers);
}

/* What one reader loads, and not in every coding and format. */
static json_t *
listed_feed(struct answer_job *j, const struct feed *f)
{
	json_t *o = feed_answer(j, f);

	CHECK(o);
	json_object_set_new(o, "bytes", json_integer((json_int_t)size_of(j, f,
		0, CODING_IDENTITY)));
	json_object_set_new(o, "readers", json_integer((json_int_t)
		readers_count_of(j->readers, j->n_readers, f->id)));
	return o;
}

void
answer_feeds_read(struct answer_job *j, struct store_reader *r)
{
	json_t *list = json_array();
	struct feed *f;
	size_t n;

	json_object_set_new(j->answer, "feeds", list);
	if (j->press->ops->feeds(r, &j->arena, &f, &n, &j->failed) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, listed_feed(j, &f[i]));
}

/* ---- one of them ---- */

static json_t *
document_answer(struct answer_job *j, const struct feed *f, int format,
	const struct copy *copy)
{
	struct arena *a = &j->arena;
	struct slice address = address_feed(f, renderers[format]->ending, a);

	return json_pack("{ss so so ss sI sI sI sI}",
		"format", renderers[format]->ending,
		"path", answer_text(address),
		"url", answer_text(site_address(&j->config->site, address, a)),
		"etag", copy->etag, "mtime", (json_int_t)copy->mtime,
		"bytes", (json_int_t)size_of(j, f, format, CODING_IDENTITY),
		"gzip", (json_int_t)size_of(j, f, format, CODING_GZIP),
		"brotli", (json_int_t)size_of(j, f, format, CODING_BROTLI));
}

static json_t *
documents_answer(struct answer_job *j, const struct feed *f)
{
	json_t *list = json_array();

	for (int k = 0; renderers[k]; k++)
		json_array_append_new(list, document_answer(j, f, k,
			&f->copies[k]));
	return list;
}

/* Pages of the archive, the newest first, in the first format. */
static json_t *
archive_answer(struct answer_job *j, struct store_reader *r,
	const struct feed *f)
{
	int last = f->archived ? f->pages : 0;
	json_t *list = json_array(), *one;
	struct feed at = *f;
	struct feed_page page;

	for (int n = last; n > MAX(last - PAGES_SHOWN_MAX, 0); n--) {
		if (j->press->ops->feed_page(r, f->id, n, &page,
			&j->failed) < 0)
			break;
		at.page = n;
		one = document_answer(j, &at, 0, &page.copies[0]);
		json_object_set_new(one, "page", json_integer(n));
		json_object_set_new(one, "published", json_boolean(
			page.published >= page.wanted));
		json_array_append_new(list, one);
	}
	return list;
}

void
answer_feed_read(struct answer_job *j, struct store_reader *r)
{
	struct slice page;
	struct feed f;
	json_t *o;

	if (answer_find_feed(j, j->press->ops, r, &f) < 0)
		return;
	j->feed_id = f.id;
	page = site_address(&j->config->site, address_page(f.kind, f.slug,
		&j->arena), &j->arena);
	o = feed_answer(j, &f);
	CHECK(o);
	json_object_set_new(j->answer, "feed", o);
	json_object_set_new(o, "id", answer_text(f.uid));
	json_object_set_new(o, "page", answer_text(page));
	json_object_set_new(o, "archived", json_boolean(f.archived));
	json_object_set_new(o, "pages", json_integer(f.archived ? f.pages :
		0));
	json_object_set_new(o, "documents", documents_answer(j, &f));
	json_object_set_new(o, "archive", archive_answer(j, r, &f));
}

void
answer_feed_end(struct answer_job *j)
{
	json_t *list = json_array(), *one;
	struct reader *readers = NULL;
	size_t n = readers_of(j->press->readers, j->feed_id, clock_now(),
		&j->arena, &readers);

	for (size_t i = 0; i < n; i++) {
		const struct reader *r = &readers[i];

		one = json_pack("{ss ss sI sI}", "agent", r->agent.name,
			"format", renderers[r->format]->ending,
			"requests", (json_int_t)r->requests,
			"last", (json_int_t)r->last);
		json_object_set_new(one, "subscribers",
			r->agent.subscribers < 0 ? json_null() :
			json_integer((json_int_t)r->agent.subscribers));
		json_array_append_new(list, one);
	}
	one = json_object_get(j->answer, "feed");
	json_object_set_new(one, "readers", list);
	json_object_set_new(one, "people", json_integer((json_int_t)
		readers_people(readers, n)));
}

/* ---- rebuild ---- */

void
answer_name_read(struct answer_job *j, struct store_reader *r)
{
	struct feed f;

	if (!json_object_get(j->args, "path") ||
		answer_find_feed(j, j->press->ops, r, &f) < 0)
		return;
	j->feed_id = f.id;
}

void
answer_rebuild_end(struct answer_job *j)
{
	json_object_set_new(j->answer, "documents", json_integer((json_int_t)
		feeds_rebuild(j->press->feeds, j->feed_id)));
	if (!j->feed_id)
		catalogue_rebuild(j->press->catalogue);
}

void
answer_pending_end(struct answer_job *j)
{
	struct feeds_status status;
	size_t n = feeds_unpublished(j->press->feeds, j->feed_id);

	if (!j->feed_id)
		n += catalogue_is_pending(j->press->catalogue);
	feeds_get_status(j->press->feeds, &status);
	json_object_set_new(j->answer, "pending",
		json_integer((json_int_t)n));
	json_object_set_new(j->answer, "healthy",
		json_boolean(!status.failing));
	json_object_set_new(j->answer, "why", json_string(status.failing ?
		status.why.text : ""));
}

/* ---- verify ---- */

void
answer_verify_begin(struct answer_job *j)
{
	verify_ask(j->press->verify, json_integer_value(json_object_get(
		j->args, "run")), j->answer);
}
