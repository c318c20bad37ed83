/*
 * Targets: from the form to the configuration.
 *
 * 1. A target's words are those that all have and those of its type, in one
 *    map: both tables are laid behind each other, and so are their fields.
 * 2. A name stands once: it is what courier.db knows a target by.
 * 3. A hub elsewhere (hub.publish) is a target too, named after its address.
 */

#include "base/fold.h"
#include "base/quantity.h"
#include "base/table.h"
#include "base/uri.h"
#include "base/utf8.h"
#include "daemon/config_picture.h"
#include "daemon/config_check.h"
#include "daemon/config_targets.h"
#include "model/series_name.h"
#include "push/target.h"

struct form_target {
	struct slice name, type;
	struct slice *channels;
	size_t n_channels;
	int64_t max_age_ms;
	struct slice fuse, cap, pace, rate, approval;
	struct slice *languages, *sections;
	size_t n_languages, n_sections;
	struct slice quiet;
	bool quiet_drops;
	const char *cover;
};

#define TARGET(field) SETTING_FIELD(struct form_target, field)

enum { MINUTE_MS = 60000 };

#define DAY_MS (INT64_C(1440) * MINUTE_MS)
#define DELAY_MAX_MS (365 * DAY_MS)

/* ---- values ---- */

static int
check_quota(struct slice text, struct err *e)
{
	int64_t n, ms;

	if (slice_eq(text, S("none")) || quantity_rate(text, &n, &ms))
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" is not so many in so long",
		ARG(utf8_first(text, 40)));
	return err_hint(e, "Write it as \"10/10m\", \"100/d\" or \"none\".");
}

static struct quota
quota_of(struct slice text)
{
	struct quota q;

	return quantity_rate(text, &q.n, &q.ms) ? q : (struct quota){ 0 };
}

/* "auto", "manual", "delay 5m"; false: it is none of them. */
static bool
parse_approval(struct slice text, enum approval *ret, int64_t *ret_ms)
{
	*ret_ms = 0;
	*ret = slice_eq(text, S("manual")) ? APPROVAL_MANUAL :
		APPROVAL_AUTO;
	if (slice_eq(text, S("manual")) || slice_eq(text, S("auto")))
		return true;
	if (!slice_starts(text, S("delay ")))
		return false;
	*ret = APPROVAL_DELAY;
	*ret_ms = quantity_time(slice_trim(slice_from(text, 6)));
	return *ret_ms > 0 && *ret_ms <= DELAY_MAX_MS;
}

static int
check_approval(struct slice text, struct err *e)
{
	enum approval kind;
	int64_t ms;

	if (parse_approval(text, &kind, &ms))
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" is no way to approve",
		ARG(utf8_first(text, 40)));
	return err_hint(e, "Write \"auto\", \"manual\" or \"delay 5m\".");
}

/* "7:00" as a minute of the day; -1: it is none. */
static int
minute_of(struct slice text)
{
	ssize_t colon = slice_find_byte(text, ':');
	int64_t hour, minute;

	if (colon < 0 || text.len - (size_t)colon != 3)
		return -1;
	hour = slice_number(slice_sub(text, 0, (size_t)colon), 23);
	minute = slice_number(slice_from(text, (size_t)colon + 1), 59);
	return hour < 0 || minute < 0 ? -1 : (int)(hour * 60 + minute);
}

/* "23:00-7:00"; false: it is none. */
static bool
parse_quiet(struct slice text, struct quiet *ret)
{
	ssize_t dash = slice_find_byte(text, '-');

	if (dash < 0)
		return false;
	ret->from = minute_of(slice_trim(slice_sub(text, 0, (size_t)dash)));
	ret->to = minute_of(slice_trim(slice_from(text, (size_t)dash + 1)));
	return ret->from >= 0 && ret->to >= 0 && ret->from != ret->to;
}

