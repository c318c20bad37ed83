/*
 * Topics: which are still addresses of public feeds.  Pure.
 *
 * A topic is known by its address, and a new version of it by the number of
 * its feed.  The second can be another one (a press.db that was lost and made
 * anew); and a feed can become private, or be merged into another.  Whoever
 * subscribed to one that is over is told (WebSub section 5.2).
 */
#ifndef PUSH_TOPICS_H
#define PUSH_TOPICS_H

#include "model/subscription.h"

/* What has to be done about a topic. */
struct topic_change {
	int64_t topic_id;
	int64_t feed_id;	/* it is this feed's; 0: */
	struct slice reason;	/* it is over */
};

/* What there is to be judged by. */
struct topics_world {
	const struct config *config;
	const struct feed *feeds;	/* by id */
	size_t n_feeds;
	const struct moved_series *moved;
	size_t n_moved;
};

/*
 * Judge a topic; false: it is as it was.  One that is unknown is left alone: a
 * press.db that is made anew learns its feeds one after the other.
 */
bool topics_judge(const struct topics_world *w, const struct hub_topic *t,
	struct arena *a, struct topic_change *ret);

#endif
