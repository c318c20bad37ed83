/*
 * What an event says: docs/webhook-event.schema.json is its contract.
 *
 *	{"type":"article.published","version":1,"timestamp":"...","data":{
 *	 "seq":118,"action":"published","article":{"id":"tag:...", ...}}}
 *
 * 1. Receivers ignore what they do not know, so members may be added; one that
 *    changes its meaning, or goes, raises WEBHOOK_VERSION.
 * 2. `timestamp` is when it happened.  Nothing in it is of the attempt, so a
 *    retry has the same bytes.
 * 3. An article is told of in the words of our JSON Feed, without what is
 *    private.  Of one that was withdrawn only what finds it is said, whatever
 *    else is known.
 */
#include "model/address.h"
#include "model/entry_json.h"
#include "model/entry_share.h"
#include "push/webhook.h"

enum event_kind {
	EVENT_PUBLISHED,
	EVENT_UPDATED,
	EVENT_CORRECTED,
	EVENT_WITHDRAWN,
	EVENT_SERIES,
	EVENT_PING,
};

const char *const webhook_events[] = {
	[EVENT_PUBLISHED] = "article.published",
	[EVENT_UPDATED] = "article.updated",
	[EVENT_CORRECTED] = "article.corrected",
	[EVENT_WITHDRAWN] = "article.withdrawn",
	[EVENT_SERIES] = "series.updated",
	[EVENT_PING] = "ping",
	NULL,
};

/* An event that is being written. */
struct event {
	struct json_out j;
	const struct delivery *d;
	struct arena *a;
};

static enum event_kind
kind_of(const struct delivery *d)
{
	static const enum event_kind by_action[ACTION_COUNT] = {
		[ACTION_PUBLISHED] = EVENT_PUBLISHED,
		[ACTION_UPDATED] = EVENT_UPDATED,
		[ACTION_MINOR] = EVENT_UPDATED,
		[ACTION_CORRECTED] = EVENT_CORRECTED,
		[ACTION_WITHDRAWN] = EVENT_WITHDRAWN,
		[ACTION_RESTORED] = EVENT_PUBLISHED,
	};

	if (d->subject == DELIVER_ARTICLE)
		return by_action[d->action];
	return d->subject == DELIVER_PING ? EVENT_PING : EVENT_SERIES;
}

struct slice
webhook_event(const struct delivery *d)
{
	return slice_str(webhook_events[kind_of(d)]);
}

/* ---- channels ---- */

/* Where a channel is: its page, its document, and what happened in it. */
static void
put_addresses(struct event *w, const struct feed *f)
{
	const struct config *c = w->d->config;

	json_out_text(&w->j, "url", site_address(&c->site,
		address_page(f->kind, f->slug, w->a), w->a));
	json_out_text(&w->j, "feed_url", site_address(&c->site,
		address_feed(f, "json", w->a), w->a));
	json_out_text(&w->j, "changes_url", address_changes(c, f, w->a));
}

static void
put_channels(struct event *w)
{
	static const struct slice kinds[] = {
		[CHANNEL_ALL] = S_INIT("all"),
		[CHANNEL_SERIES] = S_INIT("series"),
		[CHANNEL_TOPIC] = S_INIT("topic"),
	};
	struct json_mark mark = json_out_begin(&w->j, "channels", '[');

	for (size_t i = 0; i < w->d->n_channels; i++) {
		const struct feed *f = &w->d->channels[i];

		json_out_open(&w->j, NULL, '{');
		json_out_text(&w->j, "kind", kinds[f->kind]);
		json_out_text(&w->j, "slug", f->slug);
		json_out_text(&w->j, "title", feed_title(w->d->config, f));
		put_addresses(w, f);
		json_out_close(&w->j, '}');
	}
	json_out_end(&w->j, mark, ']');
}

/* ---- an article ---- */

