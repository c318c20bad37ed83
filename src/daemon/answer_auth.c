/*
 * Logging in for a target, for gazettectl: the address, then the code.
 *
 * The code is a secret for a moment: it goes on to the engine, and is in no
 * answer and no event.
 */
#include "daemon/answer_verb.h"
#include "push/courier.h"

static void
note_read(struct answer_job *j, struct store_reader *r)
{
	answer_note_target(j, r, answer_word(j, "path"));
}

static void
on_login(struct engine_login *l)
{
	struct answer_job *j = CONTAINER_OF(l, struct answer_job, login);

	j->failed = l->failed;
	json_object_set_new(j->answer, "url", answer_text(l->url));
	json_object_set_new(j->answer, "minutes",
		json_integer(LOGIN_MS / 60000));
	engine_login_done(l);
	if (j->failed.kind == ERR_NONE)
		answer_read(j, note_read, answer_end);
	else
		answer_end(j);
}

void
answer_target_auth(struct answer_job *j)
{
	j->login = (struct engine_login){
		.target = answer_word(j, "path"),
		.brought = answer_word(j, "brought"),
		.done = on_login,
	};
	engine_login(j->press->courier->engine, &j->login);
}
