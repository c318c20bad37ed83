/*
 * An article's fields as a column.
 *
 * Nothing is ever looked for by these, so they need no columns of their own;
 * a table of keys writes and reads them.
 */
#include <jansson.h>
#include <stdlib.h>

#include "store/fields_row.h"

enum type { TYPE_TEXT, TYPE_INT, TYPE_TIME };

struct key {
	const char *name;
	enum type type;
	size_t offset;
};

#define TEXT(name, field) { name, TYPE_TEXT, offsetof(struct fields, field) }
#define INT(name, field) { name, TYPE_INT, offsetof(struct fields, field) }

/* The enums are as wide as int, which is checked below. */
static const struct key keys[] = {
	TEXT("series", series), TEXT("headline", headline),
	TEXT("short-title", short_title), TEXT("section", section),
	TEXT("source", source), TEXT("copyright", copyright),
	TEXT("licence", licence), TEXT("translation-of", translation_of),
	TEXT("correction", correction), TEXT("cover", cover),
	INT("is-part", is_part), INT("part", part), INT("total", total),
	INT("draft", draft), INT("withdrawn", withdrawn),
	INT("urgent", urgent), INT("minor", minor),
	INT("syndication", syndication), INT("lost", lost),
	{ "updated", TYPE_TIME, offsetof(struct fields, updated) },
	{ "embargo", TYPE_TIME, offsetof(struct fields, embargo) },
};

_Static_assert(sizeof(enum said) == sizeof(int) &&
	sizeof(enum syndication) == sizeof(int), "enums are read as int");

static json_t *
value_of(const struct fields *f, const struct key *k)
{
	const void *at = (const char *)f + k->offset;
	const struct slice *text = at;

	if (k->type == TYPE_TEXT)
		return text->len ? json_stringn(text->ptr, text->len) : NULL;
	if (k->type == TYPE_INT)
		return *(const int *)at ? json_integer(*(const int *)at) :
			NULL;
	return *(const int64_t *)at ? json_integer(*(const int64_t *)at) :
		NULL;
}

static json_t *
tags_of(const struct fields *f)
{
	json_t *list = f->n_tags ? json_array() : NULL;

	for (size_t i = 0; i < f->n_tags; i++)
		json_array_append_new(list, json_stringn(f->tags[i].ptr,
			f->tags[i].len));
	return list;
}

/* An object of the targets' names: a number for yes and no, or a text. */
static json_t *
pushes_of(const struct fields *f)
{
	json_t *map = f->n_pushes ? json_object() : NULL;

	for (size_t i = 0; i < f->n_pushes; i++) {
		const struct push_word *word = &f->pushes[i];
		/* A name may hold any byte but NUL. */
		json_t *value = word->send ? json_integer(word->send) :
			json_stringn(word->text.ptr, word->text.len);
		char *name = x_malloc(word->target.len + 1);

		memcpy(name, word->target.ptr, word->target.len);
		name[word->target.len] = '\0';
		json_object_set_new(map, name, value);
		free(name);
	}
	return map;
}

/* An object only when there is something to put into it. */
static void
put(json_t **object, const char *name, json_t *value)
{
	if (!value)
		return;
	if (!*object)
		*object = json_object();
	json_object_set_new(*object, name, value);
}

struct slice
fields_text(const struct fields *f, struct arena *a)
{
	json_t *object = NULL;
	struct slice ret;
	char *text;

	for (size_t i = 0; i < COUNT_OF(keys); i++)
		put(&object, keys[i].name, value_of(f, &keys[i]));
	put(&object, "tags", tags_of(f));
	put(&object, "push", pushes_of(f));
	if (!object)
		return S("");
	text = json_dumps(object, JSON_COMPACT);
	ret = arena_copy(a, slice_str(text));
	free(text);
	json_decref(object);
	return ret;
}

static struct slice
text_of(const json_t *v, struct arena *a)
{
	return arena_copy(a, slice(json_string_value(v),
		json_string_length(v)));
}

static void
take_value(const json_t *v, const struct key *k, struct arena *a,
	struct fields *ret)
{
	void *at = (char *)ret + k->offset;

	if (k->type == TYPE_TEXT && json_is_string(v))
		*(struct slice *)at = text_of(v, a);
	else if (k->type == TYPE_INT && json_is_integer(v))
		*(int *)at = (int)json_integer_value(v);
	else if (k->type == TYPE_TIME && json_is_integer(v))
		*(int64_t *)at = json_integer_value(v);
}

static void
take_tags(const json_t *list, struct arena *a, struct fields *ret)
{
	const json_t *tag;
	size_t i;

	ret->tags = ARENA_ARRAY(a, struct slice, json_array_size(list));
	json_array_foreach(list, i, tag)
		if (json_is_string(tag))
			ret->tags[ret->n_tags++] = text_of(tag, a);
}

static void
take_pushes(json_t *map, struct arena *a, struct fields *ret)
{
	const char *name;
	json_t *value;

	ret->pushes = ARENA_ARRAY(a, struct push_word, json_object_size(map));
	json_object_foreach(map, name, value) {
		struct push_word *word = &ret->pushes[ret->n_pushes++];

		word->target = arena_copy(a, slice_str(name));
		if (json_is_integer(value))
			word->send = (enum said)json_integer_value(value);
		else
			word->text = text_of(value, a);
	}
}

void
fields_take(struct slice text, struct arena *a, struct fields *ret)
{
	json_t *object;

	if (text.len == 0)
		return;
	object = json_loadb(text.ptr, text.len, 0, NULL);
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		take_value(json_object_get(object, keys[i].name), &keys[i], a,
			ret);
	take_tags(json_object_get(object, "tags"), a, ret);
	take_pushes(json_object_get(object, "push"), a, ret);
	json_decref(object);
}
