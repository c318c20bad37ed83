/*
 * Stamps: what statx(2) says of a file.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sysmacros.h>

#include "base/clock.h"
#include "base/hash.h"
#include "watch/stamp.h"

static int64_t
nanoseconds(const struct statx_timestamp *t)
{
	return (int64_t)t->tv_sec * 1000000000 + t->tv_nsec;
}

int
look_at(int dir, const char *name, struct look *ret)
{
	struct statx s;

	if (statx(dir, name, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH,
		STATX_BASIC_STATS | STATX_BTIME, &s) < 0)
		return -1;
	*ret = (struct look){ .mode = s.stx_mode, .links = s.stx_nlink };
	ret->stamp.dev = makedev(s.stx_dev_major, s.stx_dev_minor);
	ret->stamp.ino = s.stx_ino;
	if (s.stx_mask & STATX_BTIME)
		ret->stamp.btime_ns = nanoseconds(&s.stx_btime);
	if (!S_ISREG(s.stx_mode))
		return 0;
	ret->stamp.size = s.stx_size;
	ret->stamp.mtime_ns = nanoseconds(&s.stx_mtime);
	ret->stamp.ctime_ns = nanoseconds(&s.stx_ctime);
	return 0;
}

bool
stamp_same(const struct file_stamp *a, const struct file_stamp *b)
{
	return a->ino == b->ino && a->size == b->size &&
		a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns;
}

bool
stamp_same_file(const struct file_stamp *a, const struct file_stamp *b)
{
	if (a->dev != b->dev || a->ino != b->ino ||
		a->btime_ns != b->btime_ns)
		return false;
	return a->btime_ns != 0 ||
		(a->size == b->size && a->mtime_ns == b->mtime_ns);
}

uint64_t
stamp_sum(struct slice name, const struct file_stamp *s)
{
	int64_t state[] = { (int64_t)s->ino, (int64_t)s->size, s->mtime_ns,
		s->ctime_ns };

	return hash64_mix(hash64(name), slice((const char *)state,
		sizeof(state)));
}

int64_t
stamp_age_ms(const struct file_stamp *s)
{
	return llabs(clock_now_ms() - s->mtime_ns / 1000000);
}
