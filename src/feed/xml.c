/*
 * Writing XML.
 */
#include "base/date.h"
#include "feed/xml.h"

void
xml_element(struct buf *b, const char *indent, const char *name,
	struct slice text)
{
	buf_put_str(b, indent);
	buf_put_byte(b, '<');
	buf_put_str(b, name);
	buf_put_byte(b, '>');
	buf_put_xml(b, text);
	buf_put_str(b, "</");
	buf_put_str(b, name);
	buf_put_str(b, ">\n");
}

void
xml_said(struct buf *b, const char *indent, const char *name,
	struct slice text)
{
	if (text.len > 0)
		xml_element(b, indent, name, text);
}

void
xml_date(struct buf *b, const char *indent, const char *name, int64_t t)
{
	char text[DATE_SIZE];

	xml_element(b, indent, name, date_rfc3339(t, text));
}

void
xml_attribute(struct buf *b, const char *name, struct slice value)
{
	if (value.len == 0)
		return;
	buf_put_byte(b, ' ');
	buf_put_str(b, name);
	buf_put_str(b, "=\"");
	buf_put_xml(b, value);
	buf_put_byte(b, '"');
}
