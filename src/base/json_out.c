/*
 * Writing JSON into a buf.
 */
#include "base/date.h"
#include "base/json_out.h"

/* What comes before a value. */
static void
begin(struct json_out *j, const char *key)
{
	if (j->comma)
		buf_put_byte(j->b, ',');
	j->comma = true;
	if (key) {
		buf_put_byte(j->b, '"');
		buf_put_str(j->b, key);
		buf_put(j->b, S("\":"));
	}
}

void
json_out_open(struct json_out *j, const char *key, char bracket)
{
	begin(j, key);
	buf_put_byte(j->b, bracket);
	j->comma = false;
}

void
json_out_close(struct json_out *j, char bracket)
{
	buf_put_byte(j->b, bracket);
	j->comma = true;
}

struct json_mark
json_out_begin(struct json_out *j, const char *key, char bracket)
{
	struct json_mark mark = { j->b->len, j->comma };

	json_out_open(j, key, bracket);
	return mark;
}

void
json_out_end(struct json_out *j, struct json_mark mark, char bracket)
{
	if (j->comma) {
		json_out_close(j, bracket);
		return;
	}
	buf_cut(j->b, mark.len);
	j->comma = mark.comma;
}

void
json_out_text(struct json_out *j, const char *key, struct slice text)
{
	begin(j, key);
	buf_put_byte(j->b, '"');
	buf_put_json(j->b, text);
	buf_put_byte(j->b, '"');
}

void
json_out_said(struct json_out *j, const char *key, struct slice text)
{
	if (text.len > 0)
		json_out_text(j, key, text);
}

void
json_out_bool(struct json_out *j, const char *key, bool yes)
{
	begin(j, key);
	buf_put_str(j->b, yes ? "true" : "false");
}

void
json_out_number(struct json_out *j, const char *key, int64_t n)
{
	begin(j, key);
	buf_printf(j->b, "%lld", (long long)n);
}

void
json_out_date(struct json_out *j, const char *key, int64_t seconds)
{
	char text[DATE_SIZE];

	json_out_text(j, key, date_rfc3339(seconds, text));
}
