/*
 * The progress line of the first scan, on a terminal.
 */
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "daemon/flow.h"
#include "daemon/progress.h"

void
progress_init(struct progress *p, bool wanted)
{
	*p = (struct progress){
		.on = wanted && isatty(STDERR_FILENO),
		.started = clock_mono_ms(),
	};
}

void
progress_show(struct progress *p, const struct press *press)
{
	struct watch_status w;
	struct flow_status f;
	int64_t ms = clock_mono_ms() - p->started;
	uint64_t rate;

	if (!p->on)
		return;
	watch_get_status(press->watch, &w);
	flow_get_status(press->flow, &f);
	if (w.scanning) {
		fprintf(stderr, "\r\033[Klooking: %zu files", w.scanned);
	} else {
		rate = f.files * 1000 / (uint64_t)MAX(ms, 1);
		fprintf(stderr, "\r\033[Kreading: %llu of %llu files, "
			"%llu/s, %llu s left", (unsigned long long)f.files,
			(unsigned long long)(f.files + w.dirty),
			(unsigned long long)rate,
			(unsigned long long)(w.dirty / MAX(rate, 1U)));
	}
	fflush(stderr);
	p->shown = true;
}

void
progress_end(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->on = p->shown = false;
}
