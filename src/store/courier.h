/*
 * courier.db: what the courier owes to whom.
 *
 * The courier writes it, and nobody else.  Each part of the courier has its
 * tables in a text of its own, listed in courier_schema.c.
 */
#ifndef STORE_COURIER_H
#define STORE_COURIER_H

#include "model/upload.h"
#include "store/reader.h"
#include "store/tx.h"

/* The tables of each part, in the order in which they are made. */
extern const char outbox_tables[], outbox_waits[], subscription_tables[],
	fanout_tables[], token_tables[], upload_tables[];

/*
 * Remember, or forget, what the target of a delivery has (outbox_settle.c
 * calls it in its transaction).
 */
int upload_put(struct db *db, int64_t delivery_id, const struct upload *u,
	struct err *e) MUST_USE;

/* Bring the database to the present schema, or say why that cannot be. */
int courier_migrate(struct db *db, struct err *e) MUST_USE;

#endif
