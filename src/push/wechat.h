/*
 * The parts of the target "wechat": what an answer means, and what a draft
 * says.
 */
#ifndef PUSH_WECHAT_H
#define PUSH_WECHAT_H

#include "push/reply.h"
#include "push/target.h"
#include "push/voice.h"

/* How far an article goes by itself. */
enum wechat_mode {
	WECHAT_DRAFT,		/* into the draft box: people do the rest */
	WECHAT_PUBLISH,		/* to where it can be read */
	WECHAT_MASS,		/* to every follower's telephone */
};

enum wechat_comments { WECHAT_COMMENTS_NO, WECHAT_COMMENTS_ALL,
	WECHAT_COMMENTS_FANS };

struct wechat_conf {
	struct voice_conf voice;	/* its template is the title's */
	struct slice url;		/* where the API is */
	struct slice appid;
	struct slice secret;		/* name of a credential */
	enum wechat_mode mode;
	struct slice author;		/* instead of the article's */
	enum wechat_comments comments;
	/* Characters, as the platform counts them. */
	int64_t title_max, author_max, digest_max, content_max;
};

/* What a picture was uploaded as. */
#define WECHAT_COVER S("cover")	/* for ever, by an id */
#define WECHAT_BODY S("body")	/* in a text, by an address */

enum { WECHAT_BODY_BYTES_MAX = 1024 * 1024 - 1 };

/*
 * Is the picture one for the text: does it stand there, may it by the
 * configuration, and by its type and size?
 */
bool wechat_body_takes(const struct delivery *d,
	const struct push_picture *p);

/* ---- which step comes: wechat_step.c ---- */

/*
 *	cover ... body ... draft -+-------------------> done  (mode: draft)
 *	                          +- submit - poll ...> done  (publish)
 *	                          '- mass ------------> done  (mass)
 */
enum wechat_step {
	WECHAT_STEP_NOTHING,	/* no request: it is done */
	WECHAT_STEP_TRY,	/* a ping: nothing is changed */
	WECHAT_STEP_COVER,	/* a picture that drafts can name */
	WECHAT_STEP_BODY,	/* a picture that texts can show */
	WECHAT_STEP_DRAFT,
	WECHAT_STEP_SUBMIT,
	WECHAT_STEP_POLL,
	WECHAT_STEP_MASS,
	WECHAT_STEP_UPDATE,
	WECHAT_STEP_DELETE,
};

/* What the delivery does next, by its action and what its memo knows. */
enum wechat_step wechat_step(const struct delivery *d);

/* What is known: of a post that begins, nothing but that it is one. */
struct slice wechat_memo(const struct delivery *d);

/* What the memo says by that word; ptr NULL: it does not. */
struct slice wechat_known(struct slice memo, struct slice word);

/* The memo with one line more. */
struct slice wechat_learn(struct slice memo, const char *word,
	struct slice text, struct arena *a);

/* An id in an answer, fit for a memo; empty: there is none. */
struct slice wechat_id(const json_t *said, const char *path,
	struct arena *a);

/* The cover; NULL: there is none. */
const struct push_picture *wechat_cover(const struct delivery *d);

/* The first picture for the text that is not there yet; NULL: all are. */
const struct push_picture *wechat_missing(const struct delivery *d);

/* ---- what is sent: wechat_request.c ---- */

/* The request of the step that comes. */
int wechat_compose(const struct delivery *d, struct request *q,
	struct err *e) MUST_USE;

/* Whether that step was done: target_ops.ask. */
int wechat_ask(const struct delivery *d, struct request *q,
	struct err *e) MUST_USE;

/* An address of the API: "{url}/cgi-bin/{call}". */
struct slice wechat_address(const struct delivery *d, const char *call,
	struct arena *a);

/* ---- what a draft says: wechat_text.c ---- */

/*
 * The article of a draft, as members of an object that is open.  Where the
 * memo says "smaller" all lengths are four fifths of what they may be, for a
 * platform that counts otherwise than it says.
 */
int wechat_put_article(const struct delivery *d, struct request *q,
	struct err *e) MUST_USE;

/* Its text, of at most max characters: wechat_html.c. */
struct slice wechat_content(const struct delivery *d, size_t max,
	struct arena *a);

/* ---- what an answer means: wechat_error.c ---- */

/* What an errcode says of the request. */
enum wechat_error {
	WECHAT_FINE,
	WECHAT_NO_ANSWER,	/* it is none of the API's */
	WECHAT_BUSY,		/* perhaps it was done */
	WECHAT_TOKEN,		/* the token is over, or never was one */
	WECHAT_ACCOUNT,		/* appid, secret, or the account itself */
	WECHAT_ADDRESS,		/* our own address is not on its list */
	WECHAT_RIGHTS,		/* the account may not do that */
	WECHAT_DAY,		/* no more today */
	WECHAT_OFTEN,		/* no more this minute */
	WECHAT_LONG,		/* a text is too long */
	WECHAT_MEDIA,		/* it does not know that id (any more) */
	WECHAT_SENT,		/* the same message was sent before */
	WECHAT_SENDING,		/* it is being sent */
	WECHAT_GONE,		/* there is no such article */
	WECHAT_WRONG,		/* the request is, for good */
};

/* Which of them the answer is. */
enum wechat_error wechat_error(const struct response *r, const json_t *said);

/*
 * The same as a verdict, with a reason and a hint; fine is DONE, and what only
 * the step can know is REJECT.
 */
struct verdict wechat_judge(const struct delivery *d,
	const struct response *r, const json_t *said, struct err *e);

/* Tell what was answered, by whom: "WeChat answered 40013: invalid appid". */
void wechat_tell(const struct response *r, const json_t *said,
	const char *who, struct err *e);

/* ---- what comes of a step: wechat_answer.c ---- */

/* target_ops.judge and target_ops.answer. */
struct verdict wechat_done(const struct delivery *d,
	const struct response *r, struct err *e);
struct verdict wechat_found(const struct delivery *d,
	const struct response *r, struct err *e);

#endif
