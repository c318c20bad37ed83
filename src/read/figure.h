/*
 * Figures: the pictures of an article, put into its text.
 */
#ifndef READ_FIGURE_H
#define READ_FIGURE_H

#include "read/read.h"

/*
 * Complete art->media and art->html, after a reader made them.  names: the
 * pictures that belong to the article by their name ("STEM.jpg", "STEM-2.jpg"),
 * in their order, relative to its directory.
 *
 * Where the reader had what the metadata say of a picture, without its bytes
 * (path or url as given there, not shown), that is united with the picture.
 * An article without pictures is left as it is.
 */
void figure_place(const struct read_env *env, const struct slice *names,
	size_t n_names, struct arena *a, struct article *art);

#endif
