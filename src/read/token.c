/*
 * HTML as tokens.
 *
 * 1. Every byte is looked at a bounded number of times: a search that fails is
 *    remembered ("no tag ends behind here"), one that succeeds is consumed.
 * 2. Text is never lost: a "<" that begins no tag is text.  Only a comment
 *    and a script or style without an end reach to the end of the bytes.
 * 3. Of the attributes of a tag the first 64 in its first 16 kB count.
 */
#include "read/entity.h"
#include "read/token.h"

enum { NOT_LOOKED = 0, NEVER = SIZE_MAX };

static bool
is_letter(char c)
{
	c |= 0x20;
	return c >= 'a' && c <= 'z';
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static struct slice
rest_of(const struct tokens *t)
{
	return slice_from(t->all, t->at);
}

/* Do the element's bytes up to its end tag hold no tags? */
static bool
is_raw(enum tag_id id)
{
	return id == TAG_SCRIPT || id == TAG_STYLE || id == TAG_TITLE ||
		id == TAG_TEXTAREA || id == TAG_IFRAME ||
		id == TAG_NOEMBED || id == TAG_NOFRAMES ||
		id == TAG_NOSCRIPT;
}

/* Is there "</name" at s, and nothing of a longer name behind it? */
static bool
closes_here(struct slice s, struct slice name)
{
	struct slice behind = slice_from(s, 2 + name.len);

	return slice_starts(s, S("</")) &&
		slice_starts_nocase(slice_from(s, 2), name) &&
		(behind.len == 0 || is_blank(behind.ptr[0]) ||
		behind.ptr[0] == '>' || behind.ptr[0] == '/');
}

static size_t
find_close(const struct tokens *t, enum tag_id id)
{
	struct slice name = tag_of(id)->name;

	for (size_t at = t->at; at < t->all.len; at++) {
		struct slice rest = slice_from(t->all, at);
		ssize_t skip = slice_find_byte(rest, '<');

		if (skip < 0)
			break;
		at += (size_t)skip;
		if (closes_here(slice_from(t->all, at), name))
			return at;
	}
	return NEVER;
}

/* Where the next end tag of an element is; NEVER: there is none. */
static size_t
next_close(struct tokens *t, enum tag_id id)
{
	size_t known = t->closes[id];

	if (known == NOT_LOOKED || known < t->at)
		t->closes[id] = find_close(t, id);
	return t->closes[id];
}

static void
set_text(struct tokens *t, size_t to, struct token *ret)
{
	struct slice s = slice_sub(t->all, t->at, to);

	ret->kind = TOKEN_TEXT;
	ret->tag = t->raw;
	ret->text = t->raw == TAG_SCRIPT || t->raw == TAG_STYLE ? s :
		entity_decode(s, t->arena);
	ret->from = t->at;
	ret->to = t->at = to;
}

/* Past the end of a comment or of "<!...>", "<?...>"; 0: it has none. */
static size_t
skip_declaration(const struct tokens *t)
{
	struct slice s = rest_of(t);
	ssize_t end;

	if (!slice_starts(s, S("<!--"))) {
		end = slice_find_byte(s, '>');
		return end < 0 ? 0 : t->at + (size_t)end + 1;
	}
	if (slice_starts(s, S("<!-->")))
		return t->at + 5;
	if (slice_starts(s, S("<!--->")))
		return t->at + 6;
	end = slice_find(s, S("-->"), 4);
	return end < 0 ? t->all.len : t->at + (size_t)end + 3;
}

/* Up to the quote that ends a value, or -1: nobody closes it. */
static ssize_t
find_quote(struct tokens *t, size_t at)
{
	char quote = t->all.ptr[at - 1];
	bool *none = quote == '"' ? &t->no_quote : &t->no_apostrophe;
	ssize_t n = *none ? -1 : slice_find_byte(slice_from(t->all, at),
		quote);

	*none = n < 0;
	return n;
}

/* The value behind "="; *at moves past it. */
static struct slice
read_value(struct tokens *t, size_t *at)
{
	struct slice all = t->all;
	size_t from = *at;

	if (from < all.len && (all.ptr[from] == '"' ||
		all.ptr[from] == '\'')) {
		ssize_t n = find_quote(t, from + 1);

		if (n >= 0) {
			*at = from + (size_t)n + 2;
			return slice_sub(all, from + 1, from + 1 + (size_t)n);
		}
	}
	while (*at < all.len && !is_blank(all.ptr[*at]) &&
		all.ptr[*at] != '>')
		(*at)++;
	return slice_sub(all, from, *at);
}

static size_t
skip_blanks(struct slice all, size_t at)
{
	while (at < all.len && is_blank(all.ptr[at]))
		at++;
	return at;
}

/* Read "name" or "name=value"; where it ends. */
static size_t
read_attribute(struct tokens *t, size_t at, struct attribute *ret)
{
	struct slice all = t->all;
	size_t from = at, next;

	while (at < all.len && !is_blank(all.ptr[at]) && all.ptr[at] != '>' &&
		all.ptr[at] != '/' && (all.ptr[at] != '=' || at == from))
		at++;
	ret->name = slice_sub(all, from, at);
	ret->value = slice("", 0);
	next = skip_blanks(all, at);
	if (next == all.len || all.ptr[next] != '=')
		return at;
	at = skip_blanks(all, next + 1);
	ret->value = read_value(t, &at);
	return at;
}

/*
 * Read the attributes of the tag that began at t->at; its end, or 0: it has
 * none.
 */
static size_t
read_attributes(struct tokens *t, size_t at, struct token *ret)
{
	struct slice all = t->all;
	struct attribute one;

	ret->n_attributes = 0;
	for (;;) {
		while (at < all.len && (is_blank(all.ptr[at]) ||
			all.ptr[at] == '/'))
			at++;
		if (at == all.len)
			return 0;
		if (all.ptr[at] == '>')
			return at + 1;
		at = read_attribute(t, at, &one);
		if (at - t->at > TOKEN_TAG_MAX ||
			ret->n_attributes == TOKEN_ATTRIBUTES_MAX)
			continue;
		ret->attributes[ret->n_attributes++] = one;
	}
}

/* Will the element end?  A script without an end takes all the rest. */
static bool
will_end(struct tokens *t, enum tag_id id)
{
	return id == TAG_SCRIPT || id == TAG_STYLE ||
		next_close(t, id) != NEVER || (t->document &&
		next_close(t->document, id) != NEVER);
}

static void
begin_element(struct tokens *t, struct token *ret)
{

	for (size_t i = 0; i < ret->n_attributes; i++)
		ret->attributes[i].value = entity_decode(
			ret->attributes[i].value, t->arena);
	ret->ends = false;
	if (tag_of(ret->tag)->kind != KIND_DROPPED &&
		tag_of(ret->tag)->kind != KIND_PLAYER)
		return;
	ret->ends = will_end(t, ret->tag);
	if (is_raw(ret->tag) && ret->ends)
		t->raw = ret->tag;
}

/* Read a tag, if there is one at "<". */
static bool
read_tag(struct tokens *t, struct token *ret)
{
	struct slice s = rest_of(t);
	size_t from = s.len > 1 && s.ptr[1] == '/' ? 2 : 1, at = from, end;

	if (t->no_end || at >= s.len || !is_letter(s.ptr[at]))
		return false;
	while (at < s.len && !is_blank(s.ptr[at]) && s.ptr[at] != '/' &&
		s.ptr[at] != '>')
		at++;
	ret->kind = from == 2 ? TOKEN_CLOSE : TOKEN_OPEN;
	ret->tag = tag_find(slice_sub(s, from, at));
	ret->text = slice_sub(s, from, at);
	end = read_attributes(t, t->at + at, ret);
	if (end == 0) {
		t->no_end = true;
		return false;
	}
	ret->from = t->at;
	ret->to = t->at = end;
	if (ret->kind == TOKEN_OPEN)
		begin_element(t, ret);
	return true;
}

/* Read the text of a script up to its end tag; false: there is none left. */
static bool
read_raw(struct tokens *t, struct token *ret)
{
	size_t end = MIN(next_close(t, t->raw), t->all.len);
	bool some = end > t->at;

	if (some)
		set_text(t, end, ret);
	t->raw = TAG_NONE;
	return some;
}

/* Where the text that begins here ends; a "<" at its start is part of it. */
static size_t
text_end(const struct tokens *t)
{
	ssize_t n = t->no_end ? -1 :
		slice_find_byte(slice_from(t->all, t->at + 1), '<');

	return n < 0 ? t->all.len : t->at + 1 + (size_t)n;
}

/* Pass over what begins like a declaration here, if it also ends. */
static bool
take_declaration(struct tokens *t)
{
	struct slice s = rest_of(t);
	size_t end;

	if (t->no_end || s.len < 2 || s.ptr[0] != '<' ||
		!strchr("!?/", s.ptr[1]))
		return false;
	end = skip_declaration(t);
	t->no_end = end == 0;
	if (end > 0)
		t->at = end;
	return end > 0;
}

bool
token_next(struct tokens *t, struct token *ret)
{
	if (t->raw != TAG_NONE && read_raw(t, ret))
		return true;
	while (t->at < t->all.len) {
		if (t->all.ptr[t->at] == '<' && read_tag(t, ret))
			return true;
		if (take_declaration(t))
			continue;
		set_text(t, text_end(t), ret);
		return true;
	}
	return false;
}

static const struct attribute *
find_attribute(const struct token *t, const char *name)
{
	for (size_t i = 0; i < t->n_attributes; i++)
		if (slice_eq_nocase(t->attributes[i].name, slice_str(name)))
			return &t->attributes[i];
	return NULL;
}

bool
token_has(const struct token *t, const char *name)
{
	return find_attribute(t, name) != NULL;
}

struct slice
token_get(const struct token *t, const char *name)
{
	const struct attribute *found = find_attribute(t, name);

	return found ? slice_trim(found->value) : slice("", 0);
}
