/*
 * A request as the client carries it, and an answer as targets see it.
 */
#include "base/clock.h"
#include "push/engine_parts.h"
#include "push/retry_after.h"

struct call
carry_request(const struct request *q, const struct config *c)
{
	return (struct call){
		.method = q->method,
		.url = q->url,
		.headers = q->headers,
		.n_headers = q->n_headers,
		.body = q->body,
		.total_ms = q->timeout_ms,
		.cut = true,
		.fresh = !q->repeatable,
		.allow = &c->courier.allow,
	};
}

struct response
carry_answer(const struct call *call, struct arena *a)
{
	return (struct response){
		.a = a,
		.status = call->status,
		.head = arena_copy(a, call->head),
		.type = arena_copy(a, call->type),
		.body = arena_copy(a, call->answer),
		.retry_after_ms = MAX(0, retry_after_ms(call->retry_after,
			clock_now_ms())),
	};
}
