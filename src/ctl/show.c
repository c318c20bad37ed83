/*
 * The daemon's other answers, for people.
 */
#include <stdio.h>
#include <string.h>

#include "ctl/show.h"
#include "ctl/table.h"
#include "ctl/words.h"

static void
put_series(struct sheet *s, const json_t *series)
{
	json_int_t part = word_number(series, "part");

	if (!json_is_object(series))
		return;
	sheet_put(s, "series");
	if (part > 0)
		sheet_put(s, "%s, part %" JSON_INTEGER_FORMAT,
			word_text(series, "title"), part);
	else
		sheet_put(s, "%s", word_text(series, "title"));
}

static void
put_people(struct sheet *s, const json_t *people)
{
	const json_t *one;
	size_t i;

	json_array_foreach(people, i, one)
		sheet_fact(s, word_text(one, "role"), word_text(one, "name"));
}

/* Pictures: the file, or the address of one from elsewhere, and whose it is. */
static void
put_media(struct sheet *s, const json_t *media)
{
	const json_t *one;
	size_t i;

	json_array_foreach(media, i, one) {
		const char *path = word_text(one, "path");
		const char *credit = word_text(one, "credit");

		sheet_put(s, "%s", i ? "" : "pictures");
		sheet_put(s, "%s%s%s%s", path[0] ? path :
			word_text(one, "url"), credit[0] ? " (photo: " : "",
			credit, credit[0] ? ")" : "");
	}
}

/* Related titles, with their address or the word that there is none yet. */
static void
put_related(struct sheet *s, const json_t *related)
{
	const char *url;
	const json_t *one;
	size_t i;

	json_array_foreach(related, i, one) {
		url = word_text(one, "url");
		sheet_put(s, "%s", i ? "" : "related");
		sheet_put(s, "%s (%s)", word_text(one, "title"),
			url[0] ? url : "not here yet");
	}
}

static void
put_aside(struct sheet *s, const json_t *aside)
{
	if (!json_is_object(aside))
		return;
	sheet_fact(s, "set aside", word_text(aside, "why"));
	sheet_fact(s, "hint", word_text(aside, "hint"));
}

static void
put_time(struct sheet *s, const char *name, const json_t *article,
	const char *key)
{
	if (json_is_integer(json_object_get(article, key)))
		sheet_fact(s, name, word_time(article, key, &s->arena));
}

/* Why it is not shown, or not withdrawn, yet. */
static void
put_wait(struct sheet *s, const json_t *article)
{
	const char *held = word_text(article, "held");

	if (word_text(article, "waits")[0])
		sheet_fact(s, "waits", "it is a draft");
	put_time(s, "waits until", article, "waits_until");
	if (json_is_true(json_object_get(article, "barred")))
		sheet_fact(s, "withdrawn", "by \"gazettectl withdraw\"; "
			"\"gazettectl publish\" brings it back");
	if (!held[0])
		return;
	sheet_fact(s, "deleted", strcmp(held, "confirmed") == 0 ?
		"it is being withdrawn" : "its file is gone; \"gazettectl "
		"confirm\" withdraws it");
}

/* Each word of the metadata that is said. */
static void
put_fields(struct sheet *s, const json_t *fields)
{
	const char *name;
	const json_t *value;

	json_object_foreach((json_t *)(uintptr_t)fields, name, value) {
		if (json_is_string(value))
			sheet_fact(s, name, json_string_value(value));
		else if (json_array_size(value) > 0)
			sheet_fact(s, name, word_list(value, &s->arena));
		else if (json_is_integer(value))
			sheet_fact(s, name, arena_printf(&s->arena, "%lld",
				(long long)json_integer_value(value)).ptr);
	}
}

int
show_article(const json_t *answer)
{
	static const struct column columns[] = { { 0 }, { 0 } };
	static const char *const texts[] = { "path", "title", "headline",
		"id", "slug", "url", "state" };
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	const json_t *article = json_object_get(answer, "article");
	struct terminal t;

	terminal_get(&t);
	t.width = 0;	/* an address that was cut is none */
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		sheet_fact(&s, texts[i], word_text(article, texts[i]));
	put_series(&s, json_object_get(article, "series"));
	put_wait(&s, article);
	put_time(&s, "published", article, "published");
	put_time(&s, "updated", article, "updated");
	put_people(&s, json_object_get(article, "people"));
	put_fields(&s, json_object_get(article, "fields"));
	sheet_fact(&s, "feeds", word_list(json_object_get(article, "feeds"),
		&s.arena));
	put_media(&s, json_object_get(article, "media"));
	put_related(&s, json_object_get(article, "related"));
	put_aside(&s, json_object_get(article, "aside"));
	sheet_print(&s, &t);
	return 0;
}

int
show_rescan(const json_t *answer)
{
	(void)answer;
	puts("The files are being compared; \"gazettectl status\" tells when "
		"it is done.");
	return 0;
}

/* What the answer did not wait for. */
static void
print_pending(const json_t *answer)
{
	json_int_t n = word_number(answer, "pending");

	if (n > 0)
		printf("  %" JSON_INTEGER_FORMAT " of its feeds are not "
			"published yet; \"gazettectl status\" tells why.\n",
			n);
}

int
show_withdraw(const json_t *answer)
{
	puts("The article is withdrawn; its file cannot bring it back, "
		"\"gazettectl publish\" can.");
	print_pending(answer);
	return 0;
}

int
show_publish(const json_t *answer)
{
	puts("The article is published again, if its file does not say "
		"otherwise.");
	print_pending(answer);
	return 0;
}

int
show_confirm(const json_t *answer)
{
	printf("Deletions that are carried out now: %" JSON_INTEGER_FORMAT
		".\n", word_number(answer, "confirmed"));
	return 0;
}

int
show_reload(const json_t *answer)
{
	(void)answer;
	puts("The new configuration is in force.");
	return 0;
}
