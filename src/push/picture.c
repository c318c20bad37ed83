/*
 * Pictures of a delivery, as targets ask for them (picture.h).
 */
#include "model/entry_share.h"
#include "push/delivery.h"

struct slice
picture_upload(const struct push_picture *p, struct slice purpose)
{
	for (size_t i = 0; i < p->n_uploads; i++)
		if (slice_eq(p->uploads[i].purpose, purpose))
			return p->uploads[i].remote;
	return slice(NULL, 0);
}

const struct push_picture *
picture_to_upload(const struct delivery *d, struct slice purpose)
{
	for (size_t i = 0; i < d->n_pictures; i++)
		if (!picture_upload(&d->pictures[i], purpose).ptr)
			return &d->pictures[i];
	return NULL;
}

struct upload
picture_uploaded(const struct push_picture *p, struct slice purpose,
	struct slice remote, int64_t expires)
{
	return (struct upload){ .purpose = purpose, .hash = p->hash,
		.remote = remote, .expires = expires };
}

struct entry
picture_entry(const struct delivery *d, enum syndication syndication,
	struct arena *a)
{
	struct entry ret = entry_copy(d->entry, a);
	enum syndication may = ret.fields.syndication ?
		ret.fields.syndication : syndication;

	entry_hide_private(d->config, &ret);
	entry_take_pictures(&ret, may == SYNDICATION_UNSAID ||
		may == SYNDICATION_FULL, a);
	return ret;
}
