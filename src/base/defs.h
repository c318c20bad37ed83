/*
 * The few words that every file uses: promises, attributes, cleanups.
 */
#ifndef BASE_DEFS_H
#define BASE_DEFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define UNUSED __attribute__((unused))

/* Run fn(&variable) when the variable goes out of scope. */
#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* Hand a pointer on: the old name is NULL afterwards. */
#define TAKE(p) \
	({ __typeof__(p) take_ = (p); (p) = NULL; take_; })

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define CONTAINER_OF(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/*
 * A promise inside the program.  Broken means a bug, and a daemon that goes on
 * with a bug publishes it: stop, in release builds too.
 */
#define CHECK(x) \
	((x) ? (void)0 : check_failed(#x, __FILE__, __LINE__))

/* Print the broken promise to stderr and abort(3). */
void check_failed(const char *what, const char *file, int line)
	__attribute__((noreturn, cold));

/*
 * Allocate; never return NULL.  Every size that comes from outside has a limit
 * before it gets here, so out of memory means that the machine is out of
 * memory: the process ends cleanly and the service manager starts it again.
 * x_calloc() zeroes and checks n * size for overflow.
 */
void *x_malloc(size_t size) __attribute__((malloc, returns_nonnull));
void *x_calloc(size_t n, size_t size) __attribute__((malloc, returns_nonnull));
void *x_realloc(void *p, size_t size) __attribute__((returns_nonnull));
char *x_strdup(const char *s) __attribute__((malloc, returns_nonnull));

#endif
