/*
 * The parts of the target "facebook": its requests, and what answers mean.
 */
#ifndef PUSH_FACEBOOK_H
#define PUSH_FACEBOOK_H

#include "push/reply.h"
#include "push/target.h"
#include "push/voice.h"

enum { FACEBOOK_POSTS_MAX = 100 };	/* that are looked through */

enum facebook_form { FACEBOOK_LINK, FACEBOOK_PHOTO };

/* What its settings say. */
struct facebook_conf {
	struct slice page;
	struct slice url, version;
	struct slice token, app_secret;	/* names of credentials */
	enum facebook_form post;
	int64_t length;
	bool scrape;
	struct voice_conf voice;
};

/* ---- target_facebook.c: what is to be done ---- */

/* A request that may be the delivery's next one. */
enum facebook_turn {
	FACEBOOK_NOTHING,	/* it is as it should be, for all we know */
	FACEBOOK_TRY,		/* somebody tries the target */
	FACEBOOK_POST,
	FACEBOOK_EDIT,
	FACEBOOK_SCRAPE,	/* the card, once the text is edited */
	FACEBOOK_DELETE,
};

/* Which of them is its turn. */
enum facebook_turn facebook_turn(const struct delivery *d);

/* Could that be the id of a post?  It is safe in an address, then. */
bool facebook_is_id(struct slice text);

/* The post that the memo names; empty: it names none. */
struct slice facebook_post(const struct delivery *d);

/* A memo that says that this post is edited, and its card is not. */
struct slice facebook_edited(const struct delivery *d, struct arena *a);

/* ---- facebook_request.c ---- */

/* What the post says. */
int facebook_text(const struct delivery *d, struct arena *a,
	struct slice *ret, struct err *e) MUST_USE;

/* target_ops.compose and ask. */
int facebook_compose(const struct delivery *d, struct request *q,
	struct err *e) MUST_USE;
int facebook_ask(const struct delivery *d, struct request *q,
	struct err *e) MUST_USE;

/* ---- facebook_answer.c ---- */

/* target_ops.judge and answer. */
struct verdict facebook_judge(const struct delivery *d,
	const struct response *r, struct err *e);
struct verdict facebook_answer(const struct delivery *d,
	const struct response *r, struct err *e);

/* ---- facebook_error.c ---- */

/* What an error says about the request. */
enum facebook_error {
	FACEBOOK_STATUS,	/* nothing: only its HTTP status does */
	FACEBOOK_DOUBT,		/* it may have been done */
	FACEBOOK_THROTTLED,	/* too many requests */
	FACEBOOK_RECONNECT,	/* the token is good for nothing any more */
	FACEBOOK_FORBIDDEN,	/* permission, or a role on the Page */
	FACEBOOK_BLOCKED,	/* the Page or the app is, for what it does */
	FACEBOOK_DUPLICATE,	/* the Page said the same just before */
	FACEBOOK_UNSCRAPED,	/* the article could not be fetched */
	FACEBOOK_MISSING,	/* there is nothing of that name to be seen */
	FACEBOOK_WRONG,		/* the request is, for good */
};

/* Which of them the answer is; it is none of success. */
enum facebook_error facebook_error(const struct response *r,
	const json_t *said);

/* The same as a verdict, with a reason and a hint. */
struct verdict facebook_refused(const struct delivery *d,
	const struct response *r, const json_t *said, struct err *e);

/* Tell what Facebook says of it: "Facebook answered 400 (code 100): ...". */
void facebook_tell(const struct response *r, const json_t *said,
	struct err *e);

#endif
