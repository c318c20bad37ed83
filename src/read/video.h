/*
 * Videos: addresses of the sites whose players newsrooms embed.
 */
#ifndef READ_VIDEO_H
#define READ_VIDEO_H

#include "base/arena.h"

/*
 * The page where the video of an absolute address is watched: for players
 * too, which are no pages.  ptr NULL: it is no video of a site we know.
 */
struct slice video_page(struct slice url, struct arena *a);

#endif
