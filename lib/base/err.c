/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *e, int code, const char *fmt, ...)
{
	va_list ap;

	e->code = code;
	va_start(ap, fmt);
	(void)vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	return code;
}

static void err_append(struct err *e, const char *open, const char *text,
                       const char *close)
{
	size_t used = strlen(e->text);

	(void)snprintf(e->text + used, sizeof(e->text) - used, "%s%s%s", open, text,
	               close);
}

int err_errno(struct err *e, int errnum, const char *fmt, ...)
{
	va_list ap;

	e->code = -errnum;
	va_start(ap, fmt);
	(void)vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	err_append(e, ": ", strerror(errnum), "");
	return e->code;
}

int err_wrap(struct err *e, const char *fmt, ...)
{
	char front[ERR_TEXT_MAX];
	size_t len, keep;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(front, sizeof(front) - 2, fmt, ap);
	va_end(ap);
	len = strlen(front);
	front[len++] = ':';
	front[len++] = ' ';
	/* too long: cut the innermost words, because the outermost name the object */
	keep = strlen(e->text);
	if (keep > sizeof(e->text) - 1 - len)
		keep = sizeof(e->text) - 1 - len;
	memmove(e->text + len, e->text, keep);
	memcpy(e->text, front, len);
	e->text[len + keep] = '\0';
	return e->code;
}

int err_hint(struct err *e, const char *fmt, ...)
{
	char hint[ERR_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(hint, sizeof(hint), fmt, ap);
	va_end(ap);
	/* on the way up, several may know the same */
	if (!strstr(e->text, hint))
		err_append(e, " (", hint, ")");
	return e->code;
}
