/*
 * Pieces of JSON in words: what several answers show alike.
 */
#ifndef CTL_WORDS_H
#define CTL_WORDS_H

#include <jansson.h>

#include "base/arena.h"

/* The text at a key; "" when there is none. */
const char *word_text(const json_t *o, const char *key);

/* The number at a key; 0 when there is none. */
json_int_t word_number(const json_t *o, const char *key);

/* Seconds since 1970 as local time, "2024-05-15 16:00:00"; "-" for 0. */
const char *word_time(const json_t *o, const char *key, struct arena *a);

/* A span of seconds: "3 h 12 min". */
const char *word_span(json_int_t seconds, struct arena *a);

/* Bytes: "812 B", "12.3 kB", "1.2 MB" (powers of 1000); "-" for none. */
const char *word_size(const json_t *o, const char *key, struct arena *a);

/* Ascending numbers: [1,2,3,5] is "1-3, 5"; "-" when there are none. */
const char *word_ranges(const json_t *numbers, struct arena *a);

/* The texts of an array, joined by ", "; "-" when there are none. */
const char *word_list(const json_t *texts, struct arena *a);

#endif
