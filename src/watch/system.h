/*
 * File systems whose inotify events do not tell all: files there are changed
 * by other machines, or behind the kernel's back.
 */
#ifndef WATCH_SYSTEM_H
#define WATCH_SYSTEM_H

#include "base/defs.h"

/* The name of such a file system by its f_type (statfs(2)), or NULL. */
const char *system_without_events(uint64_t type);

#endif
