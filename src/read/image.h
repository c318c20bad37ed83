/*
 * Images: what kind of picture some bytes are, and how large it is.
 *
 * Only headers are looked at, nothing is decoded.  The bytes come from outside,
 * whatever the file is called: a name proves nothing.
 */
#ifndef READ_IMAGE_H
#define READ_IMAGE_H

#include "base/slice.h"

enum { IMAGE_SIDE_MAX = 65535 };	/* pixels; JPEG has no larger */

struct image {
	const char *type;	/* "image/jpeg" */
	const char *ending;	/* "jpg" */
	int width, height;	/* as stored: an EXIF orientation is ignored */
};

/*
 * The kind of picture that bytes begin like; the first 64 are enough.  Fills
 * type and ending.
 */
bool image_sniff(struct slice bytes, struct image *ret);

/* The same of a whole file, with its size; false too when that is not told. */
bool image_read(struct slice bytes, struct image *ret);

/* The media type of a published picture, by its ending; NULL: none of ours. */
const char *image_type_of(struct slice ending);

#endif
