/*
 * What an article wants of the targets that tell of it.
 *
 *	push: no
 *	push: [ x, facebook ]
 *	push: { x: "A bridge opens today", wechat: no }
 *
 * Which targets there are is not known here; a name that none has says
 * nothing.
 */
#include "base/fold.h"
#include "read/field.h"

enum { TARGET_MAX = 60 };	/* bytes of a name */

static void
add(struct filler *f, struct push_word word)
{
	struct fields *said = &f->art->fields;

	if (said->n_pushes == ARTICLE_PUSHES_MAX)
		return;
	said->pushes = ARENA_GROW(f->a, said->pushes, said->n_pushes);
	said->pushes[said->n_pushes++] = word;
}

/* The name of a target; false, and a fault: it cannot be one. */
static bool
read_name(struct filler *f, const struct node *n, const struct word *w,
	struct slice *ret)
{
	if (n->kind == NODE_TEXT && n->text.len > 0 &&
		n->text.len <= TARGET_MAX) {
		*ret = arena_copy(f->a, n->text);
		return true;
	}
	field_wrong(f, n, w, "a target's name");
	return false;
}

/* The lines of what is to be said, each as a title is kept. */
static struct slice
read_lines(struct slice text, struct arena *a)
{
	struct slice ret = S(""), line;

	for (bool is_first = true; slice_next_line(&text, &line);
		is_first = false)
		ret = arena_printf(a, "%.*s%s%.*s", ARG(ret),
			is_first ? "" : "\n", ARG(fold_title(line, a)));
	return slice_trim(ret);
}

/* "x: no", "x: yes", or what is to be said. */
static void
read_target(struct filler *f, const struct node *key, const struct word *w)
{
	const struct node *n = key->value;
	struct push_word word = { .send = SAID_NOTHING };

	if (!read_name(f, key, w, &word.target))
		return;
	if (n->kind != NODE_TEXT) {
		field_wrong(f, n, w, "\"yes\", \"no\" or what is to be said");
		return;
	}
	word.send = n->plain ? field_said(n->text) : SAID_NOTHING;
	if (word.send == SAID_NOTHING && n->text.len > ARTICLE_PUSH_MAX) {
		fault_add(f->faults, &n->at, "\"%s\" is too long: %zu bytes, "
			"at most %d", w->name, n->text.len, ARTICLE_PUSH_MAX);
		fault_hint(f->faults, "Shorten it.");
		return;
	}
	if (word.send == SAID_NOTHING)
		word.text = read_lines(n->text, f->a);
	add(f, word);
}

/* To those that are listed, and to no other. */
static void
read_list(struct filler *f, const struct node *list, const struct word *w)
{
	add(f, (struct push_word){ .target = S("all"), .send = SAID_NO });
	for (const struct node *n = list->first; n; n = n->next) {
		struct push_word word = { .send = SAID_YES };

		if (read_name(f, n, w, &word.target))
			add(f, word);
	}
}

void
field_push(struct filler *f, const struct node *n, const struct word *w)
{
	enum said said = n->kind == NODE_TEXT ? field_said(n->text) :
		SAID_NOTHING;

	if (n->kind == NODE_MAP)
		for (const struct node *key = n->first; key; key = key->next)
			read_target(f, key, w);
	else if (n->kind == NODE_LIST)
		read_list(f, n, w);
	else if (said != SAID_NOTHING)
		add(f, (struct push_word){ .target = S("all"), .send = said });
	else
		field_wrong(f, n, w, "\"no\", a list of targets, or a map of "
			"them");
}
