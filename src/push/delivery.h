/*
 * A delivery: all that a target sees of what it is to send.
 *
 * 1. It is filled before compose() and judge(), on a pool thread, and neither
 *    of them looks anywhere else: the same delivery gives the same request.
 * 2. What can change between two attempts stands here (now, chance, memo), so
 *    a preview that is given the same shows what is sent, byte for byte.
 * 3. Its memory is the arena of the job.
 */
#ifndef PUSH_DELIVERY_H
#define PUSH_DELIVERY_H

#include "model/config.h"
#include "model/feed.h"
#include "model/store.h"
#include "model/token.h"
#include "push/picture.h"

struct secret;

enum {
	DELIVERY_ID_MAX = 64,
	DELIVERY_MEMO_MAX = 16 * 1024,
};

enum delivery_subject {
	DELIVER_ARTICLE,
	DELIVER_FEED,		/* a feed has changed */
	DELIVER_TOPIC,		/* so has one document of it */
	DELIVER_PING,		/* nothing happened: somebody tries a target */
};

/* courier.db keeps the words, not the numbers. */
enum delivery_action {
	ACTION_PUBLISHED,
	ACTION_UPDATED,
	ACTION_MINOR,		/* changed, and not worth telling people */
	ACTION_CORRECTED,
	ACTION_WITHDRAWN,
	ACTION_RESTORED,	/* published again after it was withdrawn */
	ACTION_COUNT,
};

/* What a credential file holds, by the file's name. */
struct credential {
	struct slice name;
	const struct secret *secret;	/* NULL: it could not be read, */
	const struct err *why;		/* and this is why */
};

struct delivery {
	const struct config *config;
	const struct target *target;
	enum delivery_subject subject;
	enum delivery_action action;	/* of an article */
	int64_t revision;	/* of the article, or the version of the feed */
	int64_t seq;		/* of the announcement: the press's cursor */
	/*
	 * The same in every attempt, and in no other delivery: letters,
	 * digits, "_" and "-".
	 */
	struct slice id;
	unsigned attempt;	/* from 1, of this step */
	unsigned step;		/* from 0; a verdict NEXT raises it */
	struct slice memo;	/* what the step before remembered */
	int64_t at;		/* when it was announced, in seconds */
	int64_t now_ms;		/* the wall clock of this attempt */
	uint64_t chance;	/* of this attempt */
	const struct credential *credentials;	/* that its settings name */
	size_t n_credentials;
	/*
	 * Of a target that keeps one (target_ops.fetch), and then it has an
	 * access token; of a request for one (push_fetch) what there was
	 * before, or NULL.  Every request hides its texts by itself.
	 */
	const struct token *token;

	/* Of an article: all fields, also of a withdrawn one. */
	const struct entry *entry;
	/*
	 * For a target that CAN_LINK, of each entry->related what the target
	 * remembers of its own post of it; empty: nothing.  NULL: of none.
	 */
	const struct slice *links;
	const struct feed *channels;	/* the public ones that it is in */
	size_t n_channels;
	/* What its target wants to show (target_ops.pictures). */
	const struct push_picture *pictures;
	size_t n_pictures;
	/* Of a feed or a topic: its head; of a series what is known of it. */
	const struct feed *feed;
	const struct series_info *series;	/* NULL: not a series */
	struct slice topic;	/* of a topic: the document's address */
};

/* The word: "published", as in an announcement. */
struct slice delivery_action_name(enum delivery_action action);

/* The action of a word; false: there is none. */
bool delivery_action_parse(struct slice word, enum delivery_action *ret);

/*
 * What the credential file of that name holds.  NULL: it could not be read,
 * *e says so as ERR_CONFIG, and the target is to be held.
 */
const struct secret *delivery_secret(const struct delivery *d,
	struct slice name, struct err *e) MUST_USE;

#endif
