/*
 * Was it posted?  What the account posted since is looked through for it.
 *
 * 1. A post is found by the address in it, or by its text.  Ids grow, so what
 *    was posted before is told apart by its id, and is not asked for.
 * 2. It is not there when X has said so twice, some seconds apart.
 */
#include "push/x_parts.h"

enum { ASK_AGAIN_MS = 10 * 1000 };

static bool
has_address(const json_t *post, struct slice url)
{
	const json_t *list = reply_at(post, "entities.urls");
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item)
		if (reply_is(item, "expanded_url", url))
			return true;
	return false;
}

/* The id of the post that has to be ours; empty: it is not there. */
static struct slice
find(const struct delivery *d, const struct x_work *w,
	const struct response *r, const json_t *said)
{
	const json_t *list = reply_at(said, "data");
	struct slice mark = x_mark(d, w, r->a), text = S("");
	struct err ignored;
	size_t i;
	json_t *post;

	if (x_text(d, w, r->a, &text, &ignored) < 0)
		text = S("");
	json_array_foreach(list, i, post)
		if (has_address(post, mark) || (text.len > 0 &&
			reply_is(post, "text", text)))
			return reply_text(post, "id", r->a);
	return S("");
}

static struct verdict
looked(const struct delivery *d, const struct x_work *w,
	const struct response *r, const json_t *said, struct err *e)
{
	struct slice id = find(d, w, r, said);

	if (x_is_id(id))
		return x_made(d, w, id, r->a);
	/* {"meta":{"result_count":0}}: without it, that is no list at all. */
	if (reply_number(said, "meta.result_count", -1) < 0) {
		err_set(e, ERR_REFUSED, "X does not say what was posted");
		return verdict_wait(0, S(""));
	}
	err_set(e, ERR_MISSING, "it is not among what was posted");
	/* What was posted a moment ago may be shown a moment later. */
	return d->attempt < 2 ? verdict_wait(ASK_AGAIN_MS, S("")) :
		verdict_retry(0);
}

struct verdict
x_answer(const struct delivery *d, const struct response *r, struct err *e)
{
	json_auto_t *said = reply_json(r);
	struct x_work w = x_work(d);
	struct verdict v;

	/* Nothing that might be there is ever in doubt. */
	if (w.step == X_NOTHING || w.step == X_LOOK || w.step == X_DELETE ||
		w.step == X_UPLOAD || w.step == X_DESCRIBE) {
		err_set(e, ERR_MISSING, "it is done again");
		return verdict_retry(0);
	}
	if (r->status / 100 == 2)
		return looked(d, &w, r, said, e);
	x_tell(r, said, e);
	v = x_failed(d, &w, r, x_fault_of(&w, r, said), e);
	if (v.kind == VERDICT_AUTH || v.kind == VERDICT_HOLD)
		return v;
	return verdict_wait(v.wait_ms, S(""));
}
