/*
 * gazetted try DIR: serve any folder without a configuration, and say what
 * was found in it.
 */
#ifndef DAEMON_TRY_H
#define DAEMON_TRY_H

/* Runs until Ctrl-C; its state is temporary.  Returns the exit code. */
int try_directory(const char *dir);

#endif
