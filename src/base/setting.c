/*
 * Settings: a module lists its words, and everything else comes from the list.
 *
 * 1. Fields are written by memcpy(3): the tables know offsets, not types.
 * 2. A preset goes the same way as a written value, so it cannot be of a form
 *    that the operator could not write.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/nearest.h"
#include "base/path.h"
#include "base/quantity.h"
#include "base/setting.h"
#include "base/uri.h"
#include "base/utf8.h"

static void
put_field(void *ret, size_t offset, const void *value, size_t size)
{
	memcpy((char *)ret + offset, value, size);
}

void
setting_wrong_kind(struct setting_reader *r, const struct node *n,
	const char *wanted)
{
	if (n->kind == NODE_BROKEN)
		return;
	fault_add(r->faults, &n->at, "%s was expected, not %s", wanted,
		node_kind_name(n));
	if (node_is_nothing(n))
		fault_hint(r->faults, "Write the value behind the colon, or "
			"leave the word out.");
}

/* Is it a text, not empty, not over the limit, and to the check's liking? */
static bool
text_is_fine(struct setting_reader *r, const struct setting *w,
	const struct node *n, size_t max)
{
	struct err e;

	if (n->kind != NODE_TEXT || node_is_nothing(n)) {
		setting_wrong_kind(r, n, "a text");
		return false;
	}
	if (n->text.len == 0) {
		fault_add(r->faults, &n->at, "the text is empty");
		fault_hint(r->faults, "Leave the word out.");
		return false;
	}
	if (n->text.len > max) {
		fault_add(r->faults, &n->at,
			"the text is too long: %zu bytes, at most %zu",
			n->text.len, max);
		return false;
	}
	if (memchr(n->text.ptr, '\0', n->text.len)) {
		fault_add(r->faults, &n->at, "the text holds a NUL");
		return false;
	}
	if (w->check && w->check(n->text, &e) < 0) {
		fault_add_err(r->faults, &n->at, &e);
		return false;
	}
	return true;
}

static size_t
limit(const struct setting *w, size_t otherwise)
{
	return w->max ? (size_t)w->max : otherwise;
}

static void
read_text(struct setting_reader *r, const struct setting *w,
	const struct node *n, void *ret)
{
	struct slice s;

	if (!text_is_fine(r, w, n, limit(w, SETTING_TEXT_MAX)))
		return;
	s = arena_copy(r->a, n->text);
	put_field(ret, w->offset, &s, sizeof(s));
}

/* The items of a list; a single value counts as a list of one. */
static const struct node *
first_item(const struct node *n)
{
	if (node_is_nothing(n))
		return NULL;
	return n->kind == NODE_LIST ? n->first : n;
}

/* How many items there are; -1, and a fault, when there may not be so many. */
static ssize_t
count_items(struct setting_reader *r, const struct setting *w,
	const struct node *n)
{
	const struct node *item = first_item(n);
	size_t count = 0;

	for (; item; item = n->kind == NODE_LIST ? item->next : NULL)
		count++;
	if (count < (size_t)w->min || (w->required && count == 0))
		fault_add(r->faults, &n->at, "\"%s\" is empty", w->name);
	else if (count > limit(w, SETTING_LIST_MAX))
		fault_add(r->faults, &n->at, "too many in \"%s\": %zu, "
			"at most %zu", w->name, count,
			limit(w, SETTING_LIST_MAX));
	else
		return (ssize_t)count;
	return -1;
}

static void
read_texts(struct setting_reader *r, const struct setting *w,
	const struct node *n, void *ret)
{
	const struct node *item = first_item(n);
	struct slice *list;
	ssize_t count;
	size_t i = 0;

	if (n->kind == NODE_MAP || n->kind == NODE_BROKEN) {
		setting_wrong_kind(r, n, "a list of texts");
		return;
	}
	if ((count = count_items(r, w, n)) < 0)
		return;
	list = ARENA_ARRAY(r->a, struct slice, (size_t)count);
	for (; i < (size_t)count; i++, item = item->next)
		if (text_is_fine(r, w, item, SETTING_TEXT_MAX))
			list[i] = arena_copy(r->a, item->text);
	put_field(ret, w->offset, &list, sizeof(list));
	put_field(ret, w->count, &i, sizeof(i));
}

static void
read_path(struct setting_reader *r, const struct setting *w,
	const struct node *n, void *ret)
{
	const char *dir = n->at.source ? n->at.source->dir : NULL;
	const char *path;

	if (!text_is_fine(r, w, n, limit(w, PATH_MAX / 2)))
		return;
	path = path_resolve(dir, n->text, r->a);
	put_field(ret, w->offset, &path, sizeof(path));
}

static void
read_bool(struct setting_reader *r, const struct setting *w,
	const struct node *n, void *ret)
{
	static const char *const words[] = { "no", "yes", "false", "true",
		"off", "on" };

	for (size_t i = 0; n->kind == NODE_TEXT && i < COUNT_OF(words); i++) {
		bool value = i % 2;

		if (!slice_eq_nocase(n->text, slice_str(words[i])))
			continue;
		put_field(ret, w->offset, &value, sizeof(value));
		return;
	}
	if (n->kind != NODE_TEXT || node_is_nothing(n))
		setting_wrong_kind(r, n, "\"yes\" or \"no\"");
	else
		fault_add(r->faults, &n->at, "\"yes\" or \"no\" was expected, "
			"not \"%.*s\"", ARG(utf8_first(n->text, 40)));
}

