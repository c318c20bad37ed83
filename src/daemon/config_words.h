/*
 * The words of the configuration, as written: what the tables fill.
 *
 * The form mirrors the file; config_read.c makes struct config of it.  Where
 * the model's own struct fits, it is filled directly.
 */
#ifndef DAEMON_CONFIG_WORDS_H
#define DAEMON_CONFIG_WORDS_H

#include "base/setting.h"
#include "daemon/config_push.h"
#include "model/config.h"

struct form_content {
	const struct node *at;
	struct content_root root;
};

struct form_publish {
	const struct node *at;
	const char *dir;
};

enum form_access { FORM_ACCESS_PUBLIC, FORM_ACCESS_PARTNERS };

struct form_channel {
	const struct node *at;
	struct slice series, topic, title, slug;
	bool all;
	struct slice *aliases;
	size_t n_aliases;
	int64_t total;
	const char *cover;
	enum content_mode content;
	int64_t limit;
	struct slice *languages;
	size_t n_languages;
	const struct node *match, *never;
	struct slice *hashtags;
	size_t n_hashtags;
	struct slice *push;
	size_t n_push;
	enum form_access access;
	bool exclusive;
	enum syndication syndication;
};

struct form_partner {
	const struct node *at;
	struct slice name;
	const struct node *tokens;
	struct slice *channels;
	size_t n_channels;
	bool revoked;
};

enum form_log { FORM_LOG_TEXT, FORM_LOG_JSON };

struct form {
	struct site site;
	struct slice timezone;
	struct slice unconditional_max;
	struct slice image;	/* an address, or a file */
	struct serve_conf serve;
	struct form_content *content;
	size_t n_content;
	struct form_publish *publish;
	size_t n_publish;
	struct form_channel *channels;
	size_t n_channels;
	struct form_partner *partners;
	size_t n_partners;
	struct form_push push;
	const char *private_dir;
	const struct node *no_series, *targets;
	struct slice *include;
	size_t n_include;
	const char *state_dir;
	const char *control;
	enum form_log log;
};

/* The words of a file's top level, for a struct form. */
extern const struct setting config_words[];

/* The words of one item of "content", for a struct form_content. */
extern const struct setting config_content_words[];

#endif
