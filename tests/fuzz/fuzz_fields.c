/*
 * Fuzz target: metadata of any bytes, in all three places that they stand in;
 * and a text in any encoding.
 */
#include "base/charset.h"
#include "base/utf8.h"
#include "read/fields.h"
#include "fuzz.h"

static void
check_fields(const struct article *art)
{
	const struct fields *f = &art->fields;

	CHECK(art->title.len <= ARTICLE_TITLE_MAX);
	CHECK(utf8_valid(art->title));
	CHECK(art->n_people <= ARTICLE_PEOPLE_MAX);
	CHECK(art->n_related <= ARTICLE_RELATED_MAX);
	CHECK(art->n_media <= ARTICLE_MEDIA_MAX);
	CHECK(f->n_tags <= ARTICLE_TAGS_MAX);
	CHECK(f->part >= 0 && f->part <= FIELD_PART_MAX);
	CHECK(art->date >= -1 && f->updated >= 0 && f->embargo >= 0);
	for (size_t i = 0; i < art->n_people; i++)
		CHECK(art->people[i].name.len > 0 &&
			art->people[i].role < ROLE_COUNT);
	for (size_t i = 0; i < art->n_media; i++)
		CHECK(art->media[i].path.len + art->media[i].url.len > 0);
	for (size_t i = 0; i < f->n_tags; i++)
		CHECK(f->tags[i].len > 0 && f->tags[i].len <= FIELD_TAG_MAX);
}

static void
try_fields(const struct read_env *env, struct slice bytes, struct arena *a)
{
	struct article art = { .date = -1 };
	struct err e = { 0 };
	int result = fields_read(env, bytes, "front matter", 1, FIELDS_SAY, a,
		&art, &e);

	CHECK(result == 0 || (e.text[0] && e.hint[0]));
	check_fields(&art);
	result = fields_read(env, bytes, "defaults", 1, FIELDS_FILL, a, &art,
		&e);
	CHECK(result == 0 || (e.text[0] && e.hint[0]));
	check_fields(&art);
}

/* The first line names a charset. */
static void
try_charset(struct slice bytes, struct arena *a)
{
	struct slice label, text;
	struct err e = { 0 };

	slice_next_field(&bytes, '\n', &label);
	if (charset_read(bytes, label, charset_declared(bytes), a, &text,
		&e) < 0)
		CHECK(e.text[0]);
	else
		CHECK(utf8_valid(text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct read_env env = { .path = S("a.md"), .language = S("en") };
	/* libFuzzer's empty input is NULL. */
	struct slice input = len ? slice((const char *)bytes, len) : S("");
	struct arena a = { 0 };

	/* The YAML reader takes UTF-8 only: read_article() sees to it. */
	if (utf8_valid(input) && slice_find_byte(input, '\0') < 0)
		try_fields(&env, input, &a);
	try_charset(input, &a);
	arena_done(&a);
	return 0;
}
