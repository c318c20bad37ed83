/*
 * Answers for gazettectl: who may read private channels, and who came.
 */
#include "daemon/answer_verb.h"
#include "daemon/partners.h"

void
answer_partners_begin(struct answer_job *j)
{
	json_object_set_new(j->answer, "partners", partners_list(j->press));
}
