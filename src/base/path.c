/*
 * Paths as text: nothing here looks at the disk.
 */
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/path.h"

static const char *
current_dir(char ret[static PATH_MAX])
{
	return getcwd(ret, PATH_MAX) ? ret : "/";
}

/* Add one component to the clean path of *len bytes in out. */
static void
step(char *out, size_t *len, struct slice part)
{
	if (part.len == 0 || slice_eq(part, S(".")))
		return;
	if (slice_eq(part, S(".."))) {
		while (*len > 0 && out[--*len] != '/')
			;
		return;
	}
	out[(*len)++] = '/';
	memcpy(out + *len, part.ptr, part.len);
	*len += part.len;
}

const char *
path_resolve(const char *dir, struct slice path, struct arena *a)
{
	char cwd[PATH_MAX];
	struct slice whole = path, part;
	size_t len = 0;
	char *out;

	if (!slice_starts(path, S("/")))
		whole = arena_printf(a, "%s/%.*s", dir ? dir :
			current_dir(cwd), ARG(path));
	out = arena_alloc(a, whole.len + 2);
	while (slice_next_field(&whole, '/', &part))
		step(out, &len, part);
	if (len == 0)
		out[len++] = '/';
	out[len] = '\0';
	return out;
}

bool
path_is_in(const char *path, const char *dir)
{
	struct slice p = slice_str(path), d = slice_str(dir);

	if (slice_eq(d, S("/")))
		return true;
	return slice_starts(p, d) && (p.len == d.len || p.ptr[d.len] == '/');
}

struct slice
path_parent(struct slice path)
{
	ssize_t at = slice_rfind_byte(path, '/');

	if (at < 0)
		return S(".");
	return at == 0 ? S("/") : slice(path.ptr, (size_t)at);
}
