/*
 * A YAML text as a tree of nodes that know where they stand.
 *
 * libyaml's events drive a stack of open lists and maps; there is no
 * recursion, so the depth limit is the size of the stack.
 */
#include <yaml.h>

#include "base/utf8.h"
#include "base/yaml_node.h"

struct builder {
	yaml_parser_t parser;
	const struct source *source;
	struct arena *a;
	struct faults *f;
	struct node *root;
	struct node *open[NODE_DEPTH_MAX];
	struct node *key[NODE_DEPTH_MAX];	/* waits for its value */
	bool broken[NODE_DEPTH_MAX];		/* refused */
	size_t depth;
	size_t count;
	bool ended;
};

static void
parser_done(yaml_parser_t **parser)
{
	yaml_parser_delete(*parser);
}

static void
event_done(yaml_event_t *ev)
{
	yaml_event_delete(ev);
}

static struct place
place_of(const struct builder *b, const yaml_mark_t *from,
	const yaml_mark_t *to)
{
	bool one_line = to && to->line == from->line &&
		to->column > from->column;

	return (struct place){
		.source = b->source,
		.line = (unsigned)from->line + 1,
		.column = (unsigned)from->column + 1,
		.width = one_line ? (unsigned)(to->column - from->column) : 1,
	};
}

/* The place of a byte: for what libyaml could not even read. */
static struct place
place_of_byte(const struct source *s, size_t offset)
{
	struct place at = { s, 1, 1, 1 };
	struct slice before = slice_sub(s->text, 0, offset), line;
	struct slice rest = before;

	while (slice_next_line(&rest, &line))
		at.line++;
	at.line -= before.len > 0 && before.ptr[before.len - 1] != '\n';
	rest = slice_from(before,
		(size_t)(slice_rfind_byte(before, '\n') + 1));
	at.column = (unsigned)utf8_count(rest) + 1;
	return at;
}

/* What a newcomer to YAML most likely did. */
static void
hint_syntax(const struct builder *b, const struct place *at)
{
	struct slice problem = slice_str(b->parser.problem);

	if (slice_starts(place_text(at), S("\t")))
		fault_hint(b->f, "YAML indents with blanks, never with tabs.");
	else if (slice_find(problem, S("mapping values"), 0) >= 0)
		fault_hint(b->f, "A text that holds \": \" needs quotes; and "
			"words of one map begin in the same column.");
	else if (slice_find(problem, S("expected <block end>"), 0) >= 0 ||
		slice_find(problem, S("expected '-'"), 0) >= 0)
		fault_hint(b->f, "Words of one map begin in the same column.");
}

/* libyaml gave up: one fault, and no tree. */
static int
syntax_fault(struct builder *b)
{
	const yaml_parser_t *p = &b->parser;
	struct place at;

	if (p->error == YAML_READER_ERROR) {
		at = place_of_byte(b->source, p->problem_offset);
		fault_add(b->f, &at, "not YAML: %s", p->problem);
		return -1;
	}
	at = place_of(b, &p->problem_mark, NULL);
	if (p->context)
		fault_add(b->f, &at, "not YAML: %s, %s (from line %zu)",
			p->problem ? p->problem : "syntax error", p->context,
			p->context_mark.line + 1);
	else
		fault_add(b->f, &at, "not YAML: %s",
			p->problem ? p->problem : "syntax error");
	hint_syntax(b, &at);
	return -1;
}

void
node_append(struct node *parent, struct node *child)
{
	child->next = NULL;
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
}

/* Put a new node where it belongs: root, item, key, or value. */
static void
attach(struct builder *b, struct node *n)
{
	struct node *parent = b->depth ? b->open[b->depth - 1] : NULL;
	struct node **key = b->depth ? &b->key[b->depth - 1] : NULL;

	if (!parent) {
		b->root = n;
	} else if (parent->kind == NODE_LIST) {
		node_append(parent, n);
	} else if (*key) {
		(*key)->value = n;
		*key = NULL;
	} else {
		*key = n;
		node_append(parent, n);
		if (n->kind == NODE_TEXT || n->kind == NODE_BROKEN)
			return;
		fault_add(b->f, &n->at, "a word must be a text");
	}
}

/* What a schema makes needless, and what lets a small file grow. */
static bool
refuse(const struct builder *b, const struct node *n, bool anchor, bool tag)
{
	if (!anchor && !tag)
		return false;
	fault_add(b->f, &n->at, "%s are not accepted here",
		anchor ? "anchors (&) and aliases (*)" : "tags (!)");
	fault_hint(b->f, anchor ? "Write the value out, or put the text in "
		"quotes." : "Put the text in quotes.");
	return true;
}

static struct node *
new_node(struct builder *b, enum node_kind kind, const yaml_event_t *ev)
{
	struct node *n = ARENA_NEW(b->a, struct node);

	n->kind = kind;
	n->at = place_of(b, &ev->start_mark,
		kind == NODE_TEXT ? &ev->end_mark : NULL);
	b->count++;
	return n;
}

