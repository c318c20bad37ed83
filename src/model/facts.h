/*
 * What every format, and every target, says of an entry, whichever way it is
 * written: categories, people, pictures, licences.
 */
#ifndef MODEL_FACTS_H
#define MODEL_FACTS_H

#include "model/config.h"
#include "model/feed.h"

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
