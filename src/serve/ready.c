/*
 * Answers kept ready.
 *
 * Making a response takes a fifth of the time of sending it.  It depends on
 * nothing but the document, its variant and whether the client has it, and may
 * be sent to many at once.
 *
 * 1. A place holds one answer and a reference to its document; the place is
 *    found by the document's address, and a newcomer takes it.
 * 2. Only public documents with status 200 are kept, and only as long as they
 *    are asked for.
 * 3. A large body that is asked for again is put into a file, from which the
 *    kernel sends it; below FILE_LEAST the additional calls cost more than
 *    they save.
 * 4. One that is dated ahead is not kept: what is said of its date changes
 *    with the clock (RFC 9110 8.8.2.1).
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "serve/negotiate.h"
#include "serve/ready.h"

enum { PLACES = 256, FILE_LEAST = 16 * 1024 };

struct place {
	struct document *document;	/* NULL: nothing here */
	struct choice choice;
	struct answer answer;
	struct body_file *file;	/* of the body, or to be; or NULL */
	bool asked;	/* since the last sweep */
};

struct ready {
	struct place places[PLACES];
	struct body_files files;
};

struct ready *
ready_new(void)
{
	return x_calloc(1, sizeof(struct ready));
}

void
ready_use_files(struct ready *r, struct pool *pool, const char *dir)
{
	r->files.pool = pool;
	r->files.dir = x_strdup(dir);
}

static void
place_clear(struct place *p)
{
	if (!p->document)
		return;
	MHD_destroy_response(p->answer.response);
	body_file_unref(p->file);
	document_unref(p->document);
	*p = (struct place){ 0 };
}

static struct place *
place_of(struct ready *r, const struct document *d, struct choice c)
{
	uint64_t key[3] = { (uintptr_t)d, c.verdict, c.coding };

	return &r->places[hash64(slice((const char *)key, sizeof(key))) %
		PLACES];
}

static bool
holds(const struct place *p, const struct document *d, struct choice c)
{
	return p->document == d && p->choice.verdict == c.verdict &&
		p->choice.coding == c.coding;
}

static bool
is_worth_a_file(const struct place *p)
{
	return p->choice.verdict == VERDICT_FULL &&
		p->document->body[p->choice.coding].len >= FILE_LEAST;
}

/* It is asked for again: from memory until a file is there, if ever. */
static void
prefer_file(struct ready *r, struct place *p)
{
	enum coding c = p->choice.coding;
	int fd;

	if (!p->file) {
		p->file = body_file_new(&r->files, p->document, c);
		return;
	}
	fd = body_file_take(p->file);
	if (fd < 0)
		return;
	MHD_destroy_response(p->answer.response);
	p->answer = respond_from_file(p->document, c, fd);
	p->answer.shared = true;
	p->answer.file = p->file;
}

struct answer
ready_document(struct ready *r, const struct head *h, struct document *d)
{
	struct choice c = negotiate(h, d);
	struct place *p;

	if (d->status != MHD_HTTP_OK || d->is_private ||
		c.verdict == VERDICT_NONE || d->mtime > clock_now())
		return respond_choice(h, d, c);
	p = place_of(r, d, c);
	if (!holds(p, d, c)) {
		place_clear(p);
		p->document = document_ref(d);
		p->choice = c;
		p->answer = respond_choice(h, document_ref(d), c);
		p->answer.shared = true;
	} else if (is_worth_a_file(p)) {
		prefer_file(r, p);
	}
	p->asked = true;
	document_unref(d);
	return p->answer;
}

void
ready_sweep(struct ready *r)
{
	for (size_t i = 0; i < PLACES; i++) {
		if (!r->places[i].asked)
			place_clear(&r->places[i]);
		r->places[i].asked = false;
	}
}

void
ready_free(struct ready *r)
{
	for (size_t i = 0; r && i < PLACES; i++)
		place_clear(&r->places[i]);
	if (r)
		free(r->files.dir);
	free(r);
}
