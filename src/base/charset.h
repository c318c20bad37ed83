/*
 * Encodings: from the bytes of a file to UTF-8.
 *
 * In this order: a byte order mark; strict UTF-8; the charset that the file or
 * its sidecar declares; the directory's default.  Nothing is guessed: short
 * Chinese texts cannot be told apart, and a wrong guess publishes mojibake
 * under an id for life.
 */
#ifndef BASE_CHARSET_H
#define BASE_CHARSET_H

#include "base/arena.h"
#include "base/err.h"

/*
 * What iconv(3) calls a charset by its label, as browsers map them (the WHATWG
 * Encoding Standard): "gb2312" and "gbk" are GB18030, "latin1" is
 * windows-1252.  NULL: not a label of ours.
 */
const char *charset_find(struct slice label);

/*
 * The charset that the beginning of an HTML or XML text declares: `<meta
 * charset>`, `<meta http-equiv content="...charset=...">` or `<?xml
 * encoding=...?>` in its first 1024 bytes.  Empty: none.
 */
struct slice charset_declared(struct slice bytes);

/*
 * The file as UTF-8 without a byte order mark.  `declared` and `otherwise` are
 * labels, and may be empty.  *ret borrows from the bytes or the arena.  What
 * the charset cannot say becomes U+FFFD: the caller counts those.  -1: it is
 * in no known encoding.
 */
int charset_read(struct slice bytes, struct slice declared,
	struct slice otherwise, struct arena *a, struct slice *ret,
	struct err *e) MUST_USE;

#endif
