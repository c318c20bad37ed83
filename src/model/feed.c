/*
 * The order of a document's entries, and how much of them it holds.
 */
#include "model/feed.h"

const char *const content_words[] = {
	[CONTENT_FULL] = "full",
	[CONTENT_SUMMARY] = "summary",
	[CONTENT_TITLE] = "title",
	NULL,
};

int
entry_order(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	if (a->published != b->published)
		return a->published < b->published ? 1 : -1;
	if (a->part != b->part)
		return a->part < b->part ? 1 : -1;
	return slice_cmp(a->uid, b->uid);
}
