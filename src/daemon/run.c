/*
 * Running the daemon: the loop with its signals, control socket and service
 * manager around a press, a courier, or both.
 *
 * The service manager (sd_notify(3)) hears READY when readers are served,
 * STATUS when the sentence changes (looked at once a second), WATCHDOG at half
 * its interval from the loop itself, so that a hung loop is a dead daemon.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/event.h"
#include "daemon/answer.h"
#include "daemon/flow.h"
#include "daemon/post.h"
#include "daemon/progress.h"
#include "daemon/reload.h"
#include "daemon/run.h"

struct runner {
	struct press press;
	const struct run *run;
	ev_signal term, intr, hup;
	ev_timer second, watchdog;
	struct progress progress;
	char status[256];
	bool told;	/* on_reconciled was called */
};

static void
on_stop(struct ev_loop *loop, ev_signal *w, int events)
{
	struct runner *r = w->data;

	(void)events;
	/* The second time somebody is in a hurry; nothing stored is lost. */
	if (r->press.stopping)
		_exit(EXIT_FAILED);
	event(EV_STOPPING);
	sd_notify(0, "STOPPING=1");
	ev_break(loop, EVBREAK_ALL);
}

static void
on_hup(struct ev_loop *loop, ev_signal *w, int events)
{
	struct runner *r = w->data;

	(void)loop;
	(void)events;
	reload_by_signal(&r->press);
}

static void
tell_status(struct runner *r)
{
	char text[sizeof(r->status)];

	answer_summary(&r->press, text, sizeof(text));
	if (strcmp(text, r->status) == 0)
		return;
	memcpy(r->status, text, sizeof(text));
	sd_notifyf(0, "STATUS=%s", text);
}

static void
on_second(struct ev_loop *loop, ev_timer *w, int events)
{
	struct runner *r = w->data;
	struct flow_status s;

	(void)loop;
	(void)events;
	tell_status(r);
	if (!r->press.flow)
		return;
	flow_get_status(r->press.flow, &s);
	progress_show(&r->progress, &r->press);
	if (!s.reconciled || r->told || !answer_published(&r->press))
		return;
	r->told = true;
	progress_end(&r->progress);
	if (r->run->on_reconciled)
		r->run->on_reconciled(&r->press);
}

static void
on_watchdog(struct ev_loop *loop, ev_timer *w, int events)
{
	(void)loop;
	(void)w;
	(void)events;
	sd_notify(0, "WATCHDOG=1");
}

static void
watch_signal(struct runner *r, ev_signal *w,
	void (*call)(struct ev_loop *, ev_signal *, int), int signal_number)
{
	ev_signal_init(w, call, signal_number);
	w->data = r;
	ev_signal_start(r->press.loop, w);
	ev_unref(r->press.loop);
}

static void
start_watchers(struct runner *r)
{
	uint64_t usec;

	signal(SIGPIPE, SIG_IGN);
	watch_signal(r, &r->term, on_stop, SIGTERM);
	watch_signal(r, &r->intr, on_stop, SIGINT);
	watch_signal(r, &r->hup, on_hup, SIGHUP);
	ev_timer_init(&r->second, on_second, 0.2, r->run->progress ||
		r->run->on_reconciled ? 0.2 : 1.);
	r->second.data = r;
	ev_timer_start(r->press.loop, &r->second);
	if (sd_watchdog_enabled(0, &usec) > 0) {
		double half = (double)usec / 2e6;

		ev_timer_init(&r->watchdog, on_watchdog, 0., half);
		ev_timer_start(r->press.loop, &r->watchdog);
	}
}

static void
stop_watchers(struct runner *r)
{
	ev_timer_stop(r->press.loop, &r->second);
	ev_timer_stop(r->press.loop, &r->watchdog);
}

static void
say_started(struct runner *r)
{
	const char *address = r->press.serve ?
		serve_address(r->press.serve, 0) :
		r->press.config->courier.control;

	event(EV_STARTED, F_TEXT("address", slice_str(address)),
		F_NUM("pid", getpid()));
	sd_notify(0, "READY=1");
}

static int
fail(const struct err *e)
{
	fprintf(stderr, "gazetted: %s\n", e->text);
	if (e->hint[0])
		fprintf(stderr, "  %s\n", e->hint);
	return EXIT_FAILED;
}

static int
start(struct runner *r, struct ev_loop *loop, struct err *e)
{
	struct press *p = &r->press;
	struct config *c = r->run->config;

	p->config_path = r->run->config_path;
	p->runs_courier = r->run->role != ROLE_PRESS;
	if (r->run->role == ROLE_COURIER)
		press_start_bare(p, c, loop);
	else if (press_start(p, c, loop, e) < 0)
		return -1;
	if (p->runs_courier && post_start(p, e) < 0)
		return -1;
	if (r->run->role == ROLE_COURIER && post_listen(p, e) < 0)
		return -1;
	return answer_start(p, e);
}

int
run_daemon(const struct run *run)
{
	struct runner r = { .run = run };
	struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
	struct err e = { 0 };
	int rc = EXIT_OK;

	CHECK(loop);
	event_setup(run->config->log_json ? EVENT_JSON : EVENT_TEXT);
	progress_init(&r.progress, run->progress);
	if (start(&r, loop, &e) < 0) {
		rc = fail(&e);
	} else {
		start_watchers(&r);
		say_started(&r);
		ev_run(loop, 0);
		stop_watchers(&r);
		/* Whatever broke the loop without a signal was an error. */
	}
	answer_stop(&r.press);
	press_stop(&r.press);
	if (rc == EXIT_OK)
		event(EV_STOPPED);
	ev_loop_destroy(loop);
	return rc;
}
