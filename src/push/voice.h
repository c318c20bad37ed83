/*
 * Voice: what the newsroom says of an article where people follow it.
 *
 *	template: "[{series} {part} | ]{headline}\n\n{summary...}\n{url}"
 *
 * A target for people embeds a struct voice_conf in its settings' struct, and
 * VOICE_WORDS in its table; then
 *
 *	wants:		return voice_wants(&conf->voice, d);
 *	compose:	switch (voice_deed(&conf->voice, d)) ...
 *			voice_put(&conf->voice, d, fits, n, q->a, &text, e)
 *
 * 1. One field is elastic: the marked one ("{summary...}"), else the summary,
 *    else the headline or the title.  It is cut so that the whole text keeps
 *    every limit; all else stands as it is, or the text cannot be said.
 * 2. "[...]" in a line goes when a field in it is empty, and so does a line
 *    that has fields, and all of them are empty.
 * 3. An article's own words for a target (`push:`) are its template there.
 *    They are never cut; where the target's template has the address, and they
 *    do not, it stands behind them.
 */
#ifndef PUSH_VOICE_H
#define PUSH_VOICE_H

#include "base/setting.h"
#include "push/delivery.h"
#include "push/fit.h"

enum {
	VOICE_TEMPLATE_MAX = 2000,	/* bytes */
	VOICE_TAGS_MAX = 30,
};

/* What becomes of a post when its article is corrected; no edit does it. */
enum voice_correction {
	VOICE_CORRECTION_EDIT,
	VOICE_CORRECTION_IGNORE,
	VOICE_CORRECTION_NEW,	/* another post */
};

enum voice_withdrawal { VOICE_WITHDRAWAL_DELETE, VOICE_WITHDRAWAL_IGNORE };

/* Which picture goes along. */
enum voice_picture {
	VOICE_PICTURE_COVER,	/* the cover, else the first one */
	VOICE_PICTURE_FIRST,	/* of the text */
	VOICE_PICTURE_ALL,	/* in the text's order, as many as may */
	VOICE_PICTURE_NONE,
};

/* The words that all targets for people have. */
struct voice_conf {
	struct slice template;
	enum voice_correction correction;
	enum voice_withdrawal withdrawal;
	enum voice_picture picture;
	int64_t hashtags;	/* how many at most */
	struct slice utm;	/* "utm_source=x&utm_medium=social"; empty */
};

/* What choices are called; NULL at the end. */
extern const char *const voice_correction_words[];
extern const char *const voice_withdrawal_words[];
extern const char *const voice_picture_words[];

/* A setting.check: a template whose fields are all known. */
int voice_check_template(struct slice text, struct err *e) MUST_USE;

/* A setting.check: what may stand behind the "?" of an address. */
int voice_check_utm(struct slice text, struct err *e) MUST_USE;

/*
 * The settings, for a struct that has a struct voice_conf as `field`.
 * `say`, `correct` and `withdraw` are presets: what the platform can do.
 */
#define VOICE_WORDS(type, field, say, correct, withdraw) \
	{ "template", SETTING_TEXT, SETTING_FIELD(type, field.template), \
		.preset = (say), .max = VOICE_TEMPLATE_MAX, \
		.check = voice_check_template, \
		.help = "What is said, with {headline}, {url} and others." }, \
	{ "correction", SETTING_CHOICE, \
		SETTING_FIELD(type, field.correction), \
		.preset = (correct), .choices = voice_correction_words, \
		.help = "What becomes of a post that was corrected." }, \
	{ "withdrawal", SETTING_CHOICE, \
		SETTING_FIELD(type, field.withdrawal), \
		.preset = (withdraw), .choices = voice_withdrawal_words, \
		.help = "What becomes of a post that was taken back." }, \
	{ "picture", SETTING_CHOICE, SETTING_FIELD(type, field.picture), \
		.preset = "cover", .choices = voice_picture_words, \
		.help = "Which picture goes along." }, \
	{ "hashtags", SETTING_INT, SETTING_FIELD(type, field.hashtags), \
		.preset = "3", .max = VOICE_TAGS_MAX, \
		.help = "How many tags {tags} has at most." }, \
	{ "utm", SETTING_TEXT, SETTING_FIELD(type, field.utm), \
		.check = voice_check_utm, \
		.help = "What is added to addresses, as utm_source=x." }

enum voice_deed {
	VOICE_NOTHING,
	VOICE_POST,
	VOICE_EDIT,
	VOICE_DELETE,
};

/* For target_ops.wants: is there anything to be done, as far as is known? */
bool voice_wants(const struct voice_conf *v, const struct delivery *d);

/*
 * What is to be done, seen at step 0: the memo is what the last delivery of
 * the article that was done remembered, the post's name, and empty where there
 * is no post, which can neither be edited nor deleted.  So a target that has
 * edited is DONE with the same memo, and one that has deleted with an empty
 * one; for VOICE_NOTHING nothing is sent (request.method NULL).  One with more
 * steps remembers in its memo which deed they are of.
 */
enum voice_deed voice_deed(const struct voice_conf *v,
	const struct delivery *d);

/*
 * What is said of the delivery's article, within all of the limits.  -1: it
 * does not fit even without the elastic field (ERR_LIMIT).
 */
int voice_put(const struct voice_conf *v, const struct delivery *d,
	const struct fit *fits, size_t n_fits, struct arena *a,
	struct slice *ret, struct err *e) MUST_USE;

/*
 * The article's address as people are given it here: with utm, unless it is
 * not ours.
 */
struct slice voice_url(const struct voice_conf *v, const struct delivery *d,
	struct arena *a);

/*
 * The words that it is found by, at most conf.hashtags: of its topics in its
 * language, then its own tags.  Without "#"; how many.
 */
size_t voice_tags(const struct voice_conf *v, const struct delivery *d,
	struct arena *a, struct slice **ret);

#endif
