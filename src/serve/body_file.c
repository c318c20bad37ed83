/*
 * Bodies in files.
 *
 * A large body that is sent from memory is copied into the socket, which is
 * 40 % of what answering costs.  With sendfile(2) the socket shares the pages
 * of a file.  (Of a memfd, too, but those go one by one: 6 % are lost.)
 *
 * 1. The loop never waits for a disk: a pool thread writes the file.
 * 2. Nobody writes into it afterwards, and nobody else can open it.
 * 3. The descriptor ends up with libmicrohttpd, which tells nobody when it
 *    closes it.  So holders are counted: whoever may cause it to be sent, and
 *    to whom it is sent.  There are not more descriptors than files with one.
 */
#include <fcntl.h>
#include <stdlib.h>

#include "base/file.h"
#include "serve/body_file.h"

enum { FILES_MAX = 64, BYTES_MAX = 64 * 1024 * 1024 };

struct body_file {
	struct job job;
	struct body_files *all;
	struct document *document;
	enum coding coding;
	size_t holders, len;
	int fd;			/* the job's while it runs */
	bool written;
};

static void
write_run(struct job *j)
{
	struct body_file *f = CONTAINER_OF(j, struct body_file, job);
	struct err ignored = { 0 };

	f->fd = open(f->all->dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (f->fd >= 0 && fd_write(f->fd, f->document->body[f->coding],
		&ignored) < 0)
		fd_close(&f->fd);
}

static void
write_done(struct job *j)
{
	struct body_file *f = CONTAINER_OF(j, struct body_file, job);

	f->written = true;
	document_unref(TAKE(f->document));
	body_file_unref(f);
}

struct body_file *
body_file_new(struct body_files *all, struct document *d, enum coding c)
{
	size_t len = d->body[c].len;
	struct body_file *f;

	if (!all->pool || all->n == FILES_MAX || all->bytes + len > BYTES_MAX)
		return NULL;
	f = x_calloc(1, sizeof(*f));
	f->job = (struct job){ .run = write_run, .done = write_done };
	f->all = all;
	f->document = document_ref(d);
	f->coding = c;
	f->holders = 2;		/* the caller and the job */
	f->len = len;
	f->fd = -1;
	all->n++;
	all->bytes += len;
	pool_submit(all->pool, &f->job, POOL_SOON);
	return f;
}

int
body_file_take(struct body_file *f)
{
	int fd = f->written ? f->fd : -1;

	if (f->written)
		f->fd = -1;
	return fd;
}

struct body_file *
body_file_ref(struct body_file *f)
{
	if (f)
		f->holders++;
	return f;
}

void
body_file_unref(struct body_file *f)
{
	if (!f || --f->holders > 0)
		return;
	fd_close(&f->fd);
	f->all->n--;
	f->all->bytes -= f->len;
	free(f);
}
