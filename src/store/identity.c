/*
 * identity.log: appending, syncing, and reading back (format: identity.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/uri.h"
#include "store/identity.h"

enum {
	LINES_MAX = 64 * 1024 * 1024,	/* bytes of one transaction */
	LINE_MAX_LEN = 64 * 1024,
	FIELDS = 6,
};

/* ---- opening ---- */

/* Where the last whole line ends; -1 with errno. */
static off_t
whole_end(int fd, off_t size)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	off_t from = MAX((off_t)0, size - LINE_MAX_LEN);
	char *tail = arena_alloc(&a, LINE_MAX_LEN);
	ssize_t n = pread(fd, tail, (size_t)(size - from), from);
	ssize_t at;

	if (n < 0)
		return -1;
	at = slice_rfind_byte(slice(tail, (size_t)n), '\n');
	return from + at + 1;
}

static int
cut_torn_end(int fd, struct err *e)
{
	off_t size = lseek(fd, 0, SEEK_END), end;

	if (size < 0 || (end = whole_end(fd, size)) < 0 ||
		(end < size && ftruncate(fd, end) < 0))
		return err_set(e, ERR_IO, "cannot read or mend it: %m");
	return 0;
}

int
identity_open(struct identity *i, const char *state_dir, struct err *e)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	const char *path = arena_printf(&a, "%s/identity.log",
		state_dir).ptr;

	*i = (struct identity){ .lines = BUF_INIT(LINES_MAX) };
	i->fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC |
		O_NOFOLLOW, 0640);
	if (i->fd < 0)
		return err_set(e, ERR_IO, "cannot open \"%s\": %m", path);
	if (cut_torn_end(i->fd, e) < 0)
		return err_in(e, "\"%s\"", path);
	return 0;
}

void
identity_close(struct identity *i)
{
	fd_close(&i->fd);
	buf_done(&i->lines);
}

/* ---- appending ---- */

void
identity_add(struct identity *i, const struct identity_line *line)
{
	struct buf *b = &i->lines;

	buf_put(b, line->kind);
	buf_put_byte(b, '\t');
	uri_put_segment(b, line->uid, true);
	buf_put_byte(b, '\t');
	uri_put_segment(b, line->path, true);
	buf_printf(b, "\t%016" PRIx64 "\t%" PRId64 "\t", line->hash,
		line->published);
	uri_put_segment(b, line->slug, true);
	buf_put_byte(b, '\n');
}

void
identity_add_authority(struct identity *i, struct slice authority)
{
	buf_put_str(&i->lines, "authority\t");
	uri_put_segment(&i->lines, authority, true);
	buf_put_byte(&i->lines, '\n');
}

/* Half a line must not join the next one. */
static int
take_back(struct identity *i, off_t size, struct err *e)
{
	if (size >= 0 && ftruncate(i->fd, size) < 0)
		err_in(e, "cannot take it back");
	e->kind = ERR_STORE;
	err_in(e, "writing identity.log");
	return err_hint(e, "Make room on the disk of the state directory.");
}

int
identity_write(struct identity *i, struct err *e)
{
	struct slice lines = buf_slice(&i->lines);
	off_t before = lseek(i->fd, 0, SEEK_END);
	int ret = 0;

	if (lines.len == 0)
		return 0;
	if (!buf_ok(&i->lines))
		ret = err_set(e, ERR_LIMIT, "too many at once");
	else
		ret = fd_write(i->fd, lines, e);
	buf_done(&i->lines);
	i->unsynced = true;
	return ret < 0 ? take_back(i, before, e) : 0;
}

int
identity_sync(struct identity *i, struct err *e)
{
	if (!i->unsynced)
		return 0;
	if (fdatasync(i->fd) < 0) {
		err_set(e, ERR_STORE, "cannot sync identity.log: %m");
		return err_hint(e, "Make room on the disk of the state "
			"directory.");
	}
	i->unsynced = false;
	return 0;
}

/* ---- reading back ---- */

/* The fields of a line, decoded; false when it is not one of ours. */
static bool
parse(struct slice text, struct arena *a, struct identity_line *ret)
{
	struct slice f[FIELDS] = { 0 }, field;
	size_t n = 0;

	while (slice_next_field(&text, '\t', &field)) {
		if (n == FIELDS)
			return false;
		f[n] = uri_decode(field, a);
		if (!f[n++].ptr)
			return false;
	}
	if (n < 2)
		return false;
	*ret = (struct identity_line){ .kind = f[0], .uid = f[1] };
	if (slice_eq(f[0], S("authority")))
		return n == 2;
	if (n != FIELDS || f[1].len == 0 || f[5].len == 0)
		return false;
	ret->path = f[2];
	ret->hash = strtoull(f[3].ptr, NULL, 16);
	ret->published = strtoll(f[4].ptr, NULL, 10);
	ret->slug = f[5];
	return slice_eq(f[0], S("article")) || slice_eq(f[0], S("series"));
}

