/*
 * The outlines of Atom and RSS, by libxml2's reader.
 *
 * It walks, and keeps no tree: what a document costs is its largest element.
 * What is looked for is a table for each format: at which depth an element
 * stands, whether inside an entry, and what it says.
 */
#include <libxml/parser.h>
#include <libxml/xmlreader.h>
#include <limits.h>

#include "base/date.h"
#include "verify/outline.h"

#define NS_ATOM "http://www.w3.org/2005/Atom"
#define NS_HISTORY "http://purl.org/syndication/history/1.0"
#define NS_GONE "http://purl.org/atompub/tombstones/1.0"

enum part {
	PART_ENTRY, PART_ID, PART_PUBLISHED, PART_UPDATED, PART_LINK,
	PART_GONE, PART_COMPLETE, PART_ARCHIVE,
};

struct rule {
	enum part part;
	struct slice ns, name;
	bool in_entry;
};

struct dialect {
	struct slice ns, root;
	int depth;		/* of an entry */
	const struct rule *rules;
	size_t n;
	int64_t (*date)(struct slice s);
};

static const struct rule atom_rules[] = {
	{ PART_ENTRY, S_INIT(NS_ATOM), S_INIT("entry"), false },
	{ PART_LINK, S_INIT(NS_ATOM), S_INIT("link"), false },
	{ PART_GONE, S_INIT(NS_GONE), S_INIT("deleted-entry"), false },
	{ PART_COMPLETE, S_INIT(NS_HISTORY), S_INIT("complete"), false },
	{ PART_ARCHIVE, S_INIT(NS_HISTORY), S_INIT("archive"), false },
	{ PART_ID, S_INIT(NS_ATOM), S_INIT("id"), true },
	{ PART_PUBLISHED, S_INIT(NS_ATOM), S_INIT("published"), true },
	{ PART_UPDATED, S_INIT(NS_ATOM), S_INIT("updated"), true },
};

static const struct rule rss_rules[] = {
	{ PART_ENTRY, S_INIT(""), S_INIT("item"), false },
	{ PART_LINK, S_INIT(NS_ATOM), S_INIT("link"), false },
	{ PART_GONE, S_INIT(NS_GONE), S_INIT("deleted-entry"), false },
	{ PART_COMPLETE, S_INIT(NS_HISTORY), S_INIT("complete"), false },
	{ PART_ARCHIVE, S_INIT(NS_HISTORY), S_INIT("archive"), false },
	{ PART_ID, S_INIT(""), S_INIT("guid"), true },
	{ PART_PUBLISHED, S_INIT(""), S_INIT("pubDate"), true },
};

static const struct dialect atom = { S_INIT(NS_ATOM), S_INIT("feed"), 1,
	atom_rules, COUNT_OF(atom_rules), outline_date };
static const struct dialect rss = { S_INIT(""), S_INIT("rss"), 2,
	rss_rules, COUNT_OF(rss_rules), date_parse_http };

/* ---- the reader ---- */

struct walk {
	xmlTextReader *reader;
	const struct dialect *dialect;
	bool in_entry;
	struct arena *arena;
	struct outline *ret;
	struct err *e;		/* the first complaint */
};

static void
on_error(void *ctx, xmlError *error)
{
	struct err *e = ctx;
	struct slice text = slice_trim(slice_str(error->message));

	if (e->kind == ERR_NONE)
		err_set(e, ERR_SYNTAX, "line %d: %.*s", error->line,
			(int)MIN(text.len, (size_t)200), text.ptr);
}

static void
free_reader(xmlTextReader **r)
{
	xmlFreeTextReader(*r);
}

static xmlTextReader *
open_reader(struct slice bytes, struct err *e)
{
	xmlTextReader *r = bytes.len > INT_MAX ? NULL : xmlReaderForMemory(
		bytes.ptr, (int)bytes.len, NULL, NULL, XML_PARSE_NONET);

	*e = (struct err){ 0 };
	if (!r)
		err_set(e, ERR_SYNTAX, "it cannot be read");
	else
		xmlTextReaderSetStructuredErrorHandler(r, on_error, e);
	return r;
}

/* To the next node: 1, at the end 0, and -1 when it is not well-formed. */
static int
step(xmlTextReader *r, struct err *e)
{
	int more = xmlTextReaderRead(r);

	if (more == 1 && xmlTextReaderNodeType(r) ==
		XML_READER_TYPE_DOCUMENT_TYPE)
		return err_set(e, ERR_SYNTAX, "it declares a DOCTYPE");
	if (more < 0 && e->kind == ERR_NONE)
		return err_set(e, ERR_SYNTAX, "it is not well-formed");
	return more < 0 || e->kind != ERR_NONE ? -1 : more;
}

static struct slice
borrowed(const xmlChar *s)
{
	return slice_str((const char *)s);
}

