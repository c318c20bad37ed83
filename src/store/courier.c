/*
 * Opening courier.db: its lock, its schema, its thread.
 *
 * Its file is for its owner alone (0600): HMAC needs the subscribers' secrets
 * as they are.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "base/file.h"
#include "store/courier.h"
#include "store/lock.h"
#include "store/store.h"

/* Made before SQLite does it, so that it never had another mode. */
static int
make_secret(const char *path, struct err *e)
{
	CLEANUP(fd_close) int fd = open(path,
		O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0 || fchmod(fd, 0600) < 0)
		return err_set(e, ERR_STORE, "cannot open \"%s\": %m", path);
	return 0;
}

static int
open_parts(struct store *s, const struct store_open *o, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	const char *path = arena_printf(&a, "%s/courier.db",
		o->state_dir).ptr;

	s->tx.is_bare = true;
	s->lock_fd = lock_take(o->state_dir, "courier.lock", e);
	if (s->lock_fd < 0)
		return -1;
	if (make_secret(path, e) < 0 || db_open_log(&s->tx.db, path, e) < 0 ||
		courier_migrate(&s->tx.db, e) < 0)
		return err_in(e, "\"%s\"", path);
	readers_init(&s->readers, path, false);
	checkpoint_init(&s->checkpoint, path);
	return 0;
}

int
open_courier(const struct store_open *o, struct store **ret, struct err *e)
{
	struct store *s = store_new();

	if (open_parts(s, o, e) < 0) {
		store_close(s);
		return -1;
	}
	store_run(s, o->loop);
	*ret = s;
	return 0;
}
