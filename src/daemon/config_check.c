/*
 * What a text of the configuration must look like.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/charset.h"
#include "base/file.h"
#include "base/fold.h"
#include "base/language_tag.h"
#include "base/network.h"
#include "base/setting.h"
#include "base/utf8.h"
#include "daemon/config_check.h"

#define ZONES "/usr/share/zoneinfo"

enum { HOURLY_MAX = 100000 };

/* The beginning of a text, for messages. */
#define SHOWN(text) ARG(utf8_first((text), 60))

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

int
config_check_site(struct slice text, struct err *e)
{
	if (setting_check_url(text, e) < 0)
		return -1;
	if (slice_find_byte(text, '?') < 0 && slice_find_byte(text, '#') < 0)
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" has more than a path", SHOWN(text));
	return err_hint(e, "Everything is published below it: no \"?\", no "
		"\"#\".");
}

int
config_check_language(struct slice text, struct err *e)
{
	if (language_tag_is_good(text))
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" is not a language tag", SHOWN(text));
	return err_hint(e, "Write it as \"en\", \"zh-Hans\" or \"pt-BR\".");
}

int
config_check_hashtag(struct slice text, struct err *e)
{
	ssize_t blank = slice_find_byte(text, ' ');
	struct slice word = blank < 0 ? text : slice_from(text,
		(size_t)blank + 1), rest = word;
	int32_t c;

	while ((c = utf8_next(&rest)) >= 0)
		if (!utf8_is_alnum(c) && c != '_')
			break;
	if (c < 0 && word.len > 0 && (blank < 0 ||
		language_tag_is_good(slice_sub(text, 0, (size_t)blank))))
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" is no hashtag", SHOWN(text));
	return err_hint(e, "Write it as \"GreaterBayArea\", or as "
		"\"zh 大湾区\" for articles in a language.");
}

int
config_check_charset(struct slice text, struct err *e)
{
	if (charset_find(text))
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" is not a known encoding",
		SHOWN(text));
	return err_hint(e, "Write it as \"gb18030\", \"big5\" or "
		"\"windows-1252\".");
}

/* Is it a file of the zone database?  Its names have no ".". */
static bool
is_zone(struct slice name)
{
	char path[PATH_MAX], magic[4];
	CLEANUP(fd_close) int fd = -1;

	for (size_t i = 0; i < name.len; i++)
		if (!is_letter(name.ptr[i]) && !is_digit(name.ptr[i]) &&
			!strchr("/+-_", name.ptr[i]))
			return false;
	if (name.len == 0 || name.len > 64)
		return false;
	snprintf(path, sizeof(path), ZONES "/%.*s", ARG(name));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, magic, sizeof(magic)) == sizeof(magic) &&
		!memcmp(magic, "TZif", sizeof(magic));
}

int
config_check_timezone(struct slice text, struct err *e)
{
	if (slice_eq(text, S("UTC")) || is_zone(text))
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" is not a time zone of this machine",
		SHOWN(text));
	if (access(ZONES, F_OK) < 0)
		return err_hint(e, "Install the package tzdata, or write "
			"\"UTC\".");
	return err_hint(e, "Write a name as \"Asia/Shanghai\", or \"UTC\"; "
		"\"timedatectl list-timezones\" lists them.");
}

/* "2024", "2024-05" or "2024-05-15". */
static bool
is_tag_date(struct slice s)
{
	static const size_t lengths[] = { 4, 2, 2 };
	struct slice part;
	size_t n = 0;

	while (slice_next_field(&s, '-', &part)) {
		if (n == COUNT_OF(lengths) || part.len != lengths[n] ||
			slice_number(part, 9999) <= 0)
			return false;
		n++;
	}
	return n > 0;
}

/* A domain, or an address of mail: RFC 4151 has no more. */
static bool
is_tag_owner(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_letter(s.ptr[i]) && !is_digit(s.ptr[i]) &&
			!strchr(".-_@", s.ptr[i]))
			return false;
	return s.len > 0 && !strchr(".-@", s.ptr[0]);
}

int
config_check_authority(struct slice text, struct err *e)
{
	struct slice date = text, owner;

	slice_next_field(&date, ',', &owner);
	if (date.ptr && is_tag_owner(owner) && is_tag_date(date))
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" is not an authority", SHOWN(text));
	return err_hint(e, "Write a domain and a year in which it was yours, "
		"as \"news.example.org,2024\".");
}

