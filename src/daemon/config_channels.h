/*
 * The channels of the configuration.
 */
#ifndef DAEMON_CONFIG_CHANNELS_H
#define DAEMON_CONFIG_CHANNELS_H

#include "daemon/config_words.h"

/*
 * Make c->channels of the form, in the reader's arena: keys folded, rules
 * read, the same series, topic or slug twice told as a fault.
 */
void config_channels_read(struct setting_reader *r, const struct form *f,
	struct config *c);

#endif
