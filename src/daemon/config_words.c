/*
 * The words of the configuration: names, types, presets, bounds.
 *
 * gazetted.yaml(5) explains each; a test compares the two.  SETTING_LATER are
 * words of the plan, so that who reads ahead gets an answer and no riddle.
 */
#include "daemon/config_check.h"
#include "daemon/config_words.h"

enum { SECOND = 1000, DAY = 86400 * SECOND, KIB = 1024, MIB = 1024 * KIB };

#define SITE(field) SETTING_FIELD(struct form, site.field)
#define SERVE(field) SETTING_FIELD(struct form, serve.field)
#define ROOT(field) SETTING_FIELD(struct form_content, root.field)
#define CHANNEL(field) SETTING_FIELD(struct form_channel, field)
#define PARTNER(field) SETTING_FIELD(struct form_partner, field)

static const char *const on_delete_choices[] = {
	[ON_DELETE_DEFAULT] = "default",
	[ON_DELETE_WITHDRAW] = "withdraw",
	[ON_DELETE_KEEP] = "keep",
	[ON_DELETE_ASK] = "ask",
	NULL,
};

static const char *const log_choices[] = {
	[FORM_LOG_TEXT] = "text", [FORM_LOG_JSON] = "json", NULL,
};

static const char *const access_choices[] = {
	[FORM_ACCESS_PUBLIC] = "public",
	[FORM_ACCESS_PARTNERS] = "partners",
	NULL,
};

static const struct setting site_words[] = {
	{ "name", SETTING_TEXT, SITE(name), .max = 200,
		.help = "The publication's name." },
	{ "url", SETTING_TEXT, SITE(url), .required = true, .max = 500,
		.check = config_check_site,
		.help = "Write the public address of everything that is "
			"published, as url: \"https://news.example.org/\"." },
	{ "language", SETTING_TEXT, SITE(language), .preset = "en",
		.max = 35, .check = config_check_language,
		.help = "The language of texts that do not say theirs." },
	{ "licence", SETTING_TEXT, SITE(licence), .max = 500,
		.check = setting_check_url,
		.help = "The address of what may be done with the articles." },
	{ "image", SETTING_TEXT, SETTING_FIELD(struct form, image),
		.max = 1000,
		.help = "The picture of pages without one: an address, or a "
			"file." },
	{ "timezone", SETTING_TEXT, SETTING_FIELD(struct form, timezone),
		.preset = "UTC", .max = 64, .check = config_check_timezone,
		.help = "The zone of dates that do not say theirs." },
	{ "authority", SETTING_TEXT, SITE(authority), .max = 200,
		.check = config_check_authority,
		.help = "The beginning of every article's identity." },
	{ 0 },
};

static const struct setting follow_words[] = {
	{ "wechat", SETTING_TEXT, SITE(follow.wechat), .max = 300,
		.help = "The WeChat account: its name, what its code says, "
			"or a file with the code." },
	{ "facebook", SETTING_TEXT, SITE(follow.facebook), .max = 300,
		.check = setting_check_url,
		.help = "The address of the Facebook Page." },
	{ "twitter", SETTING_TEXT, SITE(follow.twitter), .max = 300,
		.help = "The name on X, as \"@newsroom\", or its address." },
	{ "instagram", SETTING_TEXT, SITE(follow.instagram), .max = 300,
		.help = "The name on Instagram, or its address." },
	{ "youtube", SETTING_TEXT, SITE(follow.youtube), .max = 300,
		.help = "The channel on YouTube, or its address." },
	{ "app", SETTING_TEXT, SITE(follow.app), .max = 300,
		.check = setting_check_url,
		.help = "The address where the app is found." },
	{ "mobile", SETTING_TEXT, SITE(follow.mobile), .max = 300,
		.check = setting_check_url,
		.help = "The address of the mobile site." },
	{ 0 },
};

const struct setting config_content_words[] = {
	{ "dir", SETTING_PATH, ROOT(dir), .required = true,
		.help = "Write the directory where articles are saved." },
	{ "permalink", SETTING_TEXT, ROOT(permalink), .max = 500,
		.preset = "/articles/{stem}", .check = config_check_permalink,
		.help = "An article's address; {stem} is the file's name." },
	{ "prefix", SETTING_TEXT, ROOT(prefix), .max = 64,
		.check = config_check_slug,
		.help = "Tells the articles of a second directory apart." },
	{ "poll", SETTING_TIME, ROOT(poll_ms), .preset = "10s",
		.min = SECOND, .max = DAY,
		.help = "How often to look where the kernel tells nothing." },
	{ "max-size", SETTING_SIZE, ROOT(max_size), .preset = "4M",
		.min = KIB, .max = ARTICLE_FILE_MAX,
		.help = "Larger files are set aside." },
	{ "on-delete", SETTING_CHOICE, ROOT(on_delete), .preset = "default",
		.choices = on_delete_choices,
		.help = "What a deleted file means." },
	{ "charset", SETTING_TEXT, ROOT(charset), .max = 40,
		.check = config_check_charset,
		.help = "The encoding of files that do not say theirs." },
	{ 0 },
};

