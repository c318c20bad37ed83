/*
 * What the JSON of an answer says, for a target's judge().
 *
 *	json_auto_t *said = reply_json(r);
 *
 *	code = reply_number(said, "error.code", 0);
 *	id = reply_text(said, "data.id", r->a);
 *
 * 1. Whatever came, asking never fails: what is not there, or is of another
 *    type, reads as nothing said.
 * 2. Verdicts are made of codes in their places, never of digits or words that
 *    stand somewhere in a body.
 */
#ifndef PUSH_REPLY_H
#define PUSH_REPLY_H

#include <jansson.h>

#include "push/response.h"

/*
 * The body as a tree, to be freed by json_decref(), or json_auto_t.  NULL: it
 * is no JSON, which all of jansson's getters take for an empty one.
 */
json_t *reply_json(const struct response *r);

/*
 * What stands at the path: members' names and items' numbers, with full stops
 * between them, at most 60 bytes each: "errors.0.code".  NULL: nothing; an
 * empty path is the whole.
 */
const json_t *reply_at(const json_t *said, const char *path);

/*
 * The text at the path, in the arena; a number too, as it would be written,
 * since peers are of two minds about ids.  Empty: there is none.
 */
struct slice reply_text(const json_t *said, const char *path, struct arena *a);

/* The whole number at the path, also one that is written as a text. */
int64_t reply_number(const json_t *said, const char *path, int64_t none);

/* Is the text at the path this one? */
bool reply_is(const json_t *said, const char *path, struct slice text);

#endif
