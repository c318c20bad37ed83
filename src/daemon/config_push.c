/*
 * Hub and courier, from the form to the configuration.
 *
 * 1. Our own hub is the first that a document names, and is no target.
 * 2. Bounds of leases stand in their order, or the hub could grant none.
 */
#include <stdlib.h>

#include "daemon/config_check.h"
#include "daemon/config_push.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND };

#define HOUR (INT64_C(60) * MINUTE)
#define DAY (24 * HOUR)
#define CREDENTIALS SYSCONFDIR "/gazetted/credentials"
#define HUB(field) SETTING_FIELD(struct form_push, hub.field)
#define COURIER(field) SETTING_FIELD(struct form_push, courier.field)
#define PUSH_TEXTS(field, n) SETTING_FIELDS(struct form_push, field, n)

static const char *const signature_choices[] = {
	[SIGNATURE_SHA1] = "sha1", [SIGNATURE_SHA256] = "sha256",
	[SIGNATURE_SHA384] = "sha384", [SIGNATURE_SHA512] = "sha512", NULL,
};

static int
check_port(struct slice text, struct err *e)
{
	if (slice_number(text, 65535) > 0)
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" is not a port", ARG(text));
	return err_hint(e, "Write numbers from 1 to 65535.");
}

const struct setting config_hub_words[] = {
	{ "serve", SETTING_BOOL, HUB(serve),
		.help = "Whether gazetted is a hub for its own feeds." },
	{ "publish", SETTING_TEXTS, PUSH_TEXTS(hub.publish, hub.n_publish),
		.max = CONFIG_HUBS_MAX - 1, .check = setting_check_url,
		.help = "WebSub hubs elsewhere, which the feeds name too." },
	{ "lease", SETTING_TIME, HUB(lease_ms), .preset = "10d",
		.min = SECOND, .max = 365 * DAY,
		.help = "How long a subscription lasts that does not say." },
	{ "lease-min", SETTING_TIME, HUB(lease_min_ms), .preset = "1h",
		.min = SECOND, .max = 365 * DAY,
		.help = "The shortest lease." },
	{ "lease-max", SETTING_TIME, HUB(lease_max_ms), .preset = "30d",
		.min = SECOND, .max = 365 * DAY,
		.help = "The longest lease." },
	{ "signature", SETTING_CHOICE, HUB(signature), .preset = "sha256",
		.choices = signature_choices,
		.help = "How deliveries are signed." },
	{ "per-address", SETTING_INT, HUB(per_address), .preset = "60",
		.min = 1, .max = 1000000,
		.help = "Requests of one client in a minute." },
	{ "per-host", SETTING_INT, HUB(per_host), .preset = "1000",
		.min = 1, .max = 10000000,
		.help = "Subscriptions with callbacks at one host." },
	{ "verify-per-host", SETTING_INT, HUB(verify_per_host),
		.preset = "30", .min = 1, .max = 1000000,
		.help = "Verifications at one host in a minute." },
	{ "max", SETTING_INT, HUB(max), .preset = "100000", .min = 1,
		.max = 10000000, .help = "Subscriptions in all." },
	{ "plain-secrets", SETTING_BOOL, HUB(plain_secrets),
		.help = "Whether a secret is taken for an http callback." },
	{ "allow", SETTING_TEXTS, PUSH_TEXTS(hub_allow, n_hub_allow),
		.max = CONFIG_PROXIES_MAX, .check = config_check_network,
		.help = "Private networks that callbacks may be in." },
	{ "ports", SETTING_TEXTS, PUSH_TEXTS(ports, n_ports),
		.max = CONFIG_PORTS_MAX, .check = check_port,
		.help = "Ports that callbacks may have." },
	{ "concurrency", SETTING_INT, HUB(concurrency), .preset = "256",
		.min = 1, .max = 10000, .help = "Deliveries at a time." },
	{ "host-concurrency", SETTING_INT, HUB(host_concurrency),
		.preset = "8", .min = 1, .max = 10000,
		.help = "The same, to one host." },
	{ 0 },
};

