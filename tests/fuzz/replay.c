/*
 * Replay a corpus: what a fuzzer once found interesting, or broken, is tried
 * on every build, by the ordinary compiler.
 *
 * CORPUS is the folder, and a fuzz target is linked in.  Writes TAP, one line
 * an input; an input that breaks a promise ends the program before its line.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "fuzz.h"

enum { INPUT_MAX = 1 << 20 };

static int
replay_one(int dir, const char *name, struct err *e)
{
	struct arena a = { 0 };
	struct slice bytes;
	uint8_t *copy;

	if (file_read(dir, name, INPUT_MAX, &a, &bytes, e) < 0) {
		arena_done(&a);
		return -1;
	}
	/* A copy of exactly that size: a read beyond it is seen. */
	copy = x_malloc(bytes.len);
	memcpy(copy, bytes.ptr, bytes.len);
	arena_done(&a);
	LLVMFuzzerTestOneInput(copy, bytes.len);
	free(copy);
	return 0;
}

int
main(void)
{
	DIR *dir = opendir(CORPUS);
	struct dirent *entry;
	size_t n = 0;
	int bad = 0;

	while (dir && (entry = readdir(dir))) {
		struct err e = { 0 };
		bool ok;

		if (entry->d_name[0] == '.')
			continue;
		ok = replay_one(dirfd(dir), entry->d_name, &e) == 0;
		bad += !ok;
		printf("%s %zu - %s%s%s\n", ok ? "ok" : "not ok", ++n,
			entry->d_name, ok ? "" : ": ", e.text);
	}
	if (dir)
		closedir(dir);
	printf("1..%zu\n", n);
	return n == 0 || bad > 0;
}
