/*
 * The outline of a JSON Feed, by jansson.
 */
#include <jansson.h>

#include "verify/outline.h"

static void
free_json(json_t **o)
{
	json_decref(*o);
}

static struct slice
text_at(const json_t *o, const char *key, struct arena *a)
{
	const json_t *v = json_object_get(o, key);

	return json_is_string(v) ? arena_copy(a, slice(json_string_value(v),
		json_string_length(v))) : S("");
}

static int64_t
date_at(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	if (!v)
		return OUTLINE_NOT_SAID;
	return json_is_string(v) ? outline_date(slice_str(
		json_string_value(v))) : OUTLINE_NO_DATE;
}

static int
check_version(const json_t *o, struct err *e)
{
	const char *version = json_string_value(json_object_get(o,
		"version"));

	if (!slice_eq(slice_str(version),
		S("https://jsonfeed.org/version/1.1")))
		return err_set(e, ERR_SYNTAX, "it does not say that it is "
			"JSON Feed 1.1");
	if (!json_is_array(json_object_get(o, "items")))
		return err_set(e, ERR_SYNTAX, "it has no list of items");
	return 0;
}

int
outline_json(struct slice bytes, struct arena *a, struct outline *ret,
	struct err *e)
{
	json_error_t why;
	CLEANUP(free_json) json_t *o = json_loadb(bytes.ptr, bytes.len,
		JSON_REJECT_DUPLICATES, &why);
	struct outline_entry *entry;
	const json_t *item;
	size_t i;

	if (!o)
		return err_set(e, ERR_SYNTAX, "line %d: %s", why.line,
			why.text);
	if (check_version(o, e) < 0)
		return -1;
	*ret = (struct outline){ .current = S("") };
	ret->self = text_at(o, "feed_url", a);
	ret->prev = text_at(o, "next_url", a);
	json_array_foreach(json_object_get(o, "items"), i, item) {
		entry = outline_add(ret, a);
		entry->id = text_at(item, "id", a);
		entry->published = date_at(item, "date_published");
		entry->updated = date_at(item, "date_modified");
	}
	return 0;
}
