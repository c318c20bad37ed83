/*
 * Writing XML: elements and attributes, all text through one escaper.
 */
#ifndef FEED_XML_H
#define FEED_XML_H

#include "base/buf.h"

/* "<name>text</name>" on a line of its own. */
void xml_element(struct buf *b, const char *indent, const char *name,
	struct slice text);

/* The same; nothing when the text is empty. */
void xml_said(struct buf *b, const char *indent, const char *name,
	struct slice text);

/* The same, of a time in seconds, as RFC 3339 has it. */
void xml_date(struct buf *b, const char *indent, const char *name, int64_t t);

/* ` name="value"`; nothing when the value is empty. */
void xml_attribute(struct buf *b, const char *name, struct slice value);

#endif
