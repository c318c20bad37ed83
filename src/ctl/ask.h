/*
 * A question to the daemon, and its answer for people or as JSON.
 */
#ifndef CTL_ASK_H
#define CTL_ASK_H

#include <jansson.h>

#include "base/err.h"
#include "daemon/control.h"

struct options {
	const char *config;
	const char *socket;	/* NULL: look for it */
	bool json;
	bool wait;		/* for what the daemon does now */
	bool again, yes;
	/* NULL: not said. */
	const char *target, *state, *from, *to, *rate;
};

/* A request of a verb; arg, which may be NULL, is a path or a name. */
json_t *ask_make(const char *verb, const char *arg);

/*
 * Ask; the request is taken over.  0: *ret is the caller's, and well.  Else
 * what failed has been told, and this is the exit status.
 */
int ask(const struct options *o, json_t *request, json_t **ret) MUST_USE;

/*
 * The same of the courier, when it runs apart: at its own socket, or, where
 * nobody answers there, at the daemon's.
 */
int ask_courier(const struct options *o, json_t *request, json_t **ret)
	MUST_USE;

/*
 * The same, all pages of a list in one answer: while it is "cut", the id of
 * its last member is sent as the cursor.
 */
int ask_pages(const struct options *o, json_t *request, const char *list,
	const char *cursor, json_t **ret) MUST_USE;

/*
 * The same, only of a courier that runs apart: *ret is NULL if there is none,
 * or nobody answers there.
 */
int ask_apart(const struct options *o, json_t *request, json_t **ret)
	MUST_USE;

/* Ask the courier, wherever it is; NULL: it is not there, or says no. */
json_t *ask_quietly(const struct options *o, json_t *request);

/* Show an answer as the options want it, and let go of it: the exit status. */
int ask_show(const struct options *o, json_t *answer,
	int (*show)(const json_t *answer)) MUST_USE;

/* Tell a failure of our own, in the form that the daemon's have: `code`. */
int ask_fail(const struct options *o, enum control_code code,
	const struct err *e) MUST_USE;

/* Tell what failed, and what to do about it, if anything: for people. */
void ask_complain(const char *text, const char *hint);

/* Print as the options' JSON. */
void ask_print(const json_t *o);

#endif
