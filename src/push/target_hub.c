/*
 * hub: a WebSub hub elsewhere, which is told what changed.
 *
 * WebSub leaves to hub and publisher how (section 6).  What hubs of its time
 * and of PubSubHubbub 0.3 (section 7.1) understand is a form with
 * hub.mode=publish; the topic is hub.topic to some and hub.url to others, so
 * it stands under both names.
 *
 * 1. One document a ping, by the address that it names itself by (rel=self):
 *    hubs that take several of them at once take the last one only.
 * 2. The hub fetches the document, so only the latest version matters, and a
 *    ping too many does no harm.
 * 3. Any 2xx is as good as another: some say 204 whatever they think.
 */
#include "model/address.h"
#include "push/target.h"

struct hub_target {
	struct slice url;
};

static const struct setting settings[] = {
	{ "url", SETTING_TEXT, SETTING_FIELD(struct hub_target, url),
		.required = true, .max = REQUEST_URL_MAX,
		.check = setting_check_url, .help = "Write where the hub is." },
	{ 0 },
};

const void *
target_hub_conf(struct slice url, struct arena *a)
{
	struct hub_target *conf = ARENA_NEW(a, struct hub_target);

	conf->url = url;
	return conf;
}

/* What the ping is about; somebody who tries the hub shows it everything. */
static struct slice
topic_of(const struct delivery *d, struct arena *a)
{
	const struct feed all = { .kind = CHANNEL_ALL, .slug = S("all") };

	return d->subject == DELIVER_TOPIC ? d->topic :
		site_address(&d->config->site,
			address_feed(&all, "atom", a), a);
}

static int
compose(const struct delivery *d, struct request *q, struct err *e)
{
	const struct hub_target *conf = d->target->conf;
	struct slice topic = topic_of(d, q->a);

	request_post(q, conf->url);
	request_field(q, "hub.mode", S("publish"));
	request_field(q, "hub.url", topic);
	request_field(q, "hub.topic", topic);
	request_repeatable(q);
	return request_check(q, e);
}

static struct verdict
judge(const struct delivery *d, const struct response *r, struct err *e)
{
	return target_judge(d, "the hub", r, e);
}

const struct target_ops target_hub = {
	.name = "hub",
	.help = "Tells a WebSub hub elsewhere which documents changed.",
	.settings = settings,
	.conf_size = sizeof(struct hub_target),
	.can = CAN_TOPICS | CAN_LATEST | CAN_REPEAT,
	.compose = compose,
	.judge = judge,
};
