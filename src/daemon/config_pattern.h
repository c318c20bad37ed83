/*
 * Regular expressions of the configuration: one text, or a list of texts.
 */
#ifndef DAEMON_CONFIG_PATTERN_H
#define DAEMON_CONFIG_PATTERN_H

#include "base/setting.h"
#include "model/config.h"

/*
 * Compile what stands at n (NULL: nothing does) into the reader's arena.
 * What is no regular expression is told as a fault at the very character.
 */
void config_patterns_read(struct setting_reader *r, const struct node *n,
	struct patterns *ret);

#endif
