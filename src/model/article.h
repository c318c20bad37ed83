/*
 * An article: one file of the content directory, as a reader understood it.
 *
 * Filled in two steps, both pure and both on a pool thread: a reader (read/)
 * fills the first part from the bytes, series/ fills the second from the
 * titles.  All memory is the batch's arena.
 */
#ifndef MODEL_ARTICLE_H
#define MODEL_ARTICLE_H

#include "base/slice.h"

/* No article has more of these; what is beyond is dropped, and counted. */
enum {
	ARTICLE_PEOPLE_MAX = 64,
	ARTICLE_RELATED_MAX = 64,
	ARTICLE_TOPICS_MAX = 32,
	ARTICLE_TAGS_MAX = 32,
	ARTICLE_MEDIA_MAX = 64,
	ARTICLE_TITLE_MAX = 1000,	/* bytes */
	ARTICLE_SUMMARY_MAX = 300,	/* code points */
	ARTICLE_FILE_MAX = 4 * 1024 * 1024,
	ARTICLE_PUSHES_MAX = 64,
	ARTICLE_PUSH_MAX = 2000,	/* bytes of what is to be said */
};

/* The store keeps these numbers: append, never reorder. */
enum person_role {
	ROLE_AUTHOR,
	ROLE_EDITOR,
	ROLE_PHOTOGRAPHER,
	ROLE_TRANSLATOR,
	ROLE_CONTRIBUTOR,
	ROLE_COUNT,
};

/* The word for a role: "author", "editor" ... */
struct slice role_word(enum person_role role);

struct person {
	struct slice name;
	enum person_role role;
};

/* How sure a title is of being part of a series (series.md, step 3). */
enum mark_strength {
	MARK_NONE,
	MARK_WEAK,	/* only with a second member or a related link */
	MARK_STRONG,	/* a series at once */
};

/* What a title says about its series. */
struct mark {
	enum mark_strength strength;
	struct slice name;	/* of the series, as printed */
	struct slice key;	/* fold_key(name) */
	struct slice label;	/* the part's sign as printed, as "②" */
	struct slice headline;	/* what follows; may be empty */
	int season;		/* "S02E05": 2; 0: not said */
	int number;		/* of the part, from 1; 0: ⓪, or not said */
	int total;		/* 0: not said */
	bool last;		/* "下", "终": number is the least it can be */
};

/*
 * Where a part stands in its series: by season, then by number.  Series
 * without seasons count as they print.
 */
static inline int
mark_place(const struct mark *m)
{
	return m->season * 1000 + m->number;
}

/* A number that marks are found by; "下" is never found as "②". */
static inline int
mark_code(const struct mark *m)
{
	return m->last ? -mark_place(m) : mark_place(m);
}

/* A line of the "Related links" block. */
struct related {
	struct slice title;	/* as shown */
	struct slice fold;	/* fold_key(title) */
	/* Of an entry only the number, and 0 if it is of another series. */
	struct mark mark;
	/* Resolved by the store; 0 and empty while its article is not here. */
	int64_t article_id;
	struct slice slug;
	struct slice path;
	struct slice url;	/* its own page, elsewhere */
};

/* What partners may take along (part of a syndication agreement). */
enum syndication {
	SYNDICATION_UNSAID,	/* as the channel says */
	SYNDICATION_FULL,
	SYNDICATION_TEXT_ONLY,	/* without its pictures */
	SYNDICATION_NONE,
};

/* What the configuration calls them; NULL at the end. */
extern const char *const syndication_words[];

enum media_kind { MEDIA_IMAGE, MEDIA_VIDEO, MEDIA_AUDIO };

/* A picture, a video or a sound of an article. */
struct media {
	enum media_kind kind;
	/* Of a picture in the content directory: the store's path, and where
	 * its bytes are published.  path is empty for one from elsewhere. */
	struct slice path;
	struct slice name;	/* "<hash>.<ext>", below /media/ */
	struct slice url;	/* absolute, of one from elsewhere */
	struct slice type;	/* "image/jpeg"; empty: not known */
	int64_t size;		/* bytes; 0: not known */
	int width, height;	/* pixels; 0: not known */
	struct slice alt;
	struct slice caption;
	struct slice credit;
	struct slice licence;	/* an address */
	enum syndication syndication;
	bool shown;		/* the html has it already */
};

/* A truth value that a directory's defaults may give, and a file take back. */
enum said { SAID_NOTHING, SAID_NO, SAID_YES };

/*
 * What an article wants of a target.  It may be of "all"; the last word that
 * means a target counts, and one of its own more than "all".
 */
struct push_word {
	struct slice target;
	enum said send;		/* NOTHING: as its channels say */
	struct slice text;	/* to be said there; empty: as always */
};

/* What an article's metadata says of itself; empty or 0: not said. */
struct fields {
	struct slice series;	/* its name, as printed */
	enum said is_part;	/* NO: "series: no", in no series at all */
	int part;		/* from 1 */
	int total;
	struct slice headline;
	struct slice short_title;
	struct slice section;
	struct slice source;	/* where the text came from */
	struct slice copyright;
	struct slice licence;	/* an address */
	struct slice url;	/* the article's own page, elsewhere */
	struct slice translation_of;	/* a path, an id or an address */
	struct slice correction;	/* what was wrong, for readers */
	struct slice cover;	/* a picture, for those who need one */
	struct slice *tags;	/* as printed */
	size_t n_tags;
	struct push_word *pushes;
	size_t n_pushes;
	int64_t updated;	/* seconds */
	int64_t embargo;	/* seconds: not before */
	enum said draft, withdrawn, urgent, minor;
	enum syndication syndication;
	int lost;		/* characters that could not be read: "?" */
};

/* What is said of the target of that name; NULL: nothing. */
const struct push_word *fields_push(const struct fields *f,
	struct slice target);

struct article {
	/* From the reader. */
	struct slice title;		/* fold_title() of what is printed */
	struct person *people;
	size_t n_people;
	struct slice summary;		/* plain text */
	struct slice html;		/* allow-listed markup, balanced */
	struct slice text;		/* plain text, for rules */
	struct slice lang;		/* BCP 47 */
	struct slice related_label;	/* "Related links:", as printed */
	struct related *related;
	size_t n_related;
	int64_t date;			/* seconds; -1: the file does not say */
	struct fields fields;
	struct media *media;		/* in the order of the text */
	size_t n_media;

	/* From series/: the mark, and the entry's title made of it. */
	struct mark mark;
	struct slice entry_title;	/* "<series> <sign> | <headline>" */
	struct slice *topics;		/* slugs of the configured topics */
	size_t n_topics;
	bool exclusive;			/* to private channels */

	/*
	 * Hashes over normalised fields.  `digest`: title, text, people,
	 * media; when it changes, `updated` moves.  `form`: all that a
	 * renderer shows; when it changes, the entry is rendered again.
	 */
	uint64_t digest;
	uint64_t form;
};

#endif
