/*
 * Elements of HTML.
 */
#include "read/tag.h"

enum { NAME_MAX = 10 };

static const struct tag tags[] = {
	[TAG_NONE] = { .kind = KIND_NONE, .attributes = "" },
#define TAG(id, name, kind, fill, attributes) \
	[TAG_##id] = { S_INIT(name), KIND_##kind, TAG_##fill, attributes },
#include "read/tags.def"
#undef TAG
};

const struct tag *
tag_of(enum tag_id id)
{
	return &tags[id];
}

enum tag_id
tag_find(struct slice name)
{
	char lower[NAME_MAX];
	size_t from = 1, to = TAG_COUNT;

	if (name.len > NAME_MAX)
		return TAG_NONE;
	for (size_t i = 0; i < name.len; i++)
		lower[i] = (char)(name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ?
			name.ptr[i] | 0x20 : name.ptr[i]);
	while (from < to) {
		size_t mid = (from + to) / 2;
		int order = slice_cmp(slice(lower, name.len),
			tags[mid].name);

		if (order == 0)
			return (enum tag_id)mid;
		if (order < 0)
			to = mid;
		else
			from = mid + 1;
	}
	return TAG_NONE;
}

static bool
is_section(enum tag_id id)
{
	return id == TAG_THEAD || id == TAG_TBODY || id == TAG_TFOOT;
}

static bool
is_cell(enum tag_id id)
{
	return id == TAG_TD || id == TAG_TH;
}

/* Of a table, and nothing without it. */
static bool
is_of_table(enum tag_id id)
{
	return is_cell(id) || id == TAG_TR || is_section(id) ||
		id == TAG_CAPTION;
}

bool
tag_has_home(enum tag_id child)
{
	return is_of_table(child) || child == TAG_LI || child == TAG_DT ||
		child == TAG_DD || child == TAG_FIGCAPTION;
}

bool
tag_is_home(enum tag_id child, enum tag_id parent)
{
	switch (child) {
	case TAG_LI:
		return parent == TAG_UL || parent == TAG_OL;
	case TAG_DT:
	case TAG_DD:
		return parent == TAG_DL;
	case TAG_FIGCAPTION:
		return parent == TAG_FIGURE;
	case TAG_TD:
	case TAG_TH:
		return parent == TAG_TR;
	case TAG_TR:
		return parent == TAG_TABLE || is_section(parent);
	default:
		return parent == TAG_TABLE;
	}
}

bool
tag_is_wall(enum tag_id child, enum tag_id at)
{
	if (is_of_table(child) || child == TAG_TABLE)
		return at == TAG_TABLE;
	return is_cell(at);
}

bool
tag_has_lines(enum tag_id id)
{
	enum tag_kind kind = tags[id].kind;

	return id == TAG_BLOCKQUOTE || (kind == KIND_FRAME && id != TAG_TR);
}
