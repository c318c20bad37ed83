/*
 * HTML as tokens: text, opened and closed elements, in the order of the bytes.
 *
 * Comments, declarations and processing instructions are no tokens.  What is
 * not the whole of a tag ("a < b", a tag that never ends) is text.
 */
#ifndef READ_TOKEN_H
#define READ_TOKEN_H

#include "base/arena.h"
#include "read/tag.h"

enum {
	TOKEN_ATTRIBUTES_MAX = 64,
	TOKEN_TAG_MAX = 16 * 1024,	/* bytes; attributes behind it go */
};

enum token_kind { TOKEN_TEXT, TOKEN_OPEN, TOKEN_CLOSE };

struct attribute {
	struct slice name;	/* as written */
	struct slice value;	/* references replaced */
};

struct token {
	enum token_kind kind;
	enum tag_id tag;	/* of a text: the script or style it is in */
	struct slice text;
	struct attribute attributes[TOKEN_ATTRIBUTES_MAX];
	size_t n_attributes;
	bool ends;	/* an element whose text is dropped, and that ends */
	size_t from, to;	/* its bytes */
};

/* Where reading stands.  Begin with TOKENS_OF(). */
struct tokens {
	struct slice all;
	size_t at;
	struct arena *arena;
	enum tag_id raw;	/* inside a script, a style ... */
	struct tokens *document;	/* of a piece: where it may go on */
	bool no_end;	/* no tag ends behind here */
	bool no_quote, no_apostrophe;	/* none behind here */
	size_t closes[TAG_COUNT];	/* where the next "</name" is */
};

#define TOKENS_OF(html, a) ((struct tokens){ .all = (html), .arena = (a) })

/*
 * The next token; false at the end.  Text borrows from the bytes, or from the
 * arena where references were replaced.
 */
bool token_next(struct tokens *t, struct token *ret);

/* Has it the attribute, with a value or without? */
bool token_has(const struct token *t, const char *name);

/* Its value, without blanks at the ends; empty: it is not there. */
struct slice token_get(const struct token *t, const char *name);

#endif
