/*
 * Names in a credit line: "Nan, James" is two people.
 *
 * A wrong split costs little, a wrong join invents a person; so every
 * separator that a newsroom uses splits: , ， 、 ; ； / ／ and " and ".
 */
#ifndef READ_PEOPLE_H
#define READ_PEOPLE_H

#include "base/arena.h"
#include "model/article.h"

/*
 * Could this be a list of names?  Sentences are not, so that an interview's
 * "Reporter: How did it begin?" stays text.  A list without names could.
 */
bool people_plausible(struct slice list);

/*
 * Add the people of a list in the order in which they are printed.  Nobody
 * is added twice with one role, nor beyond ARTICLE_PEOPLE_MAX.
 */
void people_add(struct article *art, struct slice list, enum person_role role,
	struct arena *a);

#endif
