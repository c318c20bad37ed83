/*
 * Furniture: the words with which pages name what is not the article.
 *
 * Whole words only, and only those that mean nothing else: "share-buttons",
 * not "shared"; a wrong guess here loses text.
 */
#include "read/page.h"

static const char *const words[] = {
	"ad", "ads", "ad-slot", "advert", "advertisement", "adsbygoogle",
	"banner-ad", "breadcrumb", "breadcrumbs", "comment-form",
	"comment-list", "comments", "comments-area", "cookie",
	"cookie-banner", "cookie-bar", "cookie-consent", "cookie-notice",
	"cookies", "disqus_thread", "follow-us", "more-news", "nav", "navbar",
	"navigation", "newsletter", "newsletter-signup", "pager",
	"pagination", "paywall", "popup", "recommended", "related",
	"related-articles", "related-news", "related-posts", "share",
	"share-bar", "share-buttons", "sharing", "sidebar", "site-footer",
	"site-header", "site-nav", "skip-link", "skip-links", "social",
	"social-links", "social-media", "social-share", "sponsored",
	"subscribe", "toolbar",
};

static const char *const roles[] = {
	"banner", "complementary", "contentinfo", "navigation", "search",
};

static bool
is_in(struct slice word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (slice_eq_nocase(word, slice_str(list[i])))
			return true;
	return false;
}

static bool
has_furniture_word(struct slice names)
{
	size_t from = 0;

	for (size_t i = 0; i <= names.len; i++) {
		if (i < names.len && !strchr(" \t\r\n\f", names.ptr[i]))
			continue;
		if (is_in(slice_sub(names, from, i), words, COUNT_OF(words)))
			return true;
		from = i + 1;
	}
	return false;
}

bool
page_is_furniture(const struct token *t)
{
	return token_has(t, "hidden") ||
		is_in(token_get(t, "role"), roles,
		COUNT_OF(roles)) ||
		has_furniture_word(token_get(t, "class")) ||
		has_furniture_word(token_get(t, "id"));
}
