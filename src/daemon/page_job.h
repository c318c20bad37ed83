/*
 * Pool jobs that make pages for people, when somebody asks.
 */
#ifndef DAEMON_PAGE_JOB_H
#define DAEMON_PAGE_JOB_H

#include "daemon/press.h"

enum page_kind { PAGE_INDEX, PAGE_SERIES, PAGE_TOPIC, PAGE_ARTICLE };

struct page_job {
	struct job job;
	struct press *press;
	struct config *config;	/* a reference */
	enum page_kind kind;
	struct slice slug;	/* of the series, topic or article */
	struct arena arena;
	/* What came of it; neither: there is no such page. */
	struct document *doc;
	struct slice moved;	/* the article's own page, elsewhere */
};

/* For a pool thread: fill doc, or moved. */
void page_run(struct job *j);

#endif
