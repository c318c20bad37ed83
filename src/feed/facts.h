/*
 * What every format says of a feed and an entry, whichever way it is written:
 * links, categories, people, pictures, licences.
 */
#ifndef FEED_FACTS_H
#define FEED_FACTS_H

#include "feed/render.h"

/* ---- a feed ---- */

/* alternate, self, the hubs, license, current, prev-archive. */
enum { FACTS_LINKS_MAX = CONFIG_HUBS_MAX + 5 };

struct facts_link {
	const char *rel;
	struct slice type;	/* media type; empty: of no interest */
	struct slice href;
};

/*
 * The links of a feed's document in the renderer's format, in the order above;
 * those that it has not are left out.  How many.
 */
size_t facts_links(const struct config *c, const struct feed *f,
	const struct renderer *r, struct facts_link ret[FACTS_LINKS_MAX],
	struct arena *a);

/* The link of that kind in a list; ptr NULL: there is none. */
struct slice facts_link(const struct facts_link *links, size_t n,
	const char *rel);

/* ---- an entry ---- */

/* What it is about: a series, a topic, or a tag of no topic. */
struct facts_category {
	struct slice scheme;	/* an address: what kind of name it is */
	struct slice term;
	struct slice label;	/* as people read it */
};

/* Series, topics, tags; the memory is the arena's. */
size_t facts_categories(const struct config *c, const struct entry *e,
	struct facts_category **ret, struct arena *a);

/* The roles that are contributors, in the order in which they are named. */
enum { FACTS_CONTRIBUTORS = 3 };
extern const enum person_role facts_contributors[FACTS_CONTRIBUTORS];

/* The language of an entry that is not the site's; empty: it is. */
struct slice facts_language(const struct config *c, const struct entry *e);

/* What may be done with it: an address, its own or the site's; or empty. */
struct slice facts_licence(const struct config *c, const struct entry *e);

/* Of its series, so many parts are known from the article itself. */
int facts_parts_known(const struct entry *e);

/* Is it a picture that we publish? */
bool facts_is_picture(const struct media *m);

/* A video or a sound: by its file, or by the page where it is watched. */
bool facts_is_played(const struct media *m);

/* The first of an entry's pictures, which stands for it; NULL: none. */
const struct media *facts_picture(const struct entry *e);

/*
 * The media type of what is played, by the address's ending; empty: it is a
 * page with a player, and no file.
 */
struct slice facts_played_type(const struct media *m);

/* A photographer whom no picture names already. */
bool facts_is_uncredited(const struct entry *e, const struct person *who);

#endif
