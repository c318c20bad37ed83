/*
 * Time and chance, from one place, so that tests can set both.
 */
#include <stdatomic.h>
#include <sys/random.h>
#include <time.h>

#include "base/clock.h"

static _Atomic int64_t stopped_at = -1;

static int64_t
read_ms(clockid_t id)
{
	struct timespec ts;

	CHECK(clock_gettime(id, &ts) == 0);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
clock_now_ms(void)
{
	int64_t at = atomic_load_explicit(&stopped_at, memory_order_relaxed);

	return at >= 0 ? at : read_ms(CLOCK_REALTIME);
}

int64_t
clock_now(void)
{
	return clock_now_ms() / 1000;
}

int64_t
clock_mono_ms(void)
{
	return read_ms(CLOCK_MONOTONIC);
}

int64_t
clock_running_ms(void)
{
	return read_ms(CLOCK_BOOTTIME);
}

int64_t
clock_worked_ms(void)
{
	return read_ms(CLOCK_THREAD_CPUTIME_ID);
}

void
clock_set_ms(int64_t ms)
{
	atomic_store(&stopped_at, ms);
}

uint64_t
rand_u64(void)
{
	uint64_t n;

	CHECK(getrandom(&n, sizeof(n), 0) == (ssize_t)sizeof(n));
	return n;
}
