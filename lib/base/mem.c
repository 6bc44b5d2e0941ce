/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

char *mem_vformat(const char *fmt, va_list ap)
{
	char *s = NULL;

	if (vasprintf(&s, fmt, ap) < 0)
		s = NULL;
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