const struct setting config_courier_words[] = {
	{ "state", SETTING_PATH, COURIER(state_dir),
		.help = "The directory of courier.db." },
	{ "control", SETTING_PATH, COURIER(control),
		.help = "Its socket, when it runs apart from the press." },
	{ "credentials", SETTING_PATH, COURIER(credentials),
		.help = "The directory of the secrets' files." },
	{ "ca-file", SETTING_PATH, COURIER(ca_file),
		.help = "Authorities to trust instead of the system's." },
	{ "instance", SETTING_TEXT, COURIER(instance), .max = 200,
		.help = "What this installation is, if not this machine." },
	{ "allow", SETTING_TEXTS, PUSH_TEXTS(allow, n_allow),
		.max = CONFIG_PROXIES_MAX, .check = config_check_network,
		.help = "Private networks that targets may be in." },
	{ 0 },
};

static struct networks
networks_of(const struct slice *texts, size_t n, struct arena *a)
{
	struct network *list = ARENA_ARRAY(a, struct network, n);
	size_t good = 0;

	for (size_t i = 0; i < n; i++)
		good += network_parse(texts[i], &list[good]);
	return (struct networks){ list, good };
}

static struct ports
ports_of(const struct slice *texts, size_t n, struct arena *a)
{
	struct ports ret = { ARENA_ARRAY(a, uint16_t, n), n };

	for (size_t i = 0; i < n; i++)
		ret.list[i] = (uint16_t)slice_number(texts[i], 65535);
	return ret;
}

/* What documents name: ours, then the others. */
static void
name_hubs(struct arena *a, struct config *c)
{
	const struct hub_conf *h = &c->hub;
	struct site *s = &c->site;

	s->hubs = ARENA_ARRAY(a, struct slice, CONFIG_HUBS_MAX);
	s->n_hubs = 0;
	if (h->serve)
		s->hubs[s->n_hubs++] = h->url;
	for (size_t i = 0; i < h->n_publish; i++)
		s->hubs[s->n_hubs++] = h->publish[i];
}

static void
check_leases(struct setting_reader *r, const struct node *root,
	const struct hub_conf *h)
{
	const struct node *map = root ? node_key(root, S("hub")) : NULL;

	if (!map || (h->lease_min_ms <= h->lease_ms &&
		h->lease_ms <= h->lease_max_ms))
		return;
	fault_add(r->faults, &map->at, "lease does not lie between lease-min "
		"and lease-max");
	fault_hint(r->faults, "Write them so that lease-min <= lease <= "
		"lease-max.");
}

static void
finish_courier(struct setting_reader *r, const struct form_push *f,
	struct config *c)
{
	const char *given = getenv("CREDENTIALS_DIRECTORY");
	struct courier_conf *k = &c->courier;

	*k = f->courier;
	k->allow = networks_of(f->allow, f->n_allow, r->a);
	if (!k->state_dir)
		k->state_dir = c->state_dir;
	if (!k->control)
		k->control = arena_printf(r->a, "%s/courier.sock",
			k->state_dir).ptr;
	if (!k->credentials)
		k->credentials = arena_copy(r->a, slice_str(given &&
			*given ? given : CREDENTIALS)).ptr;
}

void
config_push_read(struct setting_reader *r, const struct node *root,
	const struct form_push *f, struct config *c)
{
	c->hub = f->hub;
	c->hub.url = site_address(&c->site, S("/hub"), r->a);
	c->hub.allow = networks_of(f->hub_allow, f->n_hub_allow, r->a);
	c->hub.ports = ports_of(f->ports, f->n_ports, r->a);
	check_leases(r, root, &c->hub);
	name_hubs(r->a, c);
	finish_courier(r, f, c);
}