/* A number of some unit: how it is read, shown and asked for. */
struct numeric {
	int64_t (*read)(struct slice s);
	const char *(*show)(int64_t n, char ret[static QUANTITY_SIZE]);
	const char *wanted;
};

static int64_t
plain_number(struct slice s)
{
	return slice_number(s, INT64_MAX);
}

static const char *
plain_number_text(int64_t n, char ret[static QUANTITY_SIZE])
{
	snprintf(ret, QUANTITY_SIZE, "%" PRId64, n);
	return ret;
}

static const struct numeric
	integer = { plain_number, plain_number_text, "a number" },
	size = { quantity_size, quantity_size_text, "a size as \"4M\"" },
	duration = { quantity_time, quantity_time_text, "a time as \"10s\"" };

/* A number within the setting's bounds; -1: there is none, and a fault. */
static int64_t
take_number(struct setting_reader *r, const struct setting *w,
	const struct node *n, const struct numeric *as)
{
	char low[QUANTITY_SIZE], high[QUANTITY_SIZE];
	int64_t max = w->max ? w->max : INT64_MAX, value;

	if (n->kind != NODE_TEXT || node_is_nothing(n)) {
		setting_wrong_kind(r, n, as->wanted);
		return -1;
	}
	value = as->read(n->text);
	if (value >= w->min && value >= 0 && value <= max)
		return value;
	if (value < 0)
		fault_add(r->faults, &n->at, "%s was expected, not \"%.*s\"",
			as->wanted, ARG(utf8_first(n->text, 40)));
	else
		fault_add(r->faults, &n->at, "\"%s\" must be between %s and "
			"%s", w->name, as->show(w->min, low),
			as->show(max, high));
	return -1;
}

static void
read_int(struct setting_reader *r, const struct setting *w,
	const struct node *n, void *ret)
{
	int64_t value = take_number(r, w, n, &integer);

	if (value >= 0)
		put_field(ret, w->offset, &value, sizeof(value));
}

static void
read_size(struct setting_reader *r, const struct setting *w,
	const struct node *n, void *ret)
{
	int64_t value = take_number(r, w, n, &size);
	size_t bytes = (size_t)value;

	if (value >= 0)
		put_field(ret, w->offset, &bytes, sizeof(bytes));
}

static void
read_time(struct setting_reader *r, const struct setting *w,
	const struct node *n, void *ret)
{
	int64_t value = take_number(r, w, n, &duration);

	if (value >= 0)
		put_field(ret, w->offset, &value, sizeof(value));
}

static void
hint_choices(struct setting_reader *r, const char *const *choices)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(SETTING_TEXT_MAX);

	for (size_t i = 0; choices[i]; i++) {
		buf_put_str(&b, i ? ", " : "");
		buf_put_str(&b, choices[i]);
	}
	fault_hint(r->faults, "Known are: %.*s.", ARG(buf_slice(&b)));
}

static void
read_choice(struct setting_reader *r, const struct setting *w,
	const struct node *n, void *ret)
{
	struct nearest near = { .word = n->text };

	if (n->kind != NODE_TEXT || node_is_nothing(n)) {
		setting_wrong_kind(r, n, "a word");
		return;
	}
	for (unsigned i = 0; w->choices[i]; i++) {
		nearest_try(&near, w->choices[i]);
		if (!slice_eq(n->text, slice_str(w->choices[i])))
			continue;
		put_field(ret, w->offset, &i, sizeof(i));
		return;
	}
	fault_add(r->faults, &n->at, "\"%s\" cannot be \"%.*s\"", w->name,
		ARG(utf8_first(n->text, 40)));
	if (near.best)
		fault_hint(r->faults, "did you mean \"%s\"?", near.best);
	else
		hint_choices(r, w->choices);
}

static void
read_map(struct setting_reader *r, const struct setting *w,
	const struct node *n, void *ret)
{
	void *inside = (char *)ret + w->offset;

	if (n->kind == NODE_MAP) {
		setting_read(r, w->words, n, w->name, inside);
		return;
	}
	setting_read(r, w->words, NULL, w->name, inside);
	if (!node_is_nothing(n) || w->required)
		setting_wrong_kind(r, n, "a map");
}

static void
read_maps(struct setting_reader *r, const struct setting *w,
	const struct node *n, void *ret)
{
	const struct node *item = first_item(n);
	ssize_t count;
	char *items;
	size_t i = 0;

	if (n->kind != NODE_LIST && !node_is_nothing(n)) {
		setting_wrong_kind(r, n, "a list of maps");
		if (n->kind == NODE_MAP)
			fault_hint(r->faults, "Begin the item with \"- \".");
		return;
	}
	if ((count = count_items(r, w, n)) < 0)
		return;
	items = arena_array(r->a, (size_t)count, w->size);
	for (; item; item = item->next) {
		if (item->kind != NODE_MAP) {
			setting_wrong_kind(r, item, "a map");
			continue;
		}
		put_field(items + i * w->size, 0, &item, sizeof(item));
		setting_read(r, w->words, item, w->name,
			items + i++ * w->size);
	}
	put_field(ret, w->offset, &items, sizeof(items));
	put_field(ret, w->count, &i, sizeof(i));
}

