/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/text/buf.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void buf_add_n(struct buf *b, const char *s, size_t n)
{
	if (b->len + n + 1 > b->cap) {
		b->cap = (b->len + n + 1) * 2;
		b->text = mem_resize(b->text, b->cap, 1);
	}
	memcpy(b->text + b->len, s, n);
	b->len += n;
	b->text[b->len] = '\0';
}

void buf_add(struct buf *b, const char *s)
{
	buf_add_n(b, s, strlen(s));
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	_free_ char *s = NULL;
	va_list ap;

	va_start(ap, fmt);
	s = mem_vformat(fmt, ap);
	va_end(ap);
	buf_add(b, s);
}

void buf_join(struct buf *b, const char *separator, const char *item)
{
	if (b->len > 0)
		buf_add(b, separator);
	buf_add(b, item);
}

char *buf_take(struct buf *b)
{
	char *text = b->text ? b->text : mem_dup("");

	*b = (struct buf){0};
	return text;
}

void buf_done(struct buf *b)
{
	free(b->text);
	*b = (struct buf){0};
}
