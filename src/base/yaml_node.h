/*
 * A YAML text as a tree of nodes that know where they stand.
 *
 * Scalars stay text: what type a value has is for the reader's schema to say,
 * so "no" is never a truth value by accident.
 * 1. Anchors, aliases and tags are refused: nothing grows by reference.
 * 2. Depth, size and number of nodes have limits.
 * 3. What is refused inside a tree becomes a NODE_BROKEN: its fault is told
 *    once, and readers pass it over.
 */
#ifndef BASE_YAML_NODE_H
#define BASE_YAML_NODE_H

#include "base/fault.h"

enum {
	NODE_BYTES_MAX = 1024 * 1024,
	NODE_DEPTH_MAX = 24,
	NODE_COUNT_MAX = 50000,
};

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAP, NODE_BROKEN };

struct node {
	enum node_kind kind;
	struct place at;
	struct slice text;	/* of a NODE_TEXT */
	bool plain;		/* written without quotes */
	struct node *first;	/* of a list: items; of a map: keys */
	struct node *last;
	struct node *next;	/* item or key */
	struct node *value;	/* of a key; never NULL */
};

/*
 * Read the one YAML document in s->text.  An empty one is an empty map.  The
 * tree borrows from a and points to s.  -1: it is not YAML, or past a limit; a
 * fault says so.
 */
int node_read(const struct source *s, struct arena *a, struct faults *f,
	struct node **ret) MUST_USE;

/* The key of a map, or NULL; a refused one is none. */
struct node *node_key(const struct node *map, struct slice word);

/* Where the value of a word stands; without the word, where the map does. */
const struct place *node_place(const struct node *map, struct slice word);

/* Append an item to a list, or a key to a map. */
void node_append(struct node *parent, struct node *child);

/* "a text", "a list", "a map". */
const char *node_kind_name(const struct node *n);

/* A value left out ("word:"), which stands for an empty list or map too. */
bool node_is_nothing(const struct node *n);

#endif
