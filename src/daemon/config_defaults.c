/*
 * Where things are when the configuration does not say.
 */
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/config_defaults.h"

#define STATE_DIR LOCALSTATEDIR "/lib/gazetted"
#define CACHE_DIR LOCALSTATEDIR "/cache/gazetted"
#define RUNTIME_DIR RUNSTATEDIR "/gazetted"

/* An absolute path from the environment; NULL: not there. */
static const char *
from_env(const char *name)
{
	const char *value = getenv(name);

	return value && value[0] == '/' ? value : NULL;
}

/* systemd separates several directories by colons; the first is the own. */
static struct slice
prepared(const char *name, const char *otherwise)
{
	struct slice list = slice_str(from_env(name)), first = { 0 };

	if (list.len == 0)
		return slice_str(otherwise);
	slice_next_field(&list, ':', &first);
	return first;
}

static const char *
below(struct slice dir, const char *rest, struct arena *a)
{
	return arena_printf(a, "%.*s%s", ARG(dir), rest).ptr;
}

static const char *
home(void)
{
	const struct passwd *pw;

	if (from_env("HOME"))
		return from_env("HOME");
	pw = getpwuid(geteuid());
	return pw ? pw->pw_dir : "/tmp";
}

/* $name, or a folder of the home directory. */
static struct slice
xdg(const char *name, const char *in_home, struct arena *a)
{
	const char *dir = from_env(name);

	return dir ? slice_str(dir) : arena_printf(a, "%s/%s", home(),
		in_home);
}

void
config_defaults_system(struct config_defaults *ret, struct arena *a)
{
	ret->state_dir = below(prepared("STATE_DIRECTORY", STATE_DIR), "", a);
	ret->publish_dir = below(prepared("CACHE_DIRECTORY", CACHE_DIR),
		"/www", a);
	ret->control = below(prepared("RUNTIME_DIRECTORY", RUNTIME_DIR),
		"/control.sock", a);
}

void
config_defaults_user(struct config_defaults *ret, struct arena *a)
{
	const char *runtime = from_env("XDG_RUNTIME_DIR");

	ret->state_dir = below(xdg("XDG_STATE_HOME", ".local/state", a),
		"/gazetted", a);
	ret->publish_dir = below(xdg("XDG_CACHE_HOME", ".cache", a),
		"/gazetted/www", a);
	ret->control = runtime ? below(slice_str(runtime),
		"/gazetted/control.sock", a) : NULL;
}

void
config_defaults(struct config_defaults *ret, struct arena *a)
{
	if (geteuid() == 0 || from_env("STATE_DIRECTORY") ||
		access(STATE_DIR, W_OK) == 0)
		config_defaults_system(ret, a);
	else
		config_defaults_user(ret, a);
}
