/*
 * Uploads: what platforms call the pictures that our targets gave them, as the
 * courier's database keeps it.
 *
 * 1. A row is (target, purpose, hash of the bytes).  So a picture goes to a
 *    target once, in however many articles and corrections it is shown, and
 *    whatever its file is called.
 * 2. It is written by the transaction that settles the step that uploaded it
 *    (outbox_settled.upload): what the outbox knows to be done is known here.
 *    If that transaction is lost, the picture is uploaded once more, and that
 *    is all the harm.
 * 3. It is a memory and no truth: the platform may have forgotten it, and the
 *    account may be another one.  A target that is told so forgets the row,
 *    and uploads again.
 */
#ifndef MODEL_UPLOAD_H
#define MODEL_UPLOAD_H

#include "base/sha256.h"
#include "model/store.h"

enum {
	UPLOAD_PURPOSE_MAX = 32,
	UPLOAD_REMOTE_MAX = 2048,	/* bytes of what it is called there */
};

struct upload {
	/*
	 * What it was uploaded as, where a platform has more than one place
	 * for it: "cover".  A target's own word, of letters.  Empty: no upload.
	 */
	struct slice purpose;
	struct sha256 hash;	/* of the bytes */
	struct slice remote;	/* what it is called there; empty: forget it */
	int64_t expires;	/* until then it is, in ms; 0: for ever */
};

struct upload_ops {
	/* ---- inside a job ---- */

	/*
	 * Forget at most max rows that were over at that time (ms); *ret of
	 * them.
	 */
	int (*prune)(struct store_tx *tx, int64_t now, size_t max,
		int64_t *ret, struct err *e);

	/* ---- on a pool thread ---- */

	/* All that the target has of these bytes, and that is not over. */
	int (*of)(struct store_reader *r, int64_t target_id,
		const struct sha256 *hash, int64_t now, struct arena *a,
		struct upload **ret, size_t *ret_n, struct err *e);
};

/* SQLite: courier.db. */
extern const struct upload_ops upload_sqlite;

#endif