static int
check_quiet(struct slice text, struct err *e)
{
	struct quiet q;

	if (parse_quiet(text, &q))
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" is no span of a day",
		ARG(utf8_first(text, 40)));
	return err_hint(e, "Write it as \"23:00-7:00\".");
}

/* In commands a number is a delivery's. */
static bool
is_number(struct slice text)
{
	return slice_number(text, INT64_MAX) >= 0;
}

/* It is a part of commands and of messages. */
static int
check_name(struct slice text, struct err *e)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	size_t good = 0;

	for (size_t i = 0; i < text.len; i++)
		good += memchr(fine, text.ptr[i], sizeof(fine) - 1) != NULL;
	if (good == text.len && !is_number(text))
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" cannot be a target's name",
		ARG(utf8_first(text, 40)));
	return err_hint(e, "Use letters, digits and \"-_.\", and not digits "
		"alone.");
}

const struct setting config_target_words[] = {
	{ "name", SETTING_TEXT, TARGET(name), .required = true, .max = 60,
		.check = check_name, .help = "Write what it is called here." },
	{ "type", SETTING_TEXT, TARGET(type), .required = true, .max = 40,
		.help = "Write what kind of target it is, as type: "
			"webhook." },
	{ "channels", SETTING_TEXTS,
		SETTING_FIELDS(struct form_target, channels, n_channels),
		.max = CONFIG_WANTS_MAX,
		.help = "Which channels it gets; without it, all." },
	{ "max-age", SETTING_TIME, TARGET(max_age_ms), .preset = "24h",
		.min = MINUTE_MS, .max = 365 * DAY_MS,
		.help = "Older news is not sent." },
	{ "fuse", SETTING_TEXT, TARGET(fuse), .preset = "10/10m",
		.check = check_quota,
		.help = "More in so short a time holds the target." },
	{ "cap", SETTING_TEXT, TARGET(cap), .preset = "100/d",
		.check = check_quota,
		.help = "What is more than that waits." },
	{ "pace", SETTING_TEXT, TARGET(pace), .preset = "none",
		.check = check_quota,
		.help = "What comes faster waits, and blows no fuse." },
	{ "rate", SETTING_TEXT, TARGET(rate), .preset = "none",
		.check = check_quota,
		.help = "How fast it may be sent to." },
	{ "approval", SETTING_TEXT, TARGET(approval), .preset = "auto",
		.check = check_approval,
		.help = "Whether somebody has to say yes first." },
	{ "cover", SETTING_PATH, TARGET(cover),
		.help = "A picture for articles without any, where the target "
			"needs one." },
	{ "languages", SETTING_TEXTS,
		SETTING_FIELDS(struct form_target, languages, n_languages),
		.max = CONFIG_ALIASES_MAX, .check = config_check_language,
		.help = "Only articles in these languages are sent." },
	{ "sections", SETTING_TEXTS,
		SETTING_FIELDS(struct form_target, sections, n_sections),
		.max = CONFIG_ALIASES_MAX,
		.help = "Only articles of these sections are sent." },
	{ "quiet", SETTING_TEXT, TARGET(quiet), .max = 20,
		.check = check_quiet,
		.help = "When nothing is sent that is not urgent." },
	{ "quiet-drops", SETTING_BOOL, TARGET(quiet_drops),
		.help = "Whether what comes then is never sent." },
	{ 0 },
};

/* ---- channels ---- */

/* "all", "series", "topics", "series/NAME", "topics/SLUG". */
static bool
parse_want(struct slice name, struct arena *a, struct want *ret)
{
	struct slice rest = S("");
	ssize_t slash = slice_find_byte(name, '/');

	if (slash >= 0) {
		rest = slice_from(name, (size_t)slash + 1);
		name = slice_sub(name, 0, (size_t)slash);
	}
	*ret = (struct want){ .kind = CHANNEL_ALL };
	if (slice_eq(name, S("all")))
		return slash < 0;
	ret->kind = slice_eq(name, S("series")) ? CHANNEL_SERIES :
		CHANNEL_TOPIC;
	ret->key = ret->kind == CHANNEL_SERIES && rest.len ?
		series_key(rest, a) : rest;
	return (slash < 0 || ret->key.len > 0) &&
		(slice_eq(name, S("series")) || slice_eq(name, S("topics")));
}

