/*
 * The partners of the configuration: whose tokens open which channels.
 */
#ifndef DAEMON_CONFIG_PARTNERS_H
#define DAEMON_CONFIG_PARTNERS_H

#include "daemon/config_words.h"

/*
 * Read the form's partners into c, whose site and channels are there already;
 * the memory is the reader's arena.  What is wrong is told as faults, whose
 * text, which is logged, never has what stands in the place of a hash: it may
 * be the token itself.
 */
void config_partners_read(struct setting_reader *r, const struct form *f,
	struct config *c);

#endif
