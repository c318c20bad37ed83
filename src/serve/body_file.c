/*
 * Bodies in files.
 *
 * A large body that is sent from memory is copied into the socket, which is
 * 40 % of all that answering costs; with sendfile(2) the socket shares the
 * pages of a file instead.
 *
 * 1. The descriptor belongs to libmicrohttpd's response, which tells nobody
 *    when it closes it.  So its holders are counted here: as many descriptors
 *    are open as there are files with a holder.
 * 2. Nobody writes into a file after its response was made; it has no name.
 */
#include <stdlib.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "serve/body_file.h"

struct body_file {
	size_t holders;
	size_t *count;
};

struct body_file *
body_file_new(struct slice bytes, size_t *count, size_t count_max, int *ret_fd)
{
	CLEANUP(fd_close) int fd = *count < count_max ?
		(getenv("TMPF") ? open(getenv("TMPF"), O_TMPFILE | O_RDWR, 0600) : memfd_create("body", MFD_CLOEXEC)) : -1;
	struct body_file *f;

	if (fd < 0 || write(fd, bytes.ptr, bytes.len) != (ssize_t)bytes.len)
		return NULL;
	f = x_calloc(1, sizeof(*f));
	f->holders = 1;
	f->count = count;
	++*count;
	*ret_fd = fd;
	fd = -1;
	return f;
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
	--*f->count;
	free(f);
}
