/*
 * The pictures that a configuration names by their files.
 */
#ifndef DAEMON_CONFIG_PICTURE_H
#define DAEMON_CONFIG_PICTURE_H

#include "daemon/config_words.h"

/*
 * Read them into c->site, out of the form; root NULL: nothing was written.  A
 * file that cannot be read is a fault.
 */
void config_pictures_read(struct setting_reader *r, const struct node *root,
	const struct form *f, struct config *c);

/*
 * The same of the word "cover" of a map, whose value is that path; NULL: it is
 * not there.
 */
void config_picture_read(struct setting_reader *r, const struct node *map,
	const char *path, struct picture *ret);

#endif
