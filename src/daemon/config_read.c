/*
 * The configuration: from the form that the tables filled to struct config.
 *
 * What follows here is what no table can say: one word against another.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/path.h"
#include "base/uri.h"
#include "daemon/config_channels.h"
#include "daemon/config_check.h"
#include "daemon/config_load.h"
#include "daemon/config_partners.h"
#include "daemon/config_picture.h"
#include "daemon/config_read.h"
#include "daemon/config_targets.h"
#include "daemon/config_words.h"

/* ---- directories ---- */

/* A directory with a part to play. */
struct part {
	const char *what;
	const char *dir;
	const struct place *at;
};

/* Tell that the one lies in the other; false: it does not. */
static bool
is_inside(struct setting_reader *r, const struct part *a,
	const struct part *b)
{
	if (!a->dir || !b->dir || !path_is_in(a->dir, b->dir))
		return false;
	fault_add(r->faults, a->at, "the %s \"%s\" lies in the %s \"%s\"",
		a->what, a->dir, b->what, b->dir);
	fault_hint(r->faults, "Keep the two beside each other.");
	return true;
}

static struct part
content_part(const struct form_content *c)
{
	return (struct part){ "content directory", c->root.dir,
		node_place(c->at, S("dir")) };
}

/* What is in the content is an article; what is published is for everybody. */
static void
check_dirs(struct setting_reader *r, const struct node *root,
	const struct form *f, const struct config *c)
{
	const struct part publish = { "publish directory", c->publish_dir,
		f->n_publish ? node_place(f->publish[0].at, S("dir")) :
		&root->at };
	const struct part state = { "state directory", c->state_dir,
		node_place(root, S("state")) };

	/* Where nobody says, it lies in the state directory. */
	const struct part hidden = { "private directory", f->private_dir,
		node_place(root, S("private")) };

	is_inside(r, &state, &publish);
	if (!is_inside(r, &hidden, &publish))
		is_inside(r, &publish, &hidden);
	for (size_t i = 0; i < f->n_content; i++) {
		struct part content = content_part(&f->content[i]);

		if (!is_inside(r, &publish, &content))
			is_inside(r, &content, &publish);
		if (!is_inside(r, &state, &content))
			is_inside(r, &content, &state);
		if (!is_inside(r, &hidden, &content))
			is_inside(r, &content, &hidden);
		for (size_t k = 0; k < i; k++) {
			struct part other = content_part(&f->content[k]);

			if (!is_inside(r, &content, &other))
				is_inside(r, &other, &content);
		}
	}
}

/* Paths of a second directory need something to tell them from the first's. */
static void
check_prefixes(struct setting_reader *r, const struct form *f)
{
	for (size_t i = 1; i < f->n_content; i++) {
		const struct form_content *c = &f->content[i];

		if (c->root.prefix.len == 0 &&
			!node_key(c->at, S("prefix"))) {
			fault_add(r->faults, &c->at->at, "only the first "
				"content directory goes without a prefix");
			fault_hint(r->faults, "Add prefix: NAME; it becomes "
				"part of its articles' ids.");
			continue;
		}
		for (size_t k = 0; k < i; k++)
			if (c->root.prefix.len > 0 && slice_eq(
				c->root.prefix, f->content[k].root.prefix))
				fault_add(r->faults,
					node_place(c->at, S("prefix")),
					"two directories with the prefix "
					"\"%.*s\"", ARG(c->root.prefix));
	}
}

static void
check_control(struct setting_reader *r, const struct node *root,
	const struct config *c)
{
	size_t max = sizeof((struct sockaddr_un){ 0 }.sun_path) - 1;

	if (strlen(c->control) <= max)
		return;
	fault_add(r->faults, node_place(root, S("control")),
		"the control socket's path is too long: %zu bytes, at most "
		"%zu", strlen(c->control), max);
	fault_hint(r->faults, "Write control: and a shorter path.");
}

/* ---- the whole ---- */

static void
finish_site(struct setting_reader *r, const struct form *f, struct config *c)
{
	const char *zone = f->timezone.ptr ? f->timezone.ptr : "UTC";

	c->site = f->site;
	if (c->site.name.len == 0)
		c->site.name = uri_host(c->site.url);
	if (!slice_ends(c->site.url, S("/")))
		c->site.url = arena_printf(r->a, "%.*s/", ARG(c->site.url));
	c->site.zone_minutes = date_zone_minutes(zone, clock_now());
}

static const char *
keep(struct arena *a, const char *s)
{
	return arena_copy(a, slice_str(s)).ptr;
}

static void
finish_paths(struct setting_reader *r, const struct form *f,
	const struct config_defaults *d, struct config *c)
{
	c->state_dir = f->state_dir ? f->state_dir : keep(r->a, d->state_dir);
	c->publish_dir = f->n_publish && f->publish[0].dir ?
		f->publish[0].dir : keep(r->a, d->publish_dir);
	/* Nobody but the daemon looks into the state directory. */
	c->private_dir = f->private_dir ? f->private_dir :
		arena_printf(r->a, "%s/private", c->state_dir).ptr;
	if (f->control)
		c->control = f->control;
	else if (d->control)
		c->control = keep(r->a, d->control);
	else
		c->control = arena_printf(r->a, "%s/control.sock",
			c->state_dir).ptr;
}

