/*
 * The parts of the target "x": what is to be done next, who asks, and what
 * answers mean.
 *
 * A delivery is a chain of requests, and what comes next is seen from what
 * there is: pictures that are not uploaded yet, and the memo.  That has the
 * ids of what was posted, with blanks between them, behind words of how far
 * the delivery is:
 *
 *	ID [REPLY ...]		posted, by this delivery or ones before
 *	posted ID		the first post of a thread; its reply comes
 *	unedited ID [REPLY ...]	X lets nobody edit it: a reply corrects it
 *	anew ...		pictures were forgotten there: sent again
 */
#ifndef PUSH_X_H
#define PUSH_X_H

#include "push/target.h"
#include "push/voice.h"

enum { X_ID_MAX = 19 };		/* digits */

enum x_auth { X_OAUTH1, X_OAUTH2 };

/* What its settings say. */
struct x_conf {
	struct voice_conf voice;
	struct slice api, login;	/* addresses, without a slash behind */
	enum x_auth auth;
	struct slice app;	/* credential: the app's key, and its secret */
	struct slice account;	/* credential: the account's, of OAuth 1.0a */
	struct slice user;	/* the account's number */
	struct slice redirect;	/* where a login leads to */
	bool thread;
	int64_t weight;		/* of a text */
};

enum x_step {
	X_NOTHING,
	X_LOOK,		/* somebody tries the target */
	X_UPLOAD,
	X_DESCRIBE,	/* the picture, for those who do not see it */
	X_POST,
	X_EDIT,
	X_CORRECT,	/* by a reply */
	X_FOLLOW,	/* the reply that leads to the series */
	X_DELETE,
};

/* Is it a number that X calls something by? */
bool x_is_id(struct slice s);

/* What is next for a delivery. */
struct x_work {
	enum x_step step;
	struct slice ids;	/* all that is there, as in the memo */
	/* The first and the last of them; empty: there is none. */
	struct slice post, last;
	bool is_anew, is_unedited;
	const struct push_picture *picture;	/* to upload, or to describe */
};

/* It is the same whenever it is asked. */
struct x_work x_work(const struct delivery *d);

/* What is uploaded for `purpose` "image", and described for "alt". */
#define X_IMAGE S("image")
#define X_ALT S("alt")

/* The picture's description, as the upload for "alt" remembers it. */
struct slice x_described(const struct push_picture *p, struct arena *a);

/* ---- what is said ---- */

/* The text of a post of that step. */
int x_text(const struct delivery *d, const struct x_work *w, struct arena *a,
	struct slice *ret, struct err *e) MUST_USE;

/* The address that is in no other post after the ones in w. */
struct slice x_mark(const struct delivery *d, const struct x_work *w,
	struct arena *a);

/* ---- who asks ---- */

/* The account's number, for reading back. */
int x_user(const struct delivery *d, struct slice *ret, struct err *e)
	MUST_USE;

/* Sign the request, which has its method and address. */
int x_authorize(const struct delivery *d, struct request *q, struct err *e)
	MUST_USE;

/* target_ops, for OAuth 2.0. */
bool x_keeps_token(const struct target *t);
int x_fetch(const struct delivery *d, struct request *q, struct err *e)
	MUST_USE;
struct verdict x_fetched(const struct delivery *d, const struct response *r,
	struct token *ret, struct err *e);
int x_login(const struct delivery *d, const struct login *l, struct buf *ret,
	struct err *e) MUST_USE;
int x_redeem(const struct delivery *d, const struct login *l,
	struct request *q, struct err *e) MUST_USE;

/* ---- what answers mean: target_ops ---- */

struct verdict x_judge(const struct delivery *d, const struct response *r,
	struct err *e);
struct verdict x_answer(const struct delivery *d, const struct response *r,
	struct err *e);

#endif
