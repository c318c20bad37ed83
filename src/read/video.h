/*
 * Videos: addresses of the sites whose players newsrooms embed, and the media
 * of an article in general.
 */
#ifndef READ_VIDEO_H
#define READ_VIDEO_H

#include "base/arena.h"
#include "model/article.h"

/*
 * The page where the video of an absolute address is watched: for players
 * too, which are no pages.  ptr NULL: it is no video of a site we know.
 */
struct slice video_page(struct slice url, struct arena *a);

/* One more media of an article, which its html shows; NULL: it has enough. */
struct media *media_add(struct article *art, enum media_kind kind,
	struct arena *a);

/* A video or a sound from elsewhere, unless the article has it already. */
void media_add_played(struct article *art, enum media_kind kind,
	struct slice url, struct arena *a);

#endif
