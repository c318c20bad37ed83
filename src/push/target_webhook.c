/*
 * webhook: events, signed, for programs of the newsroom's own (an app's
 * server) and of others.
 *
 * Form, headers and signatures are those of Standard Webhooks 1.0.0, so
 * receivers need no code of ours.
 *
 * 1. webhook-id is the delivery's, the same in every attempt: an event comes
 *    at least once, and who remembers ids has it exactly once.
 * 2. webhook-timestamp is the attempt's; a receiver refuses an old one, so
 *    each attempt is signed anew.
 * 3. A failure is tried again whatever the receiver answers, because its
 *    program may be wrong today and right in an hour; but for answers that
 *    say that it will not be.
 */
#include "base/nearest.h"
#include "base/utf8.h"
#include "push/target.h"
#include "push/webhook.h"

enum { TOO_BIG = 413, SIGNATURES_MAX = 4 * 1024 };

#define FIELD(field) SETTING_FIELD(struct webhook_conf, field)

static int
check_event(struct slice text, struct err *e)
{
	struct nearest near = { .word = text };

	for (size_t i = 0; webhook_events[i]; i++) {
		if (slice_eq(text, slice_str(webhook_events[i])))
			return 0;
		nearest_try(&near, webhook_events[i]);
	}
	err_set(e, ERR_CONFIG, "there is no event \"%.*s\"",
		ARG(utf8_first(text, 40)));
	if (near.best)
		return err_hint(e, "Did you mean \"%s\"?", near.best);
	return err_hint(e, "gazetted-targets(5) has all of them.");
}

static const struct setting settings[] = {
	{ "url", SETTING_TEXT, FIELD(url), .required = true,
		.max = REQUEST_URL_MAX, .check = setting_check_url,
		.help = "Write where events are sent." },
	{ "secrets", SETTING_TEXTS,
		SETTING_FIELDS(struct webhook_conf, secrets, n_secrets),
		.required = true, .max = WEBHOOK_SECRETS_MAX,
		.check = target_check_credential,
		.help = "Write which credential files it is signed with." },
	{ "events", SETTING_TEXTS,
		SETTING_FIELDS(struct webhook_conf, events, n_events),
		.check = check_event,
		.help = "Which events it gets; without it, all." },
	{ "content", SETTING_CHOICE, FIELD(content), .preset = "full",
		.choices = content_words,
		.help = "How much of an article an event holds." },
	{ "syndication", SETTING_CHOICE, FIELD(syndication),
		.preset = "default", .choices = syndication_words,
		.help = "What others may take along of articles that do not "
			"say; without it, the receiver is your own." },
	{ 0 },
};

/* Who tries a target wants to see it tried. */
static bool
wants(const struct delivery *d)
{
	const struct webhook_conf *conf = d->target->conf;
	struct slice name = webhook_event(d);
	bool chosen = conf->n_events == 0 || d->subject == DELIVER_PING;

	if (d->subject == DELIVER_FEED && d->feed->kind != CHANNEL_SERIES)
		return false;
	for (size_t i = 0; i < conf->n_events; i++)
		chosen |= slice_eq(conf->events[i], name);
	return chosen;
}

static int
sign(const struct delivery *d, struct slice message, struct buf *ret,
	struct err *e)
{
	const struct webhook_conf *conf = d->target->conf;

	for (size_t i = 0; i < conf->n_secrets; i++) {
		const struct secret *s = delivery_secret(d, conf->secrets[i],
			e);

		if (!s)
			return -1;
		if (webhook_sign(ret, s, message, e) < 0)
			return err_in(e, "the credential \"%.*s\"",
				ARG(conf->secrets[i]));
	}
	return 0;
}

/* What is signed is the id, the time and the body, in one piece. */
static int
compose(const struct delivery *d, struct request *q, struct err *e)
{
	const struct webhook_conf *conf = d->target->conf;
	struct slice now = arena_printf(q->a, "%lld",
		(long long)(d->now_ms / 1000));
	CLEANUP(buf_done) struct buf message = BUF_INIT(REQUEST_BODY_MAX);
	CLEANUP(buf_done) struct buf signatures = BUF_INIT(SIGNATURES_MAX);
	size_t head;

	buf_printf(&message, "%.*s.%.*s.", ARG(d->id), ARG(now));
	head = message.len;
	webhook_event_put(&message, d, q->a);
	if (!buf_ok(&message))
		return err_set(e, ERR_LIMIT, "the event is longer than %d "
			"bytes", REQUEST_BODY_MAX);
	if (sign(d, buf_slice(&message), &signatures, e) < 0)
		return -1;
	request_post(q, conf->url);
	request_header(q, "webhook-id", d->id);
	request_header(q, "webhook-timestamp", now);
	request_header(q, "webhook-signature", buf_slice(&signatures));
	request_hide(q, buf_slice(&signatures));
	request_body(q, "application/json", slice_from(buf_slice(&message),
		head));
	request_repeatable(q);
	return request_check(q, e);
}

static struct verdict
judge(const struct delivery *d, const struct response *r, struct err *e)
{
	struct verdict v = target_judge(d, "the receiver", r, e);

	if (v.kind == VERDICT_REJECT && r->status != TOO_BIG)
		return verdict_retry(r->retry_after_ms);
	return v;
}

const struct target_ops target_webhook = {
	.name = "webhook",
	.help = "Tells a program what happens to articles and series, signed.",
	.settings = settings,
	.conf_size = sizeof(struct webhook_conf),
	.can = CAN_ARTICLES | CAN_FEEDS | CAN_LATEST | CAN_REPEAT,
	.wants = wants,
	.compose = compose,
	.judge = judge,
};
