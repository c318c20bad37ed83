/*
 * Writing JSON into a buf, value by value: no tree, no allocation.
 *
 * The one thing it knows is whether a comma is due.  Who opens something
 * closes it, perhaps in another function that goes on with the same buf.
 */
#ifndef BASE_JSON_OUT_H
#define BASE_JSON_OUT_H

#include "base/buf.h"

struct json_out {
	struct buf *b;
	bool comma;	/* before the next value */
};

/* A writer at the beginning of a value. */
#define JSON_OUT(buf) ((struct json_out){ .b = (buf) })

/* Open a '{' or a '['.  In an array, and for the whole, key is NULL. */
void json_out_open(struct json_out *j, const char *key, char bracket);

/* Close with '}' or ']'. */
void json_out_close(struct json_out *j, char bracket);

/*
 * The same two for what is left out when nothing comes to stand in it: hand
 * what the first returned to the second.
 */
struct json_mark { size_t len; bool comma; };
struct json_mark json_out_begin(struct json_out *j, const char *key,
	char bracket);
void json_out_end(struct json_out *j, struct json_mark mark, char bracket);

/* A string; key as above. */
void json_out_text(struct json_out *j, const char *key, struct slice text);

/* The same; nothing at all when the text is empty. */
void json_out_said(struct json_out *j, const char *key, struct slice text);

/* Yes or no. */
void json_out_bool(struct json_out *j, const char *key, bool yes);

/* A whole number. */
void json_out_number(struct json_out *j, const char *key, int64_t n);

/* A moment, in seconds since 1970: "2024-05-15T08:00:00Z". */
void json_out_date(struct json_out *j, const char *key, int64_t seconds);

#endif
