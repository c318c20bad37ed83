/*
 * The parts of the target "webhook": what an event says, and how it is signed.
 */
#ifndef PUSH_WEBHOOK_H
#define PUSH_WEBHOOK_H

#include "base/secret.h"
#include "push/delivery.h"

enum {
	WEBHOOK_VERSION = 1,	/* of docs/webhook-event.schema.json */
	WEBHOOK_SECRETS_MAX = 4,	/* files of one target */
};

/* What its settings say. */
struct webhook_conf {
	struct slice url;
	struct slice *secrets;	/* names of credentials */
	size_t n_secrets;
	struct slice *events;	/* names of events; none: all */
	size_t n_events;
	enum content_mode content;
	/* Of what does not say; UNSAID: the receiver is one of our own. */
	enum syndication syndication;
};

/* Every event's name; NULL at the end. */
extern const char *const webhook_events[];

/* What the delivery is an event of: "article.published". */
struct slice webhook_event(const struct delivery *d);

/*
 * Append the event, as JSON: the same in every attempt, as long as the article
 * is.
 */
void webhook_event_put(struct buf *b, const struct delivery *d,
	struct arena *a);

/*
 * Append the signatures of the bytes, one by each key of the secret, as they
 * stand in webhook-signature; what stands in b before is kept.  A key that is
 * none of the known kinds is ERR_CONFIG, and never quoted.
 */
int webhook_sign(struct buf *b, const struct secret *s, struct slice bytes,
	struct err *e) MUST_USE;

#endif
