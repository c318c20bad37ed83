/*
 * publish: puts documents where readers find them.
 *
 * A publisher is one file: `open`, `put`, `get`, `remove`.  All but open run
 * on pool threads, several at once; a publisher keeps no state that changes.
 */
#ifndef PUBLISH_PUBLISH_H
#define PUBLISH_PUBLISH_H

#include "base/err.h"
#include "model/document.h"

struct publisher;

struct publisher_ops {
	const char *name;
	/*
	 * Make ready to publish to `where`; private: only we, and who is in
	 * our group, may look into it.
	 */
	int (*open)(const char *where, bool is_private,
		struct publisher **ret, struct err *e);
	/* Every coding of d at path, each whole or not at all. */
	int (*put)(struct publisher *p, struct slice path,
		const struct document *d, struct err *e);
	/* One coding of it more; the others stay as they are. */
	int (*add)(struct publisher *p, struct slice path,
		const struct document *d, enum coding c, struct err *e);
	/*
	 * Read back what was put; fills d's mtime and bodies, at least the
	 * plain one.
	 * The caller compares the hash: what lies there is not trusted.
	 */
	int (*get)(struct publisher *p, struct slice path,
		struct document *d, struct err *e);
	/* Is there something at path? */
	bool (*has)(struct publisher *p, struct slice path);
	/* How many bytes one coding of it has; -1: it is not there. */
	int64_t (*size)(struct publisher *p, struct slice path,
		enum coding c);
	/* Call for each name in a folder, until false; no folder is fine. */
	int (*list)(struct publisher *p, struct slice folder,
		bool (*found)(void *ctx, struct slice name), void *ctx,
		struct err *e);
	/* Remove it in every coding; not there is fine. */
	int (*remove)(struct publisher *p, struct slice path,
		struct err *e);
	void (*close)(struct publisher *p);
};

/* A directory tree, for us and for nginx. */
extern const struct publisher_ops publisher_dir;

#endif
