/*
 * The database of the first scan: beginning, and becoming press.db (invariants:
 * first.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "store/first.h"

enum { FLUSH_BYTES = 16 * 1024 * 1024 };

static const char first_name[] = "press.db.first";

static char *
join(const char *dir, const char *name)
{
	CLEANUP(arena_done) struct arena a = { 0 };

	return x_strdup(arena_printf(&a, "%s/%s", dir, name).ptr);
}

/*
 * A log that outlived its database would be taken for the log of the next one,
 * so it never does.
 */
static int
remove_all(const struct first *f, struct err *e)
{
	static const char *const names[] = { "press.db", "press.db-wal",
		"press.db-shm", first_name };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (unlinkat(f->dir, names[i], 0) < 0 && errno != ENOENT)
			return err_set(e, ERR_STORE,
				"cannot remove \"%s\": %m", names[i]);
	return 0;
}

int
first_begin(struct first *f, const char *state_dir, struct db *db,
	struct err *e)
{
	*f = (struct first){
		.under_way = true,
		.path = join(state_dir, first_name),
		.final = join(state_dir, "press.db"),
		.fd = -1,
	};
	f->dir = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->dir < 0)
		return err_set(e, ERR_STORE, "cannot open it: %m");
	if (remove_all(f, e) < 0 || db_open(db, f->path, DB_FIRST, e) < 0)
		return -1;
	f->fd = open(f->path, O_WRONLY | O_CLOEXEC);
	return f->fd < 0 ? err_set(e, ERR_STORE, "cannot open \"%s\": %m",
		f->path) : 0;
}

void
first_flush(struct first *f)
{
	struct stat st;

	if (fstat(f->fd, &st) < 0 || st.st_size - f->flushed < FLUSH_BYTES)
		return;
	/* Only a beginning: first_end() syncs, and sees what went wrong. */
	sync_file_range(f->fd, f->flushed, st.st_size - f->flushed,
		SYNC_FILE_RANGE_WRITE);
	f->flushed = st.st_size;
}

static int
become_press_db(struct first *f, struct identity *identity, struct err *e)
{
	if (identity_sync(identity, e) < 0)
		return -1;
	if (fsync(f->fd) < 0)
		return err_set(e, ERR_STORE, "cannot sync \"%s\": %m",
			f->path);
	if (renameat(f->dir, first_name, f->dir, "press.db") < 0 ||
		fsync(f->dir) < 0)
		return err_set(e, ERR_STORE, "cannot rename \"%s\": %m",
			f->path);
	f->under_way = false;
	return 0;
}

int
first_end(struct first *f, struct identity *identity, struct db *db,
	struct err *e)
{
	struct err ignored;

	/* Closed before: SQLite must not see its file change its name. */
	db_close(db);
	if (become_press_db(f, identity, e) == 0)
		return db_open_log(db, f->final, e);
	err_hint(e, "Make room on the disk of the state directory.");
	/* When this fails too, whoever asks db something is told so. */
	if (db_open(db, f->path, DB_FIRST, &ignored) < 0)
		return -1;
	return -1;
}

void
first_done(struct first *f)
{
	if (!f->path)
		return;
	fd_close(&f->fd);
	fd_close(&f->dir);
	free(TAKE(f->path));
	free(TAKE(f->final));
}