/* Make the configuration of a form, in its arena (r->a). */
static void
finish(struct setting_reader *r, const struct node *root,
	const struct form *f, const struct config_defaults *d,
	struct config *c)
{
	c->refs = 1;
	c->serve = f->serve;
	c->serve.unconditional_max = MAX(0, config_hourly(
		f->unconditional_max));
	c->log_json = f->log == FORM_LOG_JSON;
	c->n_roots = MIN(f->n_content, (size_t)CONFIG_ROOTS_MAX);
	for (size_t i = 0; i < c->n_roots; i++)
		c->roots[i] = f->content[i].root;
	finish_site(r, f, c);
	config_pictures_read(r, root, f, c);
	finish_paths(r, f, d, c);
	config_push_read(r, root, &f->push, c);
	config_channels_read(r, f, c);
	config_partners_read(r, f, c);
	config_targets_read(r, f, c);
	c->look = config_look(c);
}

/* From the merged tree; NULL is one that could not be read at all. */
static int
read_tree(const struct node *root, const struct config_defaults *d,
	struct config **ret, struct faults *faults)
{
	struct config *c = x_calloc(1, sizeof(*c));
	struct setting_reader r = { &c->arena, faults };
	struct form form = { 0 };

	if (root) {
		setting_read(&r, config_words, root, NULL, &form);
		finish(&r, root, &form, d, c);
		check_dirs(&r, root, &form, c);
		check_prefixes(&r, &form);
		check_control(&r, root, c);
	}
	if (faults->n == 0) {
		*ret = c;
		return 0;
	}
	faults_sort(faults);
	arena_done(&c->arena);
	free(c);
	return -1;
}

int
config_read(const char *path, const struct config_defaults *d,
	struct config **ret, struct faults *faults)
{
	CLEANUP(arena_done) struct arena a = { 0 };

	return read_tree(config_load(path, &a, faults), d, ret, faults);
}

int
config_read_text(const char *name, struct slice text,
	const struct config_defaults *d, struct config **ret,
	struct faults *faults)
{
	CLEANUP(arena_done) struct arena a = { 0 };

	return read_tree(config_load_text(name, text, &a, faults), d, ret,
		faults);
}

int
config_for_dir(const char *dir, const struct config_defaults *d,
	struct config **ret, struct err *e)
{
	CLEANUP(faults_done) struct faults none = { 0 };
	char real[PATH_MAX];
	struct stat st;
	struct config *c;
	struct setting_reader r = { NULL, &none };
	struct form_content content = { 0 };
	struct form form = { .content = &content, .n_content = 1 };

	if (!realpath(dir, real) || stat(real, &st) < 0)
		return err_set(e, ERR_MISSING, "cannot open \"%s\": %m", dir);
	if (!S_ISDIR(st.st_mode))
		return err_set(e, ERR_CONFIG, "\"%s\" is not a directory",
			dir);
	c = x_calloc(1, sizeof(*c));
	r.a = &c->arena;
	setting_read(&r, config_words, NULL, NULL, &form);
	setting_read(&r, config_content_words, NULL, NULL, &content);
	content.root.dir = keep(r.a, real);
	form.site.name = slice_str(strrchr(content.root.dir, '/') + 1);
	form.site.url = S("http://127.0.0.1:8080/");
	finish(&r, NULL, &form, d, c);
	*ret = c;
	return 0;
}

/* A path that stands at the word; NULL: none does. */
static const char *
path_at(const struct node *root, struct slice word, struct arena *a)
{
	const struct node *key = node_key(root, word);

	if (!key || key->value->kind != NODE_TEXT || key->value->text.len == 0)
		return NULL;
	return path_resolve(key->at.source->dir, key->value->text, a);
}

const char *
config_find_control(const char *path, struct arena *a, bool *ret_sure)
{
	CLEANUP(faults_done) struct faults ignored = { 0 };
	const struct node *root = config_load(path, a, &ignored);
	const char *control = NULL, *state = NULL;

	if (root) {
		control = path_at(root, S("control"), a);
		state = path_at(root, S("state"), a);
	}
	*ret_sure = control != NULL;
	if (control || !state)
		return control;
	return arena_printf(a, "%s/control.sock", state).ptr;
}

const char *
config_find_courier(const char *path, struct arena *a)
{
	CLEANUP(faults_done) struct faults ignored = { 0 };
	const struct node *root = config_load(path, a, &ignored);
	const struct node *key = root ? node_key(root, S("courier")) : NULL;
	const struct node *own = key && key->value->kind == NODE_MAP ?
		key->value : NULL;
	const char *state = NULL, *control = NULL;

	if (own) {
		control = path_at(own, S("control"), a);
		state = path_at(own, S("state"), a);
	}
	if (root && !state)
		state = path_at(root, S("state"), a);
	if (control || !state)
		return control;
	return arena_printf(a, "%s/courier.sock", state).ptr;
}
