/*
 * Pool jobs that make pages for people, when somebody asks.
 */
#ifndef DAEMON_PAGES_H
#define DAEMON_PAGES_H

#include "daemon/compose.h"

enum page_kind { PAGE_INDEX, PAGE_SERIES, PAGE_TOPIC, PAGE_ARTICLE };

/* Make a page for a request that waits. */
struct page_job {
	struct job job;
	struct press *press;
	struct config *config;	/* a reference */
	enum page_kind kind;
	struct slice slug;	/* in the arena */
	struct serve_request *request;
	struct arena arena;
	struct document *doc;	/* NULL: no such page */
};

/* For a pool thread. */
void page_run(struct job *j);

#endif
