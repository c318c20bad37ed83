/*
 * Fuzz target: a file of any bytes through the reader of plain text, and every
 * promise of an article that the rest of the press relies on.
 */
#include "base/utf8.h"
#include "try_article.h"

/* What is in "<a href="X">X</a>", as of a video's address; else all of it. */
static struct slice
unlinked(struct slice line)
{
	ssize_t end = slice_find(line, S("\">"), 0);

	if (!slice_starts(line, S("<a href=\"http")) || end < 0 ||
		!slice_ends(line, S("</a>")))
		return line;
	return slice_sub(line, (size_t)end + 2, line.len - 4);
}

/* Nothing but <p>...</p>, one a line, and no other < or >, but for a link. */
static void
check_html(struct slice html)
{
	struct slice line;

	while (slice_next_field(&html, '\n', &line)) {
		CHECK(slice_starts(line, S("<p>")));
		CHECK(slice_ends(line, S("</p>")));
		line = unlinked(slice_sub(line, 3, line.len - 4));
		CHECK(line.len > 0);
		CHECK(slice_find_byte(line, '<') < 0);
		CHECK(slice_find_byte(line, '>') < 0);
	}
}

static void
check_text(struct slice s)
{
	CHECK(utf8_valid(s));
	for (size_t i = 0; i < s.len; i++)
		CHECK((unsigned char)s.ptr[i] >= ' ' || s.ptr[i] == '\n');
}

static void
check_lists(const struct article *art)
{
	CHECK(art->n_people <= ARTICLE_PEOPLE_MAX);
	for (size_t i = 0; i < art->n_people; i++) {
		check_text(art->people[i].name);
		CHECK(art->people[i].name.len > 0);
	}
	CHECK(art->n_related <= ARTICLE_RELATED_MAX);
	for (size_t i = 0; i < art->n_related; i++) {
		check_text(art->related[i].title);
		CHECK(art->related[i].title.len > 0);
		CHECK(art->related[i].title.len <= ARTICLE_TITLE_MAX);
	}
}

static void
check_article(const struct article *art)
{
	check_text(art->title);
	check_text(art->text);
	check_text(art->html);
	check_text(art->summary);
	check_text(art->related_label);
	check_html(art->html);
	check_lists(art);
	CHECK(art->title.len > 0 && art->title.len <= ARTICLE_TITLE_MAX);
	CHECK(utf8_count(art->summary) <= ARTICLE_SUMMARY_MAX);
	CHECK(art->lang.len > 0);
	CHECK(art->date >= -1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	try_article(S("a.txt"), bytes, len, check_article);
	return 0;
}
