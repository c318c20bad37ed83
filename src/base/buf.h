/*
 * A buf: bytes that grow, born with a limit.
 *
 * 1. It never grows past its limit: what does not fit sets `full`, and every
 *    later write is dropped, so a half-written value is never taken for whole
 *    as long as buf_ok() is asked once at the end.
 * 2. The bytes are always NUL-terminated behind their end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/slice.h"

struct buf {
	char *ptr;
	size_t len;
	size_t room;
	size_t limit;
	bool full;
};

/* An empty buf that can hold at most limit bytes; allocates nothing yet. */
#define BUF_INIT(max) ((struct buf){ .limit = (max) })

/* Append; a write that does not fit sets b->full and changes nothing. */
void buf_put(struct buf *b, struct slice s);
void buf_put_str(struct buf *b, const char *s);
void buf_put_byte(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * Append s escaped as XML character data, fit for element text and for
 * double-quoted attributes: & < > " and CR.  Bytes that XML 1.0 (section 2.2)
 * forbids are dropped: C0 controls but TAB and LF, DEL..U+009F, U+FFFE and
 * U+FFFF, surrogates.  s must be valid UTF-8.
 */
void buf_put_xml(struct buf *b, struct slice s);

/*
 * Append s escaped as HTML text: only & < and >.  For content that is escaped
 * again as a whole by buf_put_xml(), and reads better without &quot;.
 */
void buf_put_html(struct buf *b, struct slice s);

/*
 * The same as buf_put_xml(), with numbers for & and <: for text that half of
 * its readers take for HTML, the titles of RSS.
 */
void buf_put_xml_plain(struct buf *b, struct slice s);

/*
 * Append s escaped for the inside of a JSON string (RFC 8259 section 7).  What
 * XML forbids is dropped here too: formats say the same.
 */
void buf_put_json(struct buf *b, struct slice s);

/* Reserve len bytes at the end and return where; NULL if they do not fit. */
char *buf_reserve(struct buf *b, size_t len);
/* Count len of the reserved bytes as written. */
void buf_commit(struct buf *b, size_t len);

static inline struct slice
buf_slice(const struct buf *b)
{
	return slice(b->ptr ? b->ptr : "", b->len);
}

static inline bool
buf_ok(const struct buf *b)
{
	return !b->full;
}

/* Drop what is behind the first len bytes. */
void buf_cut(struct buf *b, size_t len);
/* Empty it and keep its memory. */
void buf_reset(struct buf *b);
/* Free it; fit for CLEANUP. */
void buf_done(struct buf *b);
/* Hand the bytes to the caller, who frees them with free(3). */
char *buf_steal(struct buf *b, size_t *ret_len);

#endif
