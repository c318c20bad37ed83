/*
 * The head of an HTTP answer.
 */
#include "push/head.h"

struct slice
head_find(struct slice head, struct slice name)
{
	struct slice line, field;

	while (slice_next_line(&head, &line))
		if (slice_next_field(&line, ':', &field) &&
			slice_eq_nocase(field, name))
			return slice_trim(line);
	return slice(NULL, 0);
}
