/*
 * Errors: what failed, told from the outside in, with what to do about it.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"

int
err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	e->kind = kind;
	e->hint[0] = '\0';
	va_start(ap, fmt);
	errno = saved;
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	errno = saved;
	return -1;
}

int
err_in(struct err *e, const char *fmt, ...)
{
	char text[sizeof(e->text)];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* Too long a text is cut at its end: the outside tells more. */
	if (len >= 0 && (size_t)len < sizeof(text) &&
		snprintf(text + len, sizeof(text) - (size_t)len, ": %s",
			e->text) < 0)
		text[len] = '\0';
	memcpy(e->text, text, sizeof(text));
	return -1;
}

int
err_hint(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->hint, sizeof(e->hint), fmt, ap);
	va_end(ap);
	return -1;
}

int
err_forgive(struct err *e, enum err_kind kind)
{
	if (e->kind != kind)
		return -1;
	*e = (struct err){ 0 };
	return 0;
}
