/*
 * What a User-Agent says of itself.
 *
 *	Feedly/1.0 (+http://...; 16 subscribers)	Feedly, 16
 *	NewsBlur Feed Fetcher - 12 subscribers - http://...
 *					the first three words, 12
 *	Mozilla/5.0 (compatible; Inoreader/1.0; ...)	Inoreader
 *	Mozilla/5.0 (X11; ...) Gecko/20100101 Thunderbird/115.0
 *					Thunderbird
 *	Mozilla/5.0 (...) ... Chrome/120.0 Safari/537.36	a browser
 */
#include "base/utf8.h"
#include "daemon/agent.h"

static const char *const engines[] = { "Mozilla", "Gecko", "AppleWebKit",
	"Version", "Mobile", "Safari", "Chrome", "Firefox", "Edg", "OPR" };

static bool
is_name_char(int32_t c)
{
	/* U+FFFD is what is not UTF-8. */
	return c == '.' || c == '_' || c == '-' || c == '+' || c == '!' ||
		(c != 0xfffd && utf8_is_alnum(c));
}

/* The characters of a name at the start of s. */
static struct slice
name_prefix(struct slice s)
{
	size_t at = 0, len;
	int32_t c;

	while ((c = utf8_get(slice_from(s, at), &len)) >= 0 &&
		is_name_char(c))
		at += len;
	return slice_sub(s, 0, at);
}

/* Is a word part of a name?  "1.0", "-", and "feed-id:12" are not. */
static bool
is_name(struct slice word, struct slice prefix)
{
	size_t len;
	int32_t c = utf8_get(word, &len);

	return prefix.len > 0 && c != '-' && c != '+' && c != '.' &&
		!(c >= '0' && c <= '9') && (prefix.len == word.len ||
		word.ptr[prefix.len] == '/' || word.ptr[prefix.len] == ',' ||
		word.ptr[prefix.len] == ';' || word.ptr[prefix.len] == ')');
}

static void
set_name(struct agent *a, struct slice name)
{
	while (name.len > AGENT_NAME_MAX)
		name = utf8_first(name, utf8_count(name) - 1);
	memcpy(a->name, name.ptr, name.len);
	a->name[name.len] = '\0';
}

/* The words up to the first that is no name, or is not whole one. */
static struct slice
leading_words(struct slice s)
{
	struct slice rest = s, word, prefix;
	const char *end = s.ptr;

	while (slice_next_field(&rest, ' ', &word)) {
		prefix = name_prefix(word);
		if (!is_name(word, prefix))
			break;
		end = prefix.ptr + prefix.len;
		if (prefix.len < word.len)
			break;
	}
	return slice(s.ptr, (size_t)(end - s.ptr));
}

static bool
is_engine(struct slice name)
{
	for (size_t i = 0; i < COUNT_OF(engines); i++)
		if (slice_eq_nocase(name, slice_str(engines[i])))
			return true;
	return false;
}

/* The last product that is no part of any browser: "Thunderbird/115.0". */
static struct slice
last_product(struct slice s)
{
	struct slice found = S(""), word, prefix;

	while (slice_next_field(&s, ' ', &word)) {
		prefix = name_prefix(word);
		if (is_name(word, prefix) && prefix.len < word.len &&
			word.ptr[prefix.len] == '/' && !is_engine(prefix))
			found = prefix;
	}
	return found;
}

/* Many say that they are a browser, and only in passing who they are. */
static struct slice
behind_mozilla(struct slice s)
{
	ssize_t at = slice_find(s, S("(compatible; "), 0);
	struct slice name = at < 0 ? S("") : leading_words(slice_from(s,
		(size_t)at + strlen("(compatible; ")));

	if (name.len == 0)
		name = last_product(s);
	return name.len ? name : S("a browser");
}

/* The number before "subscribers": the last one, if there are several. */
static int64_t
find_subscribers(struct slice s)
{
	int64_t found = -1, n;
	ssize_t at = 0;
	size_t from;

	while ((at = slice_find(s, S(" subscriber"), (size_t)at)) >= 0) {
		for (from = (size_t)at; from > 0 && s.ptr[from - 1] >= '0' &&
			s.ptr[from - 1] <= '9';)
			from--;
		n = slice_number(slice_sub(s, from, (size_t)at),
			AGENT_SUBSCRIBERS_MAX);
		if (n >= 0)
			found = n;
		at++;
	}
	return found;
}

void
agent_read(struct slice field, struct agent *ret)
{
	struct slice s = slice_trim(slice_sub(field, 0, AGENT_READ_MAX)),
		name;

	if (slice_starts_nocase(s, S("Mozilla/")))
		name = behind_mozilla(s);
	else
		name = leading_words(s);
	set_name(ret, name.len ? name : S("no name"));
	ret->subscribers = find_subscribers(s);
}