static const struct setting publish_words[] = {
	{ "dir", SETTING_PATH, SETTING_FIELD(struct form_publish, dir),
		.required = true,
		.help = "Write the directory where the feeds go." },
	{ "s3", SETTING_LATER,
		.help = "Object stores come with a later version." },
	{ 0 },
};

static const struct setting serve_words[] = {
	{ "listen", SETTING_TEXTS,
		SETTING_FIELDS(struct form, serve.listen, serve.n_listen),
		.preset = "127.0.0.1:8080", .min = 1,
		.max = CONFIG_LISTEN_MAX, .check = config_check_listen,
		.help = "Where HTTP is answered." },
	{ "status", SETTING_TEXTS,
		SETTING_FIELDS(struct form, serve.status, serve.n_status),
		.max = CONFIG_LISTEN_MAX, .check = config_check_status,
		.help = "Where operators are told how it is." },
	{ "trusted-proxies", SETTING_TEXTS,
		SETTING_FIELDS(struct form, serve.proxies, serve.n_proxies),
		.max = CONFIG_PROXIES_MAX, .check = config_check_network,
		.help = "Who is believed for whom they ask." },
	{ "unconditional-max", SETTING_TEXT,
		SETTING_FIELD(struct form, unconditional_max),
		.max = 20, .check = config_check_hourly,
		.help = "Whole answers for one client and feed, as 60/h." },
	{ "header-timeout", SETTING_TIME, SERVE(header_ms), .preset = "10s",
		.min = 100, .max = DAY,
		.help = "How long a request's header may take." },
	{ "idle-timeout", SETTING_TIME, SERVE(idle_ms), .preset = "15s",
		.min = 100, .max = DAY,
		.help = "How long a connection may rest between requests." },
	{ "send-timeout", SETTING_TIME, SERVE(send_ms), .preset = "30s",
		.min = 100, .max = DAY,
		.help = "How long a response may take." },
	{ "max-connections", SETTING_INT, SERVE(max_connections),
		.preset = "4096", .min = 1, .max = 1000000,
		.help = "Connections at one time." },
	{ "max-per-address", SETTING_INT, SERVE(max_per_address),
		.preset = "64", .min = 1, .max = 1000000,
		.help = "Connections of one client at one time." },
	{ "cache", SETTING_SIZE, SERVE(cache_bytes), .preset = "64M",
		.min = MIB, .max = (int64_t)64 * KIB * MIB,
		.help = "Memory for documents." },
	{ 0 },
};

static const struct setting channel_words[] = {
	{ "all", SETTING_BOOL, CHANNEL(all),
		.help = "The channel of every article." },
	{ "series", SETTING_TEXT, CHANNEL(series), .max = 300,
		.check = config_check_series,
		.help = "The name of a series, as it stands in titles." },
	{ "topic", SETTING_TEXT, CHANNEL(topic), .max = 100,
		.check = config_check_slug,
		.help = "The slug of a topic." },
	{ "title", SETTING_TEXT, CHANNEL(title), .max = 300,
		.help = "What readers see." },
	{ "slug", SETTING_TEXT, CHANNEL(slug), .max = 100,
		.check = config_check_slug,
		.help = "The series in addresses." },
	{ "match", SETTING_NODE, CHANNEL(match),
		.help = "The rule of a topic, or what titles of a series' "
			"parts look like." },
	{ "never", SETTING_NODE, CHANNEL(never),
		.help = "What titles look like that are not in the series." },
	{ "aliases", SETTING_TEXTS,
		SETTING_FIELDS(struct form_channel, aliases, n_aliases),
		.max = CONFIG_ALIASES_MAX, .check = config_check_series,
		.help = "Other names that mean the same." },
	{ "total", SETTING_INT, CHANNEL(total), .min = 1,
		.max = CONFIG_TOTAL_MAX,
		.help = "How many parts the series will have." },
	{ "cover", SETTING_PATH, CHANNEL(cover),
		.help = "A picture for targets that need one, of parts of the "
			"series without any." },
	{ "content", SETTING_CHOICE, CHANNEL(content),
		.choices = content_words, .preset = "full",
		.help = "How much of an article its feeds hold." },
	{ "limit", SETTING_INT, CHANNEL(limit), .min = 1,
		.max = FEED_SERIES_MAX,
		.help = "How many articles a document holds; older ones are "
			"in the archive." },
	{ "languages", SETTING_TEXTS,
		SETTING_FIELDS(struct form_channel, languages, n_languages),
		.max = CONFIG_ALIASES_MAX, .check = config_check_language,
		.help = "Only articles in these languages are in it." },
	{ "access", SETTING_CHOICE, CHANNEL(access), .preset = "public",
		.choices = access_choices,
		.help = "Who may read it: everybody, or partners." },
	{ "exclusive", SETTING_BOOL, CHANNEL(exclusive),
		.help = "Whether its articles are in no public channel." },
	{ "syndication", SETTING_CHOICE, CHANNEL(syndication),
		.preset = "default", .choices = syndication_words,
		.help = "What may be taken along of articles that do not "
			"say." },
	{ "hashtags", SETTING_TEXTS,
		SETTING_FIELDS(struct form_channel, hashtags, n_hashtags),
		.max = CONFIG_HASHTAGS_MAX, .check = config_check_hashtag,
		.help = "What a topic is called where people follow it." },
	{ "push", SETTING_TEXTS,
		SETTING_FIELDS(struct form_channel, push, n_push),
		.max = CONFIG_TARGETS_MAX,
		.help = "Targets that get this channel." },
	{ 0 },
};

