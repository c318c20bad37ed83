/*
 * Events: what the daemon has to say, one line each.
 *
 * Only daemon/ and ctl/ log; everything below reports through struct err.
 * An event goes to the journal as fields when stderr is the journal, else to
 * stderr as one line of text or of JSON.
 */
#ifndef BASE_EVENT_H
#define BASE_EVENT_H

#include "base/err.h"
#include "base/slice.h"

enum event_id {
#define EVENT(id, level, text, meaning) EV_##id,
#include "base/events.def"
#undef EVENT
	EVENT_COUNT
};

enum event_format { EVENT_TEXT, EVENT_JSON };

/* Choose the form for stderr; the journal is found by itself. */
void event_setup(enum event_format format);

/* One field of an event; made by F_TEXT and F_NUM. */
struct field {
	const char *name;
	struct slice text;
	int64_t number;
	bool is_number;
};

/* A field: a lower-case name, and a slice or a number. */
#define F_TEXT(field_name, value) \
	((struct field){ .name = (field_name), .text = (value) })
#define F_NUM(field_name, value) \
	((struct field){ .name = (field_name), .number = (int64_t)(value), \
		.is_number = true })

/*
 * Log an event with its fields; a value is cut at 400 bytes, and tokens in it
 * are masked:
 *	event(EV_BATCH, F_NUM("files", n), F_TEXT("first", path));
 * Thread-safe.
 */
#define event(id, ...) \
	event_send((id), (struct field[]){ { 0 }, ##__VA_ARGS__ }, \
		COUNT_OF(((struct field[]){ { 0 }, ##__VA_ARGS__ })) - 1)

/* What event() calls: n fields stand behind the first, which is skipped. */
void event_send(enum event_id id, const struct field *fields, size_t n);

/* Log an event about `name`=value with an error: its text and its hint. */
void event_err(enum event_id id, const char *name, struct slice value,
	const struct err *e);

/* How often each event was logged since the start. */
uint64_t event_count(enum event_id id);

#endif