/* Copy what libxml2 gave, which may be nothing, and free it. */
static struct slice
kept(struct walk *w, xmlChar *s)
{
	struct slice copy = arena_copy(w->arena, borrowed(s));

	xmlFree(s);
	return copy;
}

static struct slice
text_of(struct walk *w)
{
	return slice_trim(kept(w, xmlTextReaderReadString(w->reader)));
}

static struct slice
attribute(struct walk *w, const char *name)
{
	return kept(w, xmlTextReaderGetAttribute(w->reader,
		(const xmlChar *)name));
}

/* ---- what it says ---- */

static void
take_link(struct walk *w)
{
	struct slice rel = attribute(w, "rel"), href = attribute(w, "href");

	if (slice_eq(rel, S("self")))
		w->ret->self = href;
	else if (slice_eq(rel, S("current")))
		w->ret->current = href;
	else if (slice_eq(rel, S("prev-archive")))
		w->ret->prev = href;
}

static void
take_gone(struct walk *w)
{
	struct outline *o = w->ret;

	o->gone = ARENA_GROW(w->arena, o->gone, o->n_gone);
	o->gone[o->n_gone++] = attribute(w, "ref");
}

static void
take(struct walk *w, enum part part)
{
	struct outline *o = w->ret;
	struct outline_entry *entry = w->in_entry ? &o->list[o->n - 1] : NULL;

	switch (part) {
	case PART_ENTRY:
		outline_add(o, w->arena);
		w->in_entry = true;
		break;
	case PART_ID:
		entry->id = text_of(w);
		break;
	case PART_PUBLISHED:
		entry->published = w->dialect->date(text_of(w));
		break;
	case PART_UPDATED:
		entry->updated = w->dialect->date(text_of(w));
		break;
	case PART_LINK:
		take_link(w);
		break;
	case PART_GONE:
		take_gone(w);
		break;
	case PART_COMPLETE:
		o->complete = true;
		break;
	case PART_ARCHIVE:
		o->archive = true;
		break;
	}
}

static void
take_element(struct walk *w)
{
	struct slice ns = borrowed(xmlTextReaderConstNamespaceUri(w->reader));
	struct slice name = borrowed(xmlTextReaderConstLocalName(w->reader));
	const struct dialect *d = w->dialect;
	int depth = xmlTextReaderDepth(w->reader);

	if (depth == d->depth)
		w->in_entry = false;
	for (size_t i = 0; i < d->n; i++) {
		const struct rule *r = &d->rules[i];

		if (depth != d->depth + r->in_entry ||
			r->in_entry != w->in_entry ||
			!slice_eq(ns, r->ns) || !slice_eq(name, r->name))
			continue;
		take(w, r->part);
		return;
	}
}

/* To the root, which says what it is. */
static int
enter(struct walk *w)
{
	const struct dialect *d = w->dialect;
	int more;

	while ((more = step(w->reader, w->e)) > 0)
		if (xmlTextReaderNodeType(w->reader) ==
			XML_READER_TYPE_ELEMENT)
			break;
	if (more < 0)
		return -1;
	if (!slice_eq(borrowed(xmlTextReaderConstNamespaceUri(w->reader)),
		d->ns) || !slice_eq(borrowed(xmlTextReaderConstLocalName(
		w->reader)), d->root))
		return err_set(w->e, ERR_SYNTAX, "its root is not <%.*s>",
			ARG(d->root));
	return 0;
}

static int
outline_xml(const struct dialect *d, struct slice bytes, struct arena *a,
	struct outline *ret, struct err *e)
{
	CLEANUP(free_reader) xmlTextReader *r = open_reader(bytes, e);
	struct walk w = { .reader = r, .dialect = d, .arena = a, .ret = ret,
		.e = e };
	int more;

	*ret = (struct outline){ .self = S(""), .current = S(""),
		.prev = S(""), .knows_history = true };
	if (!r || enter(&w) < 0)
		return -1;
	while ((more = step(r, e)) > 0)
		if (xmlTextReaderNodeType(r) == XML_READER_TYPE_ELEMENT)
			take_element(&w);
	return more;
}

int
outline_atom(struct slice bytes, struct arena *a, struct outline *ret,
	struct err *e)
{
	return outline_xml(&atom, bytes, a, ret, e);
}

int
outline_rss(struct slice bytes, struct arena *a, struct outline *ret,
	struct err *e)
{
	return outline_xml(&rss, bytes, a, ret, e);
}

int
outline_check_xml(struct slice bytes, struct err *e)
{
	CLEANUP(free_reader) xmlTextReader *r = open_reader(bytes, e);
	int more = r ? 1 : -1;

	while (more > 0)
		more = step(r, e);
	return more;
}

void
outline_start(void)
{
	xmlInitParser();
}
