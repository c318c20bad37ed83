/*
 * Verbs whose work goes on after the first answer: the daemon is asked again
 * how far it is, because no answer may keep a client waiting; or the courier
 * is asked after the press.
 */
#ifndef CTL_FOLLOW_H
#define CTL_FOLLOW_H

#include "ctl/ask.h"

/* Render a feed, or all, again; with --wait until all of it is published. */
int follow_rebuild(const struct options *o, const char *name);

/* Compare what is published with the store; 1 if anything differs. */
int follow_verify(const struct options *o, const char *arg);

/* How the press is, and how those are who are told. */
int follow_status(const struct options *o, const char *arg);

/* Put the changed configuration in force, wherever it is. */
int follow_reload(const struct options *o, const char *arg);

/* Send a target something, and wait for what becomes of it; 1: not done. */
int follow_target_test(const struct options *o, const char *name);

#endif
