/*
 * Weighing: how long a text is to X, which is what twitter-text says
 * (configuration v3).
 *
 * 1. It is counted over the text's NFC, in UTF-16 units, as the original does;
 *    so are half a pair and its other half two characters to its expressions.
 * 2. A code point weighs 1 or 2, an emoji 2 however many code points it has,
 *    and an address 23 however long it is.
 * 3. Addresses need no "https://": "news.hk" is one, since hk is a country.
 *    Which names end one, and which emoji there are, is as of twitter-text
 *    3.1.0 (weigh_data.c); newer emoji weigh more.
 * 4. Its expressions are matched here by hand, in linear time.
 */
#ifndef PUSH_WEIGH_H
#define PUSH_WEIGH_H

#include "base/arena.h"

enum {
	WEIGH_ADDRESS = 23,
	WEIGH_ADDRESS_MAX = 4096,	/* a longer one is no address */
};

/* The weight of a text in UTF-8. */
size_t weigh(struct slice text);

/* ---- for its parts ---- */

/* What a UTF-16 unit is in. */
enum weigh_class {
	WEIGH_DOMAIN = 1 << 0,
	WEIGH_ASCII = 1 << 1,		/* domains that need no "https://" */
	WEIGH_PATH = 1 << 2,
	WEIGH_PATH_END = 1 << 3,
	WEIGH_QUERY = 1 << 4,
	WEIGH_QUERY_END = 1 << 5,
	WEIGH_BEFORE = 1 << 6,		/* an address may stand behind it */
};

/* Units, and the classes of each. */
struct weigh_text {
	const uint16_t *u;
	const uint8_t *class;
	size_t len;
};

/*
 * Where addresses begin: marks[i] is how many units the one at i counts for;
 * 0: there is none.  As many marks as units, all 0 before.
 */
void weigh_mark(const struct weigh_text *t, uint16_t *marks);

/*
 * The end of a top-level domain that stands at `at` and ends by `end`, as the
 * original takes one; 0: none.
 */
size_t weigh_name_end(const struct weigh_text *t, size_t at, size_t end);

/*
 * Are all labels of the domain as long as DNS wants them, in Punycode?
 */
bool weigh_labels_fit(const uint16_t *u, size_t len);

/* ---- weigh_data.c ---- */

/* Units from `from` up to the next run's. */
struct weigh_run {
	uint16_t from;
	uint16_t classes;
};

extern const struct weigh_run weigh_runs[];
extern const size_t weigh_n_runs;

/* Top-level domains but for Punycode. */
extern const char *const weigh_names[];
extern const size_t weigh_n_names;

/* An automaton over code points that takes emoji of more than one. */
struct weigh_edge {
	int32_t from, to;
	uint16_t state;
};

struct weigh_state {
	uint16_t first, n;	/* edges, by code point */
	bool is_end;
};

extern const struct weigh_edge weigh_edges[];
extern const struct weigh_state weigh_states[];
extern const size_t weigh_begin;	/* the state */

#endif
