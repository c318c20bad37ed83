/*
 * An exchange file of tests/push/, read: a target, a delivery, and what is
 * said between us and its peer, step by step (tests/push/README.md).
 */
#ifndef TESTS_PUSH_SCRIPT_H
#define TESTS_PUSH_SCRIPT_H

#include "push/target.h"

enum { SCRIPT_FILES_MAX = 100, SCRIPT_CREDENTIALS_MAX = 8 };

/* What is sent, and what comes of it. */
struct script_step {
	unsigned line;		/* of its request */
	bool is_ask;		/* it is push_ask()'s, */
	bool is_fetch;		/* or push_fetch()'s */
	bool is_refused;	/* it cannot be built: request says why */
	struct slice request;
	int status;
	struct slice head, body;
	struct slice verdict;
};

struct script {
	struct arena arena;
	const char *path;
	struct config config;
	struct target target;
	struct entry entry;
	struct feed feed;
	struct series_info series;
	struct push_picture pictures[PICTURES_MAX];
	struct delivery delivery;
	struct credential credentials[SCRIPT_CREDENTIALS_MAX];
	struct secret *secrets[SCRIPT_CREDENTIALS_MAX];
	struct token token;
	struct script_step *steps;
	size_t n_steps;
};

/* Read the file; the test fails with the file's line when it is wrong. */
struct script *script_read(const char *path);
void script_free(struct script *s);

/* The paths of all exchange files, in order; how many. */
size_t script_files(char *ret[static SCRIPT_FILES_MAX]);

/* The answer of a step, as the engine hands it over. */
struct response script_answer(const struct script *s,
	const struct script_step *step, struct arena *a);

/* The request of a step, for the delivery as it is by then. */
int script_build(const struct script_step *step, const struct delivery *d,
	struct arena *a, struct request *q, struct err *e) MUST_USE;

/*
 * Take the delivery on by what an answer meant, as the engine does: attempt,
 * step, memo, and what was uploaded.
 */
void script_advance(struct script *s, struct delivery *d,
	const struct verdict *v);

/*
 * A verdict as exchange files have it: its line, the reason, the hint, what
 * was uploaded.
 */
struct slice script_verdict(const struct verdict *v, const struct err *e,
	struct arena *a);

/* A token that came, as lines below "done". */
struct slice script_token(const struct token *t, struct arena *a);

#endif