static void
take_text(struct builder *b, const yaml_event_t *ev)
{
	struct node *n = new_node(b, NODE_TEXT, ev);

	n->text = arena_copy(b->a, slice(
		(const char *)ev->data.scalar.value,
		ev->data.scalar.length));
	n->plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	if (refuse(b, n, ev->data.scalar.anchor, ev->data.scalar.tag))
		n->kind = NODE_BROKEN;
	attach(b, n);
}

static int
open_node(struct builder *b, enum node_kind kind, const yaml_event_t *ev,
	bool anchor, bool tag)
{
	struct node *n = new_node(b, kind, ev);

	if (b->depth == NODE_DEPTH_MAX) {
		fault_add(b->f, &n->at, "too deep: at most %d levels",
			NODE_DEPTH_MAX);
		return -1;
	}
	attach(b, n);
	b->open[b->depth] = n;
	b->key[b->depth] = NULL;
	b->broken[b->depth++] = refuse(b, n, anchor, tag);
	return 0;
}

/* Only now: until here its children had to know what they were in. */
static void
close_node(struct builder *b)
{
	b->depth--;
	if (b->broken[b->depth])
		b->open[b->depth]->kind = NODE_BROKEN;
}

static int
start_document(struct builder *b, const yaml_event_t *ev)
{
	struct place at = place_of(b, &ev->start_mark, NULL);

	if (!b->root)
		return 0;
	fault_add(b->f, &at, "a second document begins here");
	fault_hint(b->f, "One file holds one document: remove the \"---\".");
	return -1;
}

static int
take_event(struct builder *b, const yaml_event_t *ev)
{
	struct node *alias;

	switch (ev->type) {
	case YAML_DOCUMENT_START_EVENT:
		return start_document(b, ev);
	case YAML_SCALAR_EVENT:
		take_text(b, ev);
		return 0;
	case YAML_ALIAS_EVENT:
		alias = new_node(b, NODE_TEXT, ev);
		if (refuse(b, alias, true, false))
			alias->kind = NODE_BROKEN;
		attach(b, alias);
		return 0;
	case YAML_SEQUENCE_START_EVENT:
		return open_node(b, NODE_LIST, ev,
			ev->data.sequence_start.anchor,
			ev->data.sequence_start.tag);
	case YAML_MAPPING_START_EVENT:
		return open_node(b, NODE_MAP, ev,
			ev->data.mapping_start.anchor,
			ev->data.mapping_start.tag);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		close_node(b);
		return 0;
	case YAML_STREAM_END_EVENT:
		b->ended = true;
		return 0;
	default:
		return 0;
	}
}

static int
build(struct builder *b)
{
	struct place start = { b->source, 1, 1, 1 };

	while (!b->ended) {
		CLEANUP(event_done) yaml_event_t ev = { 0 };

		if (!yaml_parser_parse(&b->parser, &ev))
			return syntax_fault(b);
		if (take_event(b, &ev) < 0)
			return -1;
		if (b->count <= NODE_COUNT_MAX)
			continue;
		fault_add(b->f, &start, "too much in one file: at most %d "
			"values", NODE_COUNT_MAX);
		return -1;
	}
	if (!b->root || node_is_nothing(b->root)) {
		b->root = ARENA_NEW(b->a, struct node);
		b->root->kind = NODE_MAP;
		b->root->at = start;
	}
	return 0;
}

/* What libyaml would take for UTF-16, or stumble over without a place. */
static int
check_bytes(const struct source *s, struct faults *f)
{
	struct place at = { s, 0, 1, 1 };
	size_t good = utf8_check(s->text);

	if (s->text.len > NODE_BYTES_MAX) {
		fault_add(f, &at, "too big: %zu bytes, at most %d",
			s->text.len, NODE_BYTES_MAX);
		return -1;
	}
	if (good == s->text.len)
		return 0;
	at = place_of_byte(s, good);
	fault_add(f, &at, "not UTF-8");
	fault_hint(f, "Save the file as UTF-8.");
	return -1;
}

int
node_read(const struct source *s, struct arena *a, struct faults *f,
	struct node **ret)
{
	struct builder b = { .source = s, .a = a, .f = f };
	CLEANUP(parser_done) yaml_parser_t *parser = &b.parser;

	CHECK(yaml_parser_initialize(parser));
	if (check_bytes(s, f) < 0)
		return -1;
	yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(parser,
		(const unsigned char *)s->text.ptr, s->text.len);
	if (build(&b) < 0)
		return -1;
	*ret = b.root;
	return 0;
}

struct node *
node_key(const struct node *map, struct slice word)
{
	for (struct node *k = map->first; k; k = k->next)
		if (k->kind == NODE_TEXT && slice_eq(k->text, word))
			return k;
	return NULL;
}

const struct place *
node_place(const struct node *map, struct slice word)
{
	const struct node *key = node_key(map, word);

	return key ? &key->value->at : &map->at;
}

const char *
node_kind_name(const struct node *n)
{
	switch (n->kind) {
	case NODE_TEXT:
		return node_is_nothing(n) ? "nothing" : "a text";
	case NODE_LIST:
		return n->first ? "a list" : "an empty list";
	case NODE_MAP:
		return n->first ? "a map" : "an empty map";
	default:
		return "something refused";
	}
}

bool
node_is_nothing(const struct node *n)
{
	return n->kind == NODE_TEXT && n->plain && n->text.len == 0;
}
