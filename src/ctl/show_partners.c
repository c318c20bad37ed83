/*
 * Who may read private channels, and who came, for people.
 */
#include "ctl/show.h"
#include "ctl/table.h"
#include "ctl/words.h"

/* What an operator looks for first: who cannot come in. */
static const char *
state_of(const json_t *partner)
{
	if (json_is_true(json_object_get(partner, "revoked")))
		return "revoked";
	return word_number(partner, "tokens") > 0 ? "open" : "no token";
}

int
show_partners(const json_t *answer)
{
	static const struct column columns[] = {
		{ .title = "PARTNER", .shrinks = true }, { .title = "STATE" },
		{ .title = "TOKENS", .right = true },
		{ .title = "REQUESTS", .right = true },
		{ .title = "LAST SEEN" },
		{ .title = "CHANNELS", .shrinks = true },
	};
	CLEANUP(sheet_done) struct sheet s = SHEET_INIT(columns);
	const json_t *partner;
	struct terminal t;
	size_t i;

	terminal_get(&t);
	json_array_foreach(json_object_get(answer, "partners"), i, partner) {
		sheet_put(&s, "%s", word_text(partner, "name"));
		sheet_put(&s, "%s", state_of(partner));
		sheet_put(&s, "%" JSON_INTEGER_FORMAT,
			word_number(partner, "tokens"));
		sheet_put(&s, "%" JSON_INTEGER_FORMAT,
			word_number(partner, "requests"));
		sheet_put(&s, "%s", word_time(partner, "last_seen",
			&s.arena));
		sheet_put(&s, "%s", word_list(json_object_get(partner,
			"channels"), &s.arena));
	}
	sheet_print(&s, &t);
	return 0;
}
