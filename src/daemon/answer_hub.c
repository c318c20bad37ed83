/*
 * Our own hub, for gazettectl: who subscribed to what, and how it is.
 */
#include "daemon/answer_verb.h"
#include "model/subscription.h"
#include "push/courier.h"

enum { SUBSCRIBERS_MAX = 1000 };

/* A feed, or a document of one, by whatever it is called. */
static int
take_filter(struct answer_job *j, struct subscription_filter *ret)
{
	const struct courier *c = j->press->courier;
	struct slice name = answer_word(j, "path");
	struct store_reader *press;
	struct feed feed;
	int rc;

	*ret = (struct subscription_filter){ .topic = name };
	if (name.len == 0 || slice_find(name, S("://"), 0) >= 0)
		return 0;
	press = c->ops->reader_take(c->press);
	rc = answer_find_feed(j, c->ops, press, &feed);
	c->ops->reader_give(c->press, press);
	*ret = (struct subscription_filter){ .feed_id = rc < 0 ? 0 :
		feed.id };
	return rc;
}

/* What stands behind the question mark may be a secret of theirs. */
static struct slice
shown_callback(struct slice callback, struct arena *a)
{
	ssize_t mark = slice_find_byte(callback, '?');

	return mark < 0 ? callback : arena_printf(a, "%.*s?***",
		(int)mark, callback.ptr);
}

static json_t *
subscription_answer(const struct subscription *s, struct arena *a)
{
	return json_pack("{sI so so sI sI sb sI sI so}",
		"id", (json_int_t)s->id, "topic", answer_text(s->topic),
		"callback", answer_text(shown_callback(s->callback, a)),
		"since", (json_int_t)s->since,
		"expires", (json_int_t)s->expires, "signed", s->has_secret,
		"tries", (json_int_t)s->tries,
		"due", (json_int_t)(s->due / 1000),
		"error", answer_text(s->why));
}

void
answer_subscribers_read(struct answer_job *j, struct store_reader *r)
{
	int64_t after = json_integer_value(json_object_get(j->args, "after"));
	json_t *list = json_array();
	struct subscription_filter f;
	struct subscription *rows;
	size_t n;

	json_object_set_new(j->answer, "subscribers", list);
	if (take_filter(j, &f) < 0 || subscription_sqlite.list(r, &f, after,
		SUBSCRIBERS_MAX, &j->arena, &rows, &n, &j->failed) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, subscription_answer(&rows[i],
			&j->arena));
	json_object_set_new(j->answer, "cut",
		json_boolean(n == SUBSCRIBERS_MAX));
}

void
answer_hub_read(struct answer_job *j, struct store_reader *r)
{
	const struct hub_conf *h = &j->config->hub;
	json_t *others = json_array();
	struct subscription_counts c;

	if (subscription_sqlite.counts(r, &c, &j->failed) < 0) {
		json_decref(others);
		return;
	}
	for (size_t i = 0; i < h->n_publish; i++)
		json_array_append_new(others, answer_text(h->publish[i]));
	json_object_set_new(j->answer, "hub", json_pack(
		"{sb so sI sI sI sI sI sI so}", "serving", h->serve,
		"url", answer_text(h->serve ? h->url : S("")),
		"topics", (json_int_t)c.topics,
		"subscriptions", (json_int_t)c.subscriptions,
		"max", (json_int_t)h->max, "pending", (json_int_t)c.pending,
		"running", (json_int_t)c.under_way,
		"failing", (json_int_t)c.retrying, "elsewhere", others));
}
