/*
 * Reloading: read the configuration again; in force as a whole, or not at all.
 *
 * What the site says (name, address, hubs, follow links, channels) changes at
 * once.  What the process is built on (content, publish, listen, state and
 * control, also the courier's) needs a restart, and a reload that would change
 * it says so.
 */
#include <stdlib.h>

#include "base/event.h"
#include "daemon/config_read.h"
#include "daemon/reload.h"

static bool
same_roots(const struct config *a, const struct config *b)
{
	if (a->n_roots != b->n_roots)
		return false;
	for (size_t i = 0; i < a->n_roots; i++)
		if (strcmp(a->roots[i].dir, b->roots[i].dir) != 0 ||
			!slice_eq(a->roots[i].prefix, b->roots[i].prefix))
			return false;
	return true;
}

static bool
same_texts(const struct slice *a, size_t n_a, const struct slice *b,
	size_t n_b)
{
	if (n_a != n_b)
		return false;
	for (size_t i = 0; i < n_a; i++)
		if (!slice_eq(a[i], b[i]))
			return false;
	return true;
}

static bool
same_listeners(const struct serve_conf *a, const struct serve_conf *b)
{
	return same_texts(a->listen, a->n_listen, b->listen, b->n_listen) &&
		same_texts(a->status, a->n_status, b->status, b->n_status);
}

static bool
same_path(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* The words that changed and need a restart; empty when there is none. */
static struct slice
needs_restart(const struct config *old, const struct config *new,
	struct arena *a)
{
	const struct courier_conf *was = &old->courier, *is = &new->courier;
	struct slice words = arena_printf(a, "%s%s%s%s%s%s%s%s%s",
		same_roots(old, new) ? "" : "content ",
		strcmp(old->publish_dir, new->publish_dir) ? "publish " : "",
		strcmp(old->private_dir, new->private_dir) ? "private " : "",
		same_listeners(&old->serve, &new->serve) ? "" :
		"serve.listen or serve.status ",
		strcmp(old->state_dir, new->state_dir) ? "state " : "",
		strcmp(old->control, new->control) ? "control " : "",
		same_path(was->state_dir, is->state_dir) ? "" :
		"courier.state ",
		same_path(was->control, is->control) ? "" :
		"courier.control ",
		same_path(was->ca_file, is->ca_file) ? "" :
		"courier.ca-file ");

	return slice_trim(words);
}

/* Read it, and put it in force.  -1: the old one stays; faults say why. */
static int
reload(struct press *p, struct faults *faults)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	struct source file = { .path = p->config_path ? p->config_path :
		"gazetted try" };
	struct place whole = { .source = &file };
	struct config_defaults d;
	struct config *c;
	struct slice words;

	if (!p->config_path) {
		fault_add(faults, &whole, "there is no file to reload");
		return -1;
	}
	config_defaults(&d, &a);
	if (config_read(p->config_path, &d, &c, faults) < 0)
		return -1;
	words = needs_restart(p->config, c, &a);
	if (words.len > 0) {
		fault_add(faults, &whole, "a change of \"%.*s\" needs a "
			"restart", ARG(words));
		fault_hint(faults, "Restart the service: its sockets stay "
			"open under systemd.");
		config_unref(c);
		return -1;
	}
	press_swap_config(p, c);
	event(EV_RELOADED, F_TEXT("file", slice_str(p->config_path)));
	return 0;
}

static struct slice
first_fault(const struct faults *f)
{
	return f->n ? f->list[0].text : S("");
}

void
reload_by_signal(struct press *p)
{
	CLEANUP(faults_done) struct faults faults = { 0 };

	if (reload(p, &faults) < 0)
		event(EV_RELOAD_FAILED, F_TEXT("why", first_fault(&faults)),
			F_NUM("faults", faults.n + faults.dropped));
}

static json_t *
faults_answer(const struct faults *f)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(64 * 1024);
	json_t *list = json_array();

	for (size_t i = 0; i < f->n; i++) {
		buf_reset(&b);
		fault_put(&f->list[i], &b);
		json_array_append_new(list, json_stringn(b.ptr, b.len));
	}
	return json_pack("{sbsissso}", "ok", 0, "code", CONTROL_USAGE,
		"error", "the configuration was kept", "faults", list);
}

void
reload_by_request(struct press *p, struct control_request *r)
{
	CLEANUP(faults_done) struct faults faults = { 0 };

	if (reload(p, &faults) == 0) {
		control_answer(r, json_pack("{sb}", "ok", 1));
		return;
	}
	event(EV_RELOAD_FAILED, F_TEXT("why", first_fault(&faults)),
		F_NUM("faults", faults.n + faults.dropped));
	control_answer(r, faults_answer(&faults));
}