static void
read_node(struct setting_reader *r, const struct setting *w,
	const struct node *n, void *ret)
{
	(void)r;
	put_field(ret, w->offset, &n, sizeof(n));
}

typedef void reader_fn(struct setting_reader *r, const struct setting *w,
	const struct node *n, void *ret);

static reader_fn *const readers[] = {
	[SETTING_TEXT] = read_text,
	[SETTING_TEXTS] = read_texts,
	[SETTING_PATH] = read_path,
	[SETTING_BOOL] = read_bool,
	[SETTING_INT] = read_int,
	[SETTING_SIZE] = read_size,
	[SETTING_TIME] = read_time,
	[SETTING_CHOICE] = read_choice,
	[SETTING_MAP] = read_map,
	[SETTING_MAPS] = read_maps,
	[SETTING_NODE] = read_node,
};

/* ---- a map by its table ---- */

/* What is known so far of the words of a table. */
struct progress {
	const struct node *seen[SETTING_WORDS_MAX];
	bool misspelt[SETTING_WORDS_MAX];	/* not missing, then */
};

static void
unknown_word(struct setting_reader *r, const struct setting *words,
	const struct node *key, const char *where, struct progress *p)
{
	struct nearest near = { .word = key->text };

	fault_add(r->faults, &key->at, "unknown word \"%.*s\"%s%s%s",
		ARG(utf8_first(key->text, 40)), where ? " in \"" : "",
		where ? where : "", where ? "\"" : "");
	for (size_t i = 0; words[i].name; i++)
		if (words[i].type != SETTING_LATER)
			nearest_try(&near, words[i].name);
	if (!near.best)
		return;
	fault_hint(r->faults, "did you mean \"%s\"?", near.best);
	for (size_t i = 0; words[i].name; i++)
		p->misspelt[i] |= words[i].name == near.best;
}

static void
word_twice(struct setting_reader *r, const struct node *key,
	const struct node *before)
{
	fault_add(r->faults, &key->at, "\"%.*s\" stands here a second time",
		ARG(key->text));
	fault_hint(r->faults, "The first is in %s, line %u.",
		before->at.source->path, before->at.line);
}

/* One word of the map. */
static void
read_key(struct setting_reader *r, const struct setting *words,
	const struct node *key, const char *where, void *ret,
	struct progress *p)
{
	size_t i = 0;

	if (key->kind != NODE_TEXT)
		return;
	while (words[i].name && !slice_eq(key->text, slice_str(words[i].name)))
		i++;
	if (!words[i].name) {
		unknown_word(r, words, key, where, p);
	} else if (words[i].type == SETTING_LATER) {
		fault_add(r->faults, &key->at, "\"%s\" is not known yet",
			words[i].name);
		fault_hint(r->faults, "%s", words[i].help);
	} else if (p->seen[i]) {
		word_twice(r, key, p->seen[i]);
	} else {
		p->seen[i] = key;
		readers[words[i].type](r, &words[i], key->value, ret);
	}
}

static void
missing_word(struct setting_reader *r, const struct setting *w,
	const struct node *map, const char *where)
{
	fault_add(r->faults, &map->at, "\"%s\" is missing%s%s%s", w->name,
		where ? " in \"" : "", where ? where : "", where ? "\"" : "");
	fault_hint(r->faults, "%s", w->help);
}

/* A word that is not there: its preset, or those of the words inside. */
static void
read_preset(struct setting_reader *r, const struct setting *w, void *ret)
{
	struct node preset = { .kind = NODE_TEXT };
	size_t faults = r->faults->n;

	if (w->type == SETTING_MAP) {
		setting_read(r, w->words, NULL, w->name,
			(char *)ret + w->offset);
	} else if (w->preset) {
		preset.text = slice_str(w->preset);
		readers[w->type](r, w, &preset, ret);
		CHECK(r->faults->n == faults);
	}
}

void
setting_read(struct setting_reader *r, const struct setting *words,
	const struct node *map, const char *where, void *ret)
{
	struct progress p = { 0 };

	for (const struct node *key = map ? map->first : NULL; key;
		key = key->next)
		read_key(r, words, key, where, ret, &p);
	for (size_t i = 0; words[i].name; i++) {
		CHECK(i < SETTING_WORDS_MAX);
		if (p.seen[i] || words[i].type == SETTING_LATER)
			continue;
		read_preset(r, &words[i], ret);
		if (map && words[i].required && !p.misspelt[i])
			missing_word(r, &words[i], map, where);
	}
}

int
setting_check_url(struct slice text, struct err *e)
{
	if (uri_is_http(text))
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" is not a web address",
		ARG(utf8_first(text, 60)));
	return err_hint(e, "Write all of it, as "
		"\"https://news.example.org/\".");
}
