/*
 * The configuration, as every stage sees it: immutable, reference counted.
 *
 * A reload reads a new one and swaps the pointer; jobs under way keep theirs.
 * All text lies in the configuration's own arena.
 */
#ifndef MODEL_CONFIG_H
#define MODEL_CONFIG_H

#include "base/arena.h"
#include "base/pattern.h"
#include "base/sha256.h"
#include "model/batch.h"
#include "model/feed.h"
#include "model/push.h"

enum {
	CONFIG_ROOTS_MAX = 16,
	CONFIG_CHANNELS_MAX = 4096,
	CONFIG_HUBS_MAX = 9,	/* ours, and 8 elsewhere */
	CONFIG_LISTEN_MAX = 16,
	CONFIG_PROXIES_MAX = 64,
	CONFIG_RULE_DEPTH_MAX = 8,
	CONFIG_PATTERNS_MAX = 100,	/* of one word */
	CONFIG_ALIASES_MAX = 100,	/* of one channel */
	CONFIG_HASHTAGS_MAX = 30,	/* of one topic */
	CONFIG_TOTAL_MAX = 1000,
	CONFIG_PARTNERS_MAX = 1000,
	CONFIG_TOKENS_MAX = 8,	/* of one partner */
	CONFIG_TOKEN_MAX = 256,	/* bytes; nothing longer is looked at */
};

/* What a deleted file means; default: keep what is older than 30 days. */
enum on_delete {
	ON_DELETE_DEFAULT,
	ON_DELETE_WITHDRAW,
	ON_DELETE_KEEP,
	ON_DELETE_ASK,	/* hold it until somebody confirms */
};

struct content_root {
	const char *dir;
	struct slice permalink;	/* "/articles/{stem}" */
	struct slice charset;	/* of files that do not say; empty: UTF-8 */
	struct slice prefix;	/* in ids and paths; empty for the first root */
	int64_t poll_ms;	/* where the kernel gives no events */
	size_t max_size;	/* of one file, bytes */
	enum on_delete on_delete;
};

/* Where the newsroom can be followed; empty: not there. */
struct follow {
	struct slice wechat, facebook, twitter, instagram, youtube, app,
		mobile;
	struct picture wechat_code;	/* when `wechat` names a file */
};

struct site {
	struct slice name;
	struct slice url;	/* absolute, ends in "/" */
	struct slice language;	/* BCP 47 */
	struct slice licence;	/* an address, of what does not say its own */
	struct slice authority;	/* "news.example.org,2024"; empty: see store */
	int zone_minutes;	/* east of UTC, for dates without a zone */
	struct slice *hubs;	/* WebSub hubs, our own first */
	size_t n_hubs;
	struct follow follow;
	struct picture image;	/* of pages without a picture */
};

/* A topic's rule: a tree of conditions over an article. */
enum rule_kind {
	RULE_ANY, RULE_ALL, RULE_NOT,	/* over `rules` */
	RULE_TITLE, RULE_BODY, RULE_TAG, RULE_AUTHOR,
	RULE_PATH,	/* the path begins with a text */
	RULE_LANGUAGE,	/* a tag begins with a text */
	RULE_TITLE_MATCHES, RULE_BODY_MATCHES,	/* one of `patterns` */
};

/* Regular expressions, one of which is to be found. */
struct patterns {
	const struct pattern **list;
	size_t n;
};

struct rule {
	enum rule_kind kind;
	/*
	 * One of these, for the leaves; fold_words() for title and body,
	 * fold_key() for tag and author.
	 */
	struct slice *texts;
	size_t n_texts;
	struct patterns patterns;
	struct rule *rules;
	size_t n_rules;
};

