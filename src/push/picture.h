/*
 * Pictures of a delivery: what a target may show, and what it uploads.
 *
 * A target says in target_ops.pictures what it wants; the engine chooses, reads
 * what is to be read on the pool's thread, and looks up what the platform has
 * already.  A target that uploads needs no memory of its own for that:
 *
 *	p = picture_to_upload(d, S("image"));
 *	if (p)
 *		... compose the upload of p->bytes; it is request_repeatable()
 *	else
 *		... compose the post, with picture_upload(&d->pictures[i], ...)
 *
 * and judge() answers the first with verdict_uploaded().  The next step, and
 * the next delivery that has the picture, find it uploaded.
 *
 * 1. The rules of syndication are applied here: what the article, the picture
 *    or the wish keeps from others is not among them.
 * 2. A picture that is larger, or of another type, than the platform takes is
 *    left out, and the next one gets its place.
 * 3. The bytes are those that are published under the address, or of a file
 *    that the configuration names.
 */
#ifndef PUSH_PICTURE_H
#define PUSH_PICTURE_H

#include "base/sha256.h"
#include "model/article.h"
#include "model/upload.h"

struct delivery;

enum {
	PICTURES_MAX = 16,		/* of a delivery */
	PICTURE_BYTES_MAX = 15 * 1024 * 1024,	/* of one; it has to fit into
						 * a request */
	PICTURES_BYTES_MAX = 32 * 1024 * 1024,	/* of all of a delivery */
};

/* What a target wants.  It begins empty: nothing. */
struct picture_wish {
	size_t max;		/* so many at most; 0: none */
	size_t bytes_max;	/* of each; 0: as many as there may be */
	/* The media types that are taken; NULL at its end.  NULL: all. */
	const char *const *types;
	/* They are uploaded: read and hash them, and look up uploads. */
	bool needs_bytes;
	/*
	 * The first one stands for the article, and there is to be one: what
	 * its "cover" names, else its first picture, else the cover of its
	 * series, else the target's.
	 */
	bool needs_cover;
	/* What may be done with what does not say; UNSAID: it may be shown. */
	enum syndication syndication;
};

struct push_picture {
	/* "<hash>.jpg", below /media/; of a cover from the configuration its
	 * file's name */
	struct slice name;
	struct slice url;	/* where readers get it; empty: nowhere */
	struct slice type;	/* "image/jpeg" */
	int64_t size;		/* bytes; 0: not known */
	int width, height;	/* pixels; 0: not known */
	struct slice alt;	/* for those who do not see it */
	struct slice caption, credit;
	bool is_cover;		/* that was asked for */
	/* With needs_bytes: */
	struct slice bytes;
	struct sha256 hash;
	const struct upload *uploads;	/* not those that are over */
	size_t n_uploads;
};

/* What it is called there, uploaded for that purpose; ptr NULL: it is not. */
struct slice picture_upload(const struct push_picture *p,
	struct slice purpose);

/* The first picture that is not uploaded for that purpose; NULL: all are. */
const struct push_picture *picture_to_upload(const struct delivery *d,
	struct slice purpose);

/* It is uploaded, and called that, until `expires` (ms; 0: for ever). */
struct upload picture_uploaded(const struct push_picture *p,
	struct slice purpose, struct slice remote, int64_t expires);

/*
 * The delivery's article as others may have it: without what is private, and
 * without the pictures that are kept from them, also in its text.
 */
struct entry picture_entry(const struct delivery *d,
	enum syndication syndication, struct arena *a);

#endif
