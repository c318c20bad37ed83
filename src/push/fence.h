/*
 * The fence: are the databases what they were when we last looked?
 *
 * A backup that is put back has forgotten what was sent since, and a copy that
 * is started on another machine tells everybody what the first one tells too.
 * Either is seen by what does not fit, and then nothing is planned or sent
 * until somebody says that it is right (adopt).
 *
 * 1. courier.db knows the installation it belongs to: courier.instance, or a
 *    hash of the machine's id.
 * 2. courier.db knows how far press.db is planned, and what the last
 *    announcement was: in another press.db, or an older one, it is not there.
 * 3. A witness beside courier.db ("courier.seen") is written behind every
 *    commit and never before: if it is ahead, courier.db is an older one.
 *
 * A new courier.db fits everything: it begins at the end of what is announced.
 */
#ifndef PUSH_FENCE_H
#define PUSH_FENCE_H

#include "model/outbox.h"

/* What the courier's state directory has beside courier.db. */
struct witness {
	bool known;		/* there is one, and it is whole */
	int64_t seq;		/* of announcements, in `stream` */
	int64_t begun;		/* steps that were begun */
	struct slice stream;
};

/* Everything that has to fit. */
struct fence {
	struct outbox_cursor cursor;	/* how far courier.db has planned */
	struct slice instance;		/* whose it is; empty: nobody's yet */
	int64_t begun;
	struct slice self;		/* who we are */
	int64_t last;			/* announcement of press.db, and */
	struct slice stream;		/* its name; empty: there is none */
	struct slice mark;		/* what it has at cursor.seq; empty:
					 * nothing */
	struct witness witness;
};

/* Where it is read from; pool threads. */
struct fence_source {
	const struct store_ops *ops;
	const struct outbox_ops *outbox;
	const struct courier_conf *conf;
	struct store_reader *courier, *press;
};

/* Read all of it. */
int fence_read(const struct fence_source *from, struct arena *a,
	struct fence *ret, struct err *e) MUST_USE;

/* The cursor behind all that is announced; where it was, if there is no
 * press.db. */
int fence_end(const struct fence_source *from, const struct fence *f,
	struct arena *a, struct outbox_cursor *ret, struct err *e) MUST_USE;

/* Does it?  -1: *e says what does not, and what to do. */
int fence_check(const struct fence *f, struct err *e) MUST_USE;

/* Has press.db counted anew, so that numbers mean something else? */
bool fence_is_anew(const struct fence *f);

/* Who we are: the word of the configuration, or the machine. */
struct slice fence_self(const struct courier_conf *c, struct arena *a);

/* What tells an announcement from another one of its number. */
struct slice fence_mark(const struct announcement *n, struct arena *a);

/* Read the witness; one that is not there, or broken, is not known. */
struct witness fence_read_witness(const char *state_dir, struct arena *a);

/* Replace it, if it is another one. */
int fence_write_witness(const char *state_dir, const struct fence *f,
	struct err *e) MUST_USE;

#endif
