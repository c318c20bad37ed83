/*
 * The targets of the configuration: the words that all have, and those of
 * each type.
 */
#ifndef DAEMON_CONFIG_TARGETS_H
#define DAEMON_CONFIG_TARGETS_H

#include "base/setting.h"
#include "daemon/config_words.h"

/*
 * Fill c->targets from "targets", from "push" of the channels, and from the
 * hubs that are to be told.  To be called when c->hub and the channels are
 * there.
 */
void config_targets_read(struct setting_reader *r, const struct form *f,
	struct config *c);

/* The words that every target has, for the manual's test. */
extern const struct setting config_target_words[];

#endif
