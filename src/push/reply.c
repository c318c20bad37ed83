/*
 * Reading the JSON of an answer.
 */
#include "push/reply.h"

enum { NAME_MAX_LEN = 60, INDEX_MAX = 10000 };

json_t *
reply_json(const struct response *r)
{
	return json_loadb(r->body.ptr ? r->body.ptr : "", r->body.len,
		JSON_DECODE_ANY, NULL);
}

static const json_t *
child(const json_t *at, struct slice name)
{
	char key[NAME_MAX_LEN + 1];
	int64_t i;

	if (json_is_array(at)) {
		i = slice_number(name, INDEX_MAX);
		return i < 0 ? NULL : json_array_get(at, (size_t)i);
	}
	if (name.len > NAME_MAX_LEN)
		return NULL;
	memcpy(key, name.ptr, name.len);
	key[name.len] = '\0';
	return json_object_get(at, key);
}

const json_t *
reply_at(const json_t *said, const char *path)
{
	struct slice rest = slice_str(path), name;

	while (rest.len > 0 && slice_next_field(&rest, '.', &name))
		said = child(said, name);
	return said;
}

struct slice
reply_text(const json_t *said, const char *path, struct arena *a)
{
	const json_t *at = reply_at(said, path);

	if (json_is_integer(at))
		return arena_printf(a, "%lld",
			(long long)json_integer_value(at));
	return arena_copy(a, slice(json_string_value(at),
		json_string_length(at)));
}

int64_t
reply_number(const json_t *said, const char *path, int64_t none)
{
	const json_t *at = reply_at(said, path);
	int64_t n;

	if (json_is_integer(at))
		return json_integer_value(at);
	n = slice_number(slice(json_string_value(at), json_string_length(at)),
		INT64_MAX);
	return n < 0 ? none : n;
}

bool
reply_is(const json_t *said, const char *path, struct slice text)
{
	const json_t *at = reply_at(said, path);

	return json_is_string(at) && slice_eq(text, slice(
		json_string_value(at), json_string_length(at)));
}
