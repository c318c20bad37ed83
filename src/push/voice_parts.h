/*
 * The inside of voice: templates.
 */
#ifndef PUSH_VOICE_PARTS_H
#define PUSH_VOICE_PARTS_H

#include "base/buf.h"
#include "base/err.h"

enum voice_field {
	VOICE_TITLE,
	VOICE_HEADLINE,
	VOICE_SERIES,
	VOICE_PART,
	VOICE_SUMMARY,
	VOICE_URL,
	VOICE_TAGS,
	VOICE_CREDITS,
	VOICE_SECTION,
	VOICE_CORRECTION,
	VOICE_SITE,
	VOICE_FIELDS,	/* so many; as a field: none */
};

/* A template that is filled in. */
struct voice_filling {
	const struct slice *values;	/* by field */
	enum voice_field elastic;	/* left out where it stands first */
	struct buf *out;
	size_t elastic_at;	/* where that is; SIZE_MAX: nowhere */
};

/* The field that gives way; VOICE_FIELDS: there is none. */
enum voice_field voice_template_elastic(struct slice template);

/* Does the template have the field? */
bool voice_template_has(struct slice template, enum voice_field field);

/* Append the template with its fields. */
void voice_template_fill(struct voice_filling *f, struct slice template);

#endif
