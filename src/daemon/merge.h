/*
 * Merging: the series in the store follow the configuration.
 */
#ifndef DAEMON_MERGE_H
#define DAEMON_MERGE_H

#include "daemon/press.h"

/*
 * Merge and rename the series as the configuration that is in force says.  To
 * be called before anything is read by its rules.
 */
void merge_start(struct press *p);

#endif