/* Take from the entry what the receiver may not have. */
static enum content_mode
limit_entry(struct event *w, struct entry *e)
{
	const struct webhook_conf *conf = w->d->target->conf;
	enum syndication may = e->fields.syndication ?
		e->fields.syndication : conf->syndication;

	entry_hide_private(w->d->config, e);
	if (conf->syndication == SYNDICATION_UNSAID)
		return conf->content;
	if (may == SYNDICATION_NONE) {
		e->n_media = 0;
		return CONTENT_TITLE;
	}
	entry_take_pictures(e, may == SYNDICATION_FULL, w->a);
	return conf->content;
}

static void
put_entry(struct event *w)
{
	struct entry e = entry_copy(w->d->entry, w->a);
	enum content_mode how = limit_entry(w, &e);

	entry_json_put(&(struct entry_json){ .out = &w->j,
		.config = w->d->config, .arena = w->a }, &e, how);
	if (!slice_eq(e.headline, e.title))
		json_out_said(&w->j, "headline", e.headline);
	json_out_said(&w->j, "short_title", e.fields.short_title);
	json_out_said(&w->j, "section", e.fields.section);
	json_out_said(&w->j, "source", e.fields.source);
	json_out_said(&w->j, "correction", e.fields.correction);
	if (e.fields.urgent == SAID_YES)
		json_out_bool(&w->j, "urgent", true);
}

/* What finds it, and nothing of what it said. */
static void
put_withdrawn(struct event *w)
{
	json_out_text(&w->j, "id", w->d->entry->uid);
	json_out_text(&w->j, "url", address_entry(w->d->config, w->d->entry,
		w->a));
}

static void
put_article(struct event *w)
{
	json_out_text(&w->j, "action", delivery_action_name(w->d->action));
	json_out_open(&w->j, "article", '{');
	if (w->d->action == ACTION_WITHDRAWN)
		put_withdrawn(w);
	else
		put_entry(w);
	json_out_number(&w->j, "revision", w->d->revision);
	put_channels(w);
	json_out_close(&w->j, '}');
}

/* ---- a series, and a ping ---- */

static void
put_numbers(struct event *w, const char *key, const int *numbers, size_t n)
{
	json_out_open(&w->j, key, '[');
	for (size_t i = 0; i < n; i++)
		json_out_number(&w->j, NULL, numbers[i]);
	json_out_close(&w->j, ']');
}

static void
put_series(struct event *w)
{
	const struct feed *f = w->d->feed;
	const struct series_info *s = w->d->series;

	json_out_open(&w->j, "series", '{');
	json_out_text(&w->j, "id", f->uid);
	json_out_text(&w->j, "name", feed_title(w->d->config, f));
	put_addresses(w, f);
	json_out_number(&w->j, "revision", w->d->revision);
	json_out_number(&w->j, "articles", (int64_t)f->entries);
	if (s) {
		put_numbers(w, "parts", s->parts, s->n_parts);
		put_numbers(w, "missing", s->missing, s->n_missing);
		if (s->total > 0)
			json_out_number(&w->j, "total", s->total);
		json_out_bool(&w->j, "complete", s->complete);
	}
	json_out_close(&w->j, '}');
}

static void
put_ping(struct event *w)
{
	const struct site *site = &w->d->config->site;

	json_out_text(&w->j, "target", w->d->target->name);
	json_out_open(&w->j, "site", '{');
	json_out_text(&w->j, "name", site->name);
	json_out_text(&w->j, "url", site->url);
	json_out_close(&w->j, '}');
}

/* ---- the event ---- */

static void
put_data(struct event *w)
{
	json_out_open(&w->j, "data", '{');
	json_out_number(&w->j, "seq", w->d->seq);
	switch (kind_of(w->d)) {
	case EVENT_SERIES:
		put_series(w);
		break;
	case EVENT_PING:
		put_ping(w);
		break;
	default:
		put_article(w);
	}
	json_out_close(&w->j, '}');
}

void
webhook_event_put(struct buf *b, const struct delivery *d, struct arena *a)
{
	struct event w = { .j = JSON_OUT(b), .d = d, .a = a };

	json_out_open(&w.j, NULL, '{');
	json_out_text(&w.j, "type", webhook_event(d));
	json_out_number(&w.j, "version", WEBHOOK_VERSION);
	json_out_date(&w.j, "timestamp", d->at);
	put_data(&w);
	json_out_close(&w.j, '}');
}
