/*
 * Tokens: what platforms gave our targets to go in with, as the courier's
 * database keeps it.
 *
 *	(none) --begin--> asking --keep--> good --refused, or nearly over--.
 *	                    ^                                             |
 *	                    '---------------------- begin ----------------'
 *
 * 1. A target has one row at most, and one request for it at a time.
 * 2. A token is committed before it is used: a refresh token may be good for
 *    one time only, and the answer is the only place where the next one is.
 * 3. That it is asked for is committed before the first byte.  If the answer
 *    is lost, the refresh token may be spent: `asked` says so later on.
 * 4. The database is its owner's alone (0600), and no text of a token is ever
 *    shown: token_ops.list has none.
 */
#ifndef MODEL_TOKEN_H
#define MODEL_TOKEN_H

#include "model/store.h"

enum {
	TOKEN_TEXT_MAX = 16 * 1024,	/* bytes of each text */
	TOKEN_WARN_MS = 7 * 24 * 3600 * 1000,	/* so long before it ends */
};

/* What a target has. */
struct token {
	struct slice access;	/* empty: there is none (any more) */
	struct slice refresh;	/* with which the next is got; may be empty */
	struct slice extra;	/* what its target keeps besides; secret, too */
	int64_t got;		/* ms */
	int64_t expires;	/* of access, ms; 0: nobody knows */
	/*
	 * When somebody has to log in again, as far as is known, ms; 0: never.
	 * He is told ahead of it.
	 */
	int64_t ends;
	int64_t serial;		/* one more with each that is got */
	int64_t asked;		/* for the next, without an answer; ms; 0 */
	bool is_refused;	/* the peer refused what access was */
	/* Of what it was got with: the credentials, as a hash. */
	struct slice made_with;
};

/* A row, for people: nothing of it is secret. */
struct token_row {
	struct slice target;	/* its name */
	int64_t got, expires, ends, asked;	/* ms */
	bool has_access, has_refresh, is_refused;
};

struct token_ops {
	/* ---- inside a job ---- */

	/* One is asked for, from now on; now 0: not any more. */
	int (*begin)(struct store_tx *tx, struct slice target, int64_t now,
		struct err *e);
	/*
	 * It is that now, and nothing is asked for.  Its serial is the next
	 * one, whatever t says: *ret_serial.
	 */
	int (*keep)(struct store_tx *tx, struct slice target,
		const struct token *t, int64_t *ret_serial, struct err *e);
	/*
	 * The access token of that serial was refused: it is empty from now on.
	 * A newer one stays.
	 */
	int (*drop)(struct store_tx *tx, struct slice target, int64_t serial,
		struct err *e);
	/* The peer does not know the refresh token: all of it goes. */
	int (*forget)(struct store_tx *tx, struct slice target, struct err *e);

	/* ---- on a pool thread ---- */

	/* What the target has; ERR_MISSING: nothing. */
	int (*get)(struct store_reader *r, struct slice target,
		struct arena *a, struct token *ret, struct err *e);
	/* All of them, by name. */
	int (*list)(struct store_reader *r, struct arena *a,
		struct token_row **ret, size_t *ret_n, struct err *e);
};

/* SQLite: courier.db. */
extern const struct token_ops token_sqlite;

#endif