/* A channel as the operator wrote it down. */
struct channel {
	enum channel_kind kind;
	struct slice name;	/* series: as printed; else the slug */
	struct slice key;	/* series: fold_key(name); else the slug */
	struct slice title;	/* empty: the name */
	struct slice slug;	/* empty: the key */
	/* Keys that mean this one: other names, and a topic's title. */
	struct slice *aliases;
	size_t n_aliases;
	int total;		/* of parts; 0: not said */
	struct picture cover;	/* of a series' parts without a picture */
	struct patterns parts;	/* titles of a series' parts */
	struct patterns never;	/* titles that are not in the series */
	struct rule *match;	/* topics only; NULL: by tags alone */
	enum content_mode content;	/* of its entries */
	int limit;		/* of entries in a document; 0: the usual */
	struct slice *languages;	/* only entries in these; none: all */
	size_t n_languages;
	/* Of a topic: "GBA", or "zh 大湾区" for articles in Chinese. */
	struct slice *hashtags;
	size_t n_hashtags;
	bool is_private;	/* only partners may read its documents */
	bool is_exclusive;	/* its articles are in no public channel */
	/* What partners may take along of articles that do not say. */
	enum syndication syndication;
	struct slice file;	/* where it is written, for evidence */
	unsigned line;
};

/* What a partner shows; only its hash is known. */
struct partner_token {
	struct sha256 hash;
	int64_t until;		/* seconds: valid before this; 0: for good */
};

/* Who may read private channels. */
struct partner {
	struct slice name;
	struct partner_token *tokens;
	size_t n_tokens;
	const struct channel **channels;
	size_t n_channels;
	bool revoked;
};

struct serve_conf {
	struct slice *listen;	/* "127.0.0.1:8080", "[::1]:80", "unix:/path" */
	size_t n_listen;
	struct slice *status;	/* the same, for the operators' eyes only */
	size_t n_status;
	int64_t header_ms;	/* accept, or last answer, to whole header */
	int64_t idle_ms;	/* keep-alive */
	int64_t send_ms;	/* whole response */
	int64_t max_connections;
	int64_t max_per_address;
	struct slice *proxies;	/* "10.0.0.0/8": believed who their client is */
	size_t n_proxies;
	int64_t unconditional_max;	/* an hour; 0: no limit */
	size_t cache_bytes;	/* of documents kept in memory */
};

struct config {
	unsigned refs;		/* loop thread only */
	struct arena arena;
	struct site site;
	struct content_root roots[CONFIG_ROOTS_MAX];
	size_t n_roots;
	const char *publish_dir;
	const char *private_dir;	/* the tree of private channels */
	struct serve_conf serve;
	struct channel *channels;
	size_t n_channels;
	struct partner *partners;
	size_t n_partners;
	struct patterns no_series;	/* titles that are in no series */
	struct hub_conf hub;
	struct courier_conf courier;
	struct target *targets;
	size_t n_targets;
	const char *state_dir;
	const char *control;	/* path of the socket */
	bool log_json;
	uint64_t look;		/* config_look(), when it is complete */
};

/* One more holder. */
struct config *config_ref(struct config *c);

/* One holder less; frees it with the last.  NULL is fine. */
void config_unref(struct config *c);

/*
 * A hash of all that decides how the bytes of a file become an article and
 * find their channels: when it changes, every file is to be read again.
 */
uint64_t config_rules(const struct config *c);

/* Is the key the channel's own, or an alias? */
bool channel_is_called(const struct channel *ch, struct slice key);

/*
 * The channel of a kind that a key means, by its own key or an alias; NULL:
 * the operator wrote none down.
 */
const struct channel *config_channel(const struct config *c,
	enum channel_kind kind, struct slice key);

/* The channel that the operator configured for a feed, or NULL. */
const struct channel *feed_channel(const struct config *c,
	const struct feed *f);

/* The title that readers see: the site's name, the operator's, the store's. */
struct slice feed_title(const struct config *c, const struct feed *f);

/*
 * A hash of all that every feed shows of the configuration, and of how this
 * version renders: when it changes, every feed is to be rendered again.
 */
uint64_t config_look(const struct config *c);

/* The address of a path ("/feeds/all.atom") under the site's base. */
struct slice site_address(const struct site *s, struct slice path,
	struct arena *a);

#endif