static const struct setting partner_words[] = {
	{ "name", SETTING_TEXT, PARTNER(name), .required = true, .max = 100,
		.help = "Write what the partner is called here." },
	{ "tokens", SETTING_NODE, PARTNER(tokens),
		.help = "SHA-256 of the tokens that are valid." },
	{ "channels", SETTING_TEXTS, SETTING_FIELDS(struct form_partner,
		channels, n_channels), .max = CONFIG_CHANNELS_MAX,
		.help = "The private channels that the partner may read." },
	{ "revoked", SETTING_BOOL, PARTNER(revoked),
		.help = "Whether none of the tokens is valid any more." },
	{ 0 },
};

static const struct setting private_words[] = {
	{ "dir", SETTING_PATH, SETTING_FIELD(struct form, private_dir),
		.help = "Where private feeds are written." },
	{ 0 },
};

/* follow lies inside struct site: its table counts from the form. */
const struct setting config_words[] = {
	{ "site", SETTING_MAP, .words = site_words, .required = true,
		.help = "Write at least site: { url: "
			"\"https://news.example.org/\" }." },
	{ "content", SETTING_MAPS,
		SETTING_FIELDS(struct form, content, n_content),
		.words = config_content_words,
		.size = sizeof(struct form_content), .required = true,
		.max = CONFIG_ROOTS_MAX,
		.help = "Write where articles are saved, as content: [ { dir: "
			"/srv/newsroom } ]." },
	{ "publish", SETTING_MAPS,
		SETTING_FIELDS(struct form, publish, n_publish),
		.words = publish_words, .size = sizeof(struct form_publish),
		.max = 1, .help = "Where the feeds are written." },
	{ "serve", SETTING_MAP, .words = serve_words,
		.help = "How HTTP is answered." },
	{ "follow", SETTING_MAP, .words = follow_words,
		.help = "Where the newsroom can be followed." },
	{ "hub", SETTING_MAP, SETTING_FIELD(struct form, push),
		.words = config_hub_words, .help = "WebSub." },
	{ "courier", SETTING_MAP, SETTING_FIELD(struct form, push),
		.words = config_courier_words,
		.help = "What pushes, and where it keeps what." },
	{ "state", SETTING_PATH, SETTING_FIELD(struct form, state_dir),
		.help = "The directory of the database." },
	{ "control", SETTING_PATH, SETTING_FIELD(struct form, control),
		.help = "The socket of gazettectl." },
	{ "log", SETTING_CHOICE, SETTING_FIELD(struct form, log),
		.preset = "text", .choices = log_choices,
		.help = "The form of the log on standard error." },
	{ "include", SETTING_TEXTS,
		SETTING_FIELDS(struct form, include, n_include),
		.help = "More files." },
	{ "channels", SETTING_MAPS,
		SETTING_FIELDS(struct form, channels, n_channels),
		.words = channel_words, .size = sizeof(struct form_channel),
		.max = CONFIG_CHANNELS_MAX,
		.help = "What can be subscribed to." },
	{ "partners", SETTING_MAPS,
		SETTING_FIELDS(struct form, partners, n_partners),
		.words = partner_words, .size = sizeof(struct form_partner),
		.max = CONFIG_PARTNERS_MAX,
		.help = "Who may read private channels." },
	{ "private", SETTING_MAP, .words = private_words,
		.help = "The tree of private channels." },
	{ "no-series", SETTING_NODE,
		SETTING_FIELD(struct form, no_series),
		.help = "What titles look like that are in no series." },
	{ "targets", SETTING_NODE, SETTING_FIELD(struct form, targets),
		.help = "Who is told." },
	{ 0 },
};