static void
add_want(struct arena *a, struct target *t, struct want w)
{
	if (t->n_wants == CONFIG_WANTS_MAX)
		return;
	t->wants = ARENA_GROW(a, t->wants, t->n_wants);
	t->wants[t->n_wants++] = w;
}

static void
read_wants(struct setting_reader *r, const struct node *map,
	const struct form_target *f, struct target *t)
{
	struct want w;

	for (size_t i = 0; i < f->n_channels; i++) {
		if (parse_want(f->channels[i], r->a, &w)) {
			add_want(r->a, t, w);
			continue;
		}
		fault_add(r->faults, node_place(map, S("channels")),
			"\"%.*s\" names no channel",
			ARG(utf8_first(f->channels[i], 60)));
		fault_hint(r->faults, "Write \"all\", \"series\", \"topics\", "
			"\"series/NAME\" or \"topics/SLUG\".");
	}
}

/* ---- one target ---- */

/* Both tables, the type's fields behind the common ones. */
static const struct setting *
words_of(const struct target_ops *ops, struct arena *a)
{
	size_t n = 0, k = 0;
	struct setting *ret;

	while (config_target_words[n].name)
		n++;
	while (ops->settings && ops->settings[k].name)
		k++;
	ret = ARENA_ARRAY(a, struct setting, n + k + 1);
	memcpy(ret, config_target_words, n * sizeof(*ret));
	for (size_t i = 0; i < k; i++) {
		ret[n + i] = ops->settings[i];
		ret[n + i].offset += sizeof(struct form_target);
		ret[n + i].count += sizeof(struct form_target);
	}
	ret[n + k] = (struct setting){ 0 };
	return ret;
}

static const struct target_ops *
find_type(struct setting_reader *r, const struct node *map)
{
	const struct node *key = node_key(map, S("type"));
	const struct target_ops *ops = NULL;

	if (!key || key->value->kind != NODE_TEXT) {
		/* Without it no other word can be judged. */
		fault_add(r->faults, key ? &key->value->at : &map->at,
			"a target needs its \"type\"");
	} else {
		ops = push_target_find(key->value->text);
		if (!ops)
			fault_add(r->faults, &key->value->at, "there is no "
				"type of target \"%.*s\"",
				ARG(utf8_first(key->value->text, 40)));
	}
	if (!ops)
		fault_hint(r->faults, "gazetted-targets(5) has all types.");
	return ops;
}

static void
read_target(struct setting_reader *r, const struct node *map,
	struct table *names, struct config *c)
{
	const struct target_ops *ops = find_type(r, map);
	struct target *t = &c->targets[c->n_targets];
	struct form_target *f;

	if (!ops)
		return;
	f = arena_alloc(r->a, sizeof(*f) + ops->conf_size);
	memset(f, 0, sizeof(*f) + ops->conf_size);
	setting_read(r, words_of(ops, r->a), map, "targets", f);
	*t = (struct target){
		.ops = ops,
		.name = f->name,
		.type = f->type,
		.conf = f + 1,
		.max_age_ms = f->max_age_ms,
		.fuse = quota_of(f->fuse),
		.cap = quota_of(f->cap),
		.pace = quota_of(f->pace),
		.rate = quota_of(f->rate),
		.languages = f->languages,
		.n_languages = f->n_languages,
		.sections = f->sections,
		.n_sections = f->n_sections,
		.quiet_drops = f->quiet_drops,
		.file = slice_str(map->at.source->path),
		.line = map->at.line,
	};
	parse_approval(f->approval, &t->approval, &t->delay_ms);
	config_picture_read(r, map, f->cover, &t->cover);
	if (f->quiet.len > 0 && !parse_quiet(f->quiet, &t->quiet))
		t->quiet = (struct quiet){ 0 };
	for (size_t i = 0; i < t->n_sections; i++)
		t->sections[i] = fold_key(t->sections[i], r->a);
	read_wants(r, map, f, t);
	if (f->name.len > 0 && table_set(names, f->name, t))
		fault_add(r->faults, node_place(map, S("name")),
			"the target \"%.*s\" a second time", ARG(f->name));
	c->n_targets++;
}

