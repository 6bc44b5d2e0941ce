/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHORT_BYTES 256

void *mem_check(void *p)
{
	if (!p) {
		(void)fputs("hosttune: out of memory\n", stderr);
		abort();
	}
	return p;
}

void *mem_new(size_t n, size_t size)
{
	return mem_check(calloc(n ? n : 1, size));
}

void *mem_resize(void *p, size_t n, size_t size)
{
	return mem_check(reallocarray(p, n ? n : 1, size));
}

void *mem_grow(void *p, size_t *cap, size_t n, size_t size)
{
	if (n < *cap)
		return p;
	*cap = *cap ? *cap * 2 : 8;
	return mem_resize(p, *cap, size);
}

char *mem_dup(const char *s)
{
	return s ? mem_check(strdup(s)) : NULL;
}

char *mem_dup_n(const char *s, size_t n)
{
	return mem_check(strndup(s, n));
}

char *mem_join_until_null(const char *first, ...)
{
	size_t len = 0;
	char *s, *end;
	va_list ap;

	va_start(ap, first);
	for (const char *part = first; part; part = va_arg(ap, const char *))
		len += strlen(part);
	va_end(ap);
	s = end = mem_check(malloc(len + 1));
	va_start(ap, first);
	for (const char *part = first; part; part = va_arg(ap, const char *))
		end = stpcpy(end, part);
	va_end(ap);
	*end = '\0';
	return s;
}

/* vasprintf() formats twice, also a short text. */
char *mem_vformat(const char *fmt, va_list ap)
{
	_uninitialized_ char text[SHORT_BYTES];
	char *s = NULL;
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	if (n >= 0 && (size_t)n < sizeof(text))
		s = strndup(text, (size_t)n);
	else if (n >= 0 && vasprintf(&s, fmt, again) < 0)
		s = NULL;
	va_end(again);
	return mem_check(s);
}

char *mem_format(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = mem_vformat(fmt, ap);
	va_end(ap);
	return s;
}

void mem_set(char **slot, char *s)
{
	free(*slot);
	*slot = s;
}

void mem_freep(void *pp)
{
	free(*(void **)pp);
}

void fd_closep(const int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		(void)close(*fd);
	errno = saved;
}