int
config_check_permalink(struct slice text, struct err *e)
{
	ssize_t brace = slice_find_byte(text, '{');
	struct slice rest = slice_from(text, (size_t)(brace + 1));

	if (!slice_starts(text, S("/")) && setting_check_url(text, e) < 0) {
		err_set(e, ERR_CONFIG, "\"%.*s\" is neither a path nor a web "
			"address", SHOWN(text));
		return err_hint(e, "Begin it with \"/\".");
	}
	if (slice_find(text, S("{stem}"), 0) == brace && brace >= 0 &&
		slice_find_byte(rest, '{') < 0)
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" must hold \"{stem}\" once, and no "
		"other braces", SHOWN(text));
	return err_hint(e, "{stem} is the file's name without extension, as "
		"in \"/articles/{stem}\".");
}

int
config_check_slug(struct slice text, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct slice folded = fold_key(text, &a);

	if (folded.len > 0 && slice_eq(folded, text))
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" cannot stand in an address",
		SHOWN(text));
	if (folded.len == 0)
		return err_hint(e, "Write letters and digits, and hyphens "
			"between them.");
	return err_hint(e, "did you mean \"%.*s\"?", SHOWN(folded));
}

int
config_check_series(struct slice text, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };

	if (fold_key(text, &a).len > 0)
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" names no series", SHOWN(text));
	return err_hint(e, "Write the name as it stands in the titles.");
}

static int
check_unix_path(struct slice path, struct err *e)
{
	struct sockaddr_un un;

	if (slice_starts(path, S("/")) && path.len < sizeof(un.sun_path))
		return 0;
	return err_set(e, ERR_CONFIG, "a socket's path begins with \"/\" and "
		"has at most %zu bytes", sizeof(un.sun_path) - 1);
}

/* Is s a numeric address, IPv6 in brackets? */
static bool
is_ip(struct slice s)
{
	char text[INET6_ADDRSTRLEN];
	bool six = slice_starts(s, S("[")) && slice_ends(s, S("]"));
	struct in6_addr parsed;

	if (six)
		s = slice_sub(s, 1, s.len - 1);
	if (s.len >= sizeof(text))
		return false;
	snprintf(text, sizeof(text), "%.*s", ARG(s));
	return inet_pton(six ? AF_INET6 : AF_INET, text, &parsed) == 1;
}

int
config_check_listen(struct slice text, struct err *e)
{
	ssize_t colon = slice_rfind_byte(text, ':');
	struct slice host = slice_sub(text, 0, (size_t)MAX(colon, 0));
	struct slice port = slice_from(text, (size_t)(colon + 1));

	if (slice_starts(text, S("unix:")))
		return check_unix_path(slice_from(text, 5), e);
	if (slice_number(port, 65535) >= 0 && is_ip(host))
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" is not an address to listen at",
		SHOWN(text));
	if (colon < 0 || slice_number(port, 65535) < 0)
		return err_hint(e, "Write address and port, as "
			"\"127.0.0.1:8080\".");
	if (host.len == 0 || slice_eq(host, S("*")))
		return err_hint(e, "For every address of the machine write "
			"\"0.0.0.0:%.*s\" and \"[::]:%.*s\".", ARG(port),
			ARG(port));
	return err_hint(e, "Write the address in numbers, as "
		"\"127.0.0.1:%.*s\" or \"[::1]:%.*s\".", ARG(port), ARG(port));
}

int
config_check_status(struct slice text, struct err *e)
{
	if (config_check_listen(text, e) < 0)
		return -1;
	if (slice_starts(text, S("unix:")) || slice_starts(text, S("127.")) ||
		slice_starts(text, S("[::1]")))
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" can be reached from other machines",
		SHOWN(text));
	return err_hint(e, "Write a socket, as \"unix:/run/gazetted/"
		"status.sock\", or an address as \"127.0.0.1:8081\".");
}

int
config_check_network(struct slice text, struct err *e)
{
	struct network n;

	if (network_parse(text, &n))
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" is not a network", SHOWN(text));
	return err_hint(e, "Write it in numbers, as \"10.0.0.0/8\", or one "
		"address, as \"192.0.2.1\".");
}

int64_t
config_hourly(struct slice text)
{
	return slice_ends(text, S("/h")) ? slice_number(slice(text.ptr,
		text.len - 2), HOURLY_MAX) : -1;
}

int
config_check_hourly(struct slice text, struct err *e)
{
	if (config_hourly(text) > 0)
		return 0;
	err_set(e, ERR_CONFIG, "\"%.*s\" is not a number an hour",
		SHOWN(text));
	return err_hint(e, "Write a number from 1 to 100000 and \"/h\", as "
		"\"60/h\".");
}