/* ---- all of them ---- */

/* "hub.example.net" of "https://hub.example.net/", and free. */
static struct slice
hub_name(struct slice url, const struct table *names, struct arena *a)
{
	struct slice name = arena_printf(a, "hub-%.*s", ARG(uri_host(url)));

	for (int i = 2; table_get(names, name); i++)
		name = arena_printf(a, "hub-%.*s-%d", ARG(uri_host(url)), i);
	return name;
}

static void
add_hubs(struct setting_reader *r, struct table *names, struct config *c)
{
	const struct target_ops *ops = push_target_find(S("hub"));

	for (size_t i = 0; i < c->hub.n_publish; i++) {
		struct target *t = &c->targets[c->n_targets++];

		*t = (struct target){
			.ops = ops,
			.name = hub_name(c->hub.publish[i], names, r->a),
			.type = S("hub"),
			.conf = target_hub_conf(c->hub.publish[i], r->a),
			.max_age_ms = DAY_MS,
			.is_hub = true,
		};
		table_set(names, t->name, t);
	}
}

/* "push: [ NAME ]" of a channel: the target gets that one, too. */
static void
add_pushes(struct setting_reader *r, const struct form *f,
	const struct table *names, struct config *c)
{
	/* After a fault the two lists are not the same. */
	for (size_t i = 0; i < c->n_channels &&
		c->n_channels == f->n_channels; i++) {
		const struct form_channel *from = &f->channels[i];
		const struct channel *ch = &c->channels[i];

		for (size_t k = 0; k < from->n_push; k++) {
			struct target *t = table_get(names, from->push[k]);

			/* Our hub, and those elsewhere, get everything. */
			if (t && !t->is_hub)
				add_want(r->a, t, (struct want){ ch->kind,
					ch->kind == CHANNEL_ALL ? S("") :
					ch->key });
			if (t || slice_eq(from->push[k], S("hub")))
				continue;
			fault_add(r->faults, node_place(from->at, S("push")),
				"there is no target \"%.*s\"",
				ARG(utf8_first(from->push[k], 60)));
			fault_hint(r->faults, "Write it down in \"targets\".");
		}
	}
}

void
config_targets_read(struct setting_reader *r, const struct form *f,
	struct config *c)
{
	const struct node *list = f->targets;
	const struct node *item = list && list->kind == NODE_LIST ?
		list->first : NULL;
	struct table names = { 0 };

	c->targets = ARENA_ARRAY(r->a, struct target, CONFIG_TARGETS_MAX);
	if (list && list->kind != NODE_LIST && !node_is_nothing(list))
		setting_wrong_kind(r, list, "a list of maps");
	for (; item; item = item->next) {
		if (c->n_targets + CONFIG_HUBS_MAX > CONFIG_TARGETS_MAX) {
			fault_add(r->faults, &item->at, "too many targets: at "
				"most %d", CONFIG_TARGETS_MAX -
				CONFIG_HUBS_MAX);
			break;
		}
		if (item->kind == NODE_MAP)
			read_target(r, item, &names, c);
		else
			setting_wrong_kind(r, item, "a map");
	}
	add_hubs(r, &names, c);
	add_pushes(r, f, &names, c);
	table_done(&names);
}
