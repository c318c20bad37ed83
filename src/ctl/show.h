/*
 * The daemon's answers, for people.  Each prints one kind of answer to standard
 * output and returns the exit status.
 */
#ifndef CTL_SHOW_H
#define CTL_SHOW_H

#include <jansson.h>

#include "base/slice.h"
#include "ctl/terminal.h"

/* Is it well; series with their missing parts; files set aside. */
int show_status(const json_t *answer);

/* Every feed; or one, with its documents and readers. */
int show_feeds(const json_t *answer);
int show_feed(const json_t *answer);

/* What is rendered again, or was. */
int show_rebuild(const json_t *answer);

/* What was compared, and each difference with what to do about it. */
int show_verify(const json_t *answer);

/* What became of one file. */
int show_article(const json_t *answer);

/* Every series with its parts; or one, and its articles. */
int show_series(const json_t *answer);

/* Parts under nearly the name of a series, if there are any. */
void show_near(const struct terminal *t, const json_t *list);

/* Why an article has its series, part and topics. */
int show_explain(const json_t *answer);

/* Who may read private channels, and who came. */
int show_partners(const json_t *answer);

/* One sentence each. */
int show_rescan(const json_t *answer);
int show_withdraw(const json_t *answer);
int show_publish(const json_t *answer);
int show_confirm(const json_t *answer);
int show_reload(const json_t *answer);

#endif
