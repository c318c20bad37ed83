/*
 * Targets: one table for all kinds of names.
 */
#include "base/hash.h"
#include "store/targets.h"

/* What else than the code of a mark a name can have: no mark has these. */
enum { BY_TITLE = INT32_MIN, BY_HEADLINE = INT32_MIN + 1 };

/* No padding, because its bytes are the key. */
struct name {
	uint64_t hash;		/* of the series key, or of the folded title */
	int64_t number;		/* mark_code(), or BY_... */
};

struct target {
	struct name name;	/* the key of by_name */
	int64_t article_id;
	bool shared;		/* others have it, too */
};

static struct slice
name_key(const struct name *n)
{
	return slice((const char *)n, sizeof(*n));
}

static struct name
name_of_mark(const struct mark *m)
{
	return (struct name){ hash64(m->key), mark_code(m) };
}

static void
add(struct targets *t, int64_t article_id, struct name name)
{
	struct target *new = table_get(&t->by_name, name_key(&name));

	if (new) {
		new->shared = true;
		return;
	}
	new = ARENA_NEW(&t->arena, struct target);
	*new = (struct target){ .name = name, .article_id = article_id };
	table_set(&t->by_name, name_key(&new->name), new);
}

void
targets_add(struct targets *t, int64_t article_id,
	const struct link_keys *keys)
{
	if (keys->mark)
		add(t, article_id, name_of_mark(keys->mark));
	if (keys->title)
		add(t, article_id, (struct name){ keys->title, BY_TITLE });
	if (keys->headline)
		add(t, article_id, (struct name){ keys->headline,
			BY_HEADLINE });
}

static int64_t
find(const struct targets *t, struct name name)
{
	const struct target *found = table_get(&t->by_name, name_key(&name));

	return found ? found->article_id : 0;
}

/* Of those that are one part of a series, a query finds the right one. */
static int64_t
find_marked(const struct targets *t, struct name name)
{
	const struct target *found = table_get(&t->by_name, name_key(&name));

	return !found ? 0 : found->shared ? TARGETS_SHARED :
		found->article_id;
}

int64_t
targets_find(const struct targets *t, const struct mark *mark, uint64_t fold)
{
	int64_t found = mark ? find_marked(t, name_of_mark(mark)) : 0;

	if (!found && fold)
		found = find(t, (struct name){ fold, BY_TITLE });
	if (!found && fold)
		found = find(t, (struct name){ fold, BY_HEADLINE });
	return found;
}

void
targets_done(struct targets *t)
{
	table_done(&t->by_name);
	arena_done(&t->arena);
}