static int
import_line(struct db *db, const struct identity_line *l, int64_t number,
	struct err *e)
{
	struct query q = query_start(db,
		"INSERT INTO identity"
		" (uid, kind, path, hash, published, slug, line)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)"
		" ON CONFLICT (uid) DO UPDATE SET path = excluded.path,"
		" hash = excluded.hash, line = excluded.line");

	query_put_text(&q, l->uid);
	query_put_text(&q, l->kind);
	query_put_text(&q, l->path);
	query_put_hash(&q, l->hash);
	query_put_int(&q, l->published);
	query_put_text(&q, l->slug);
	query_put_int(&q, number);
	return query_run(&q, e);
}

static int
import_lines(FILE *f, struct db *db, struct arena *a,
	struct slice *ret_authority, struct err *e)
{
	CLEANUP(arena_done) struct arena line_arena = { 0 };
	char *text = NULL;
	size_t room = 0;
	ssize_t len;
	int ret = 0;

	for (int64_t n = 1; ret == 0 && (len = getline(&text, &room, f)) > 0;
		n++) {
		struct identity_line l;

		arena_reset(&line_arena);
		/* A damaged line costs its own name, and no other. */
		if (!parse(slice(text, (size_t)len - 1), &line_arena, &l))
			continue;
		if (slice_eq(l.kind, S("authority")))
			*ret_authority = arena_copy(a, l.uid);
		else
			ret = import_line(db, &l, n, e);
	}
	free(text);
	return ret;
}

int
identity_import(struct identity *i, struct db *db, struct arena *a,
	struct slice *ret_authority, struct err *e)
{
	int fd = fcntl(i->fd, F_DUPFD_CLOEXEC, 0);
	FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;
	int ret;

	*ret_authority = S("");
	if (!f) {
		fd_close(&fd);
		return err_set(e, ERR_IO, "cannot read identity.log: %m");
	}
	rewind(f);
	ret = import_lines(f, db, a, ret_authority, e);
	fclose(f);
	return ret < 0 ? err_in(e, "reading identity.log") : 0;
}

/* ---- claiming ---- */

static bool
take_row(struct query *q, struct identity_line *line, struct arena *a)
{
	if (!query_row(q))
		return false;
	line->uid = query_text(q, 0, a);
	line->path = query_text(q, 1, a);
	line->published = query_int(q, 2);
	line->slug = query_text(q, 3, a);
	return true;
}

static int
find_by_path(struct db *db, struct identity_line *line, struct arena *a,
	struct err *e)
{
	struct query q = query_start(db,
		"SELECT uid, path, published, slug FROM identity"
		" WHERE kind = ? AND path = ? ORDER BY line DESC LIMIT 1");

	query_put_text(&q, line->kind);
	query_put_text(&q, line->path);
	take_row(&q, line, a);
	return query_done(&q, e);
}

/* The only one with this hash; with two of them, neither. */
static int
find_by_hash(struct db *db, struct identity_line *line, struct arena *a,
	struct err *e)
{
	struct query q = query_start(db,
		"SELECT uid, path, published, slug FROM identity"
		" WHERE kind = ? AND hash = ? LIMIT 2");
	struct identity_line found = *line;

	query_put_text(&q, line->kind);
	query_put_hash(&q, line->hash);
	if (take_row(&q, &found, a) && !query_row(&q))
		*line = found;
	return query_done(&q, e);
}

int
identity_claim(struct db *db, struct identity_line *line,
	bool (*still_there)(void *ctx, struct slice path), void *ctx,
	struct arena *a, bool *ret_found, struct err *e)
{
	struct identity_line found = *line;
	struct query q;

	*ret_found = false;
	if (find_by_path(db, &found, a, e) < 0)
		return -1;
	if (found.uid.len == 0 && still_there) {
		if (find_by_hash(db, &found, a, e) < 0)
			return -1;
		if (found.uid.len > 0 && still_there(ctx, found.path))
			return 0;
	}
	if (found.uid.len == 0)
		return 0;
	q = query_start(db, "DELETE FROM identity WHERE uid = ?");
	query_put_text(&q, found.uid);
	if (query_run(&q, e) < 0)
		return -1;
	*line = found;
	*ret_found = true;
	return 0;
}
