/*
 * What JSON says of an entry: in the words of JSON Feed 1.1, and in our own
 * where it has none.  Feeds and targets say the same, so who reads the one
 * can read the other.
 */
#ifndef MODEL_ENTRY_JSON_H
#define MODEL_ENTRY_JSON_H

#include "base/json_out.h"
#include "model/config.h"
#include "model/feed.h"

struct entry_json {
	struct json_out *out;
	const struct config *config;
	struct arena *arena;
	/*
	 * An item of a JSON Feed: our own words stand in "_gazetted", the
	 * language of the feed is not repeated, and some content there has to
	 * be.  Else they stand beside the others.
	 */
	bool is_item;
};

/*
 * Write the members of an object that the caller opened: what is empty is left
 * out; no line break is in it.
 */
void entry_json_put(const struct entry_json *w, const struct entry *e,
	enum content_mode how);

#endif
