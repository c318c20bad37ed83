/*
 * The rule of a topic, from "match": a tree of any, all and not over tests.
 */
#ifndef DAEMON_CONFIG_RULE_H
#define DAEMON_CONFIG_RULE_H

#include "base/setting.h"
#include "model/config.h"

/*
 * Read the rule at n, which lies `depth` rules deep, into *ret; the memory is
 * the reader's arena.  What is wrong is told as faults.
 */
void config_rule_read(struct setting_reader *r, const struct node *n,
	unsigned depth, struct rule *ret);

#endif
