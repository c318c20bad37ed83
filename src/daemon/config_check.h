/*
 * What a text of the configuration must look like: checks for the tables of
 * words.  Each returns 0, or -1 with what is wrong and what to write instead.
 */
#ifndef DAEMON_CONFIG_CHECK_H
#define DAEMON_CONFIG_CHECK_H

#include "base/err.h"
#include "base/slice.h"

/* site.url: an http(s) address without query and fragment. */
int config_check_site(struct slice text, struct err *e) MUST_USE;

/* A language tag of RFC 5646: "en", "zh-Hant", "zh-Hans-CN". */
int config_check_language(struct slice text, struct err *e) MUST_USE;

/* "GBA", or "zh 大湾区": a hashtag, and what language it is for. */
int config_check_hashtag(struct slice text, struct err *e) MUST_USE;

/* An encoding that articles can have: "gb18030", "big5", "windows-1252". */
int config_check_charset(struct slice text, struct err *e) MUST_USE;

/* A time zone that this machine knows: "UTC", "Asia/Shanghai". */
int config_check_timezone(struct slice text, struct err *e) MUST_USE;

/* The authority of tag URIs (RFC 4151): "news.example.org,2024". */
int config_check_authority(struct slice text, struct err *e) MUST_USE;

/* An article's address: a path or http(s), "{stem}" in it once. */
int config_check_permalink(struct slice text, struct err *e) MUST_USE;

/* A slug: letters of any script and digits, in lower case, and hyphens. */
int config_check_slug(struct slice text, struct err *e) MUST_USE;

/* A series: its name must have a letter or a digit. */
int config_check_series(struct slice text, struct err *e) MUST_USE;

/* An address to listen at: "127.0.0.1:8080", "[::1]:80", "unix:/path". */
int config_check_listen(struct slice text, struct err *e) MUST_USE;

/* The same, that nobody outside this machine can reach. */
int config_check_status(struct slice text, struct err *e) MUST_USE;

/* A network of proxies, as "10.0.0.0/8". */
int config_check_network(struct slice text, struct err *e) MUST_USE;

/* How often an hour, as "60/h": the number; -1: it is none. */
int64_t config_hourly(struct slice text);

/* The same, as a check. */
int config_check_hourly(struct slice text, struct err *e) MUST_USE;

#endif
