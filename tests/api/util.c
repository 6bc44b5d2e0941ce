/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include <stdarg.h>
#include <string.h>

#include "util.h"

void buf_add(struct buf *buf, const char *data, size_t len)
{
	char *grown = realloc(buf->data, buf->len + len + 1);

	if (!grown)
		die("out of memory");
	memcpy(grown + buf->len, data, len);
	buf->data = grown;
	buf->len += len;
	grown[buf->len] = '\0';
}

void buf_done(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){0};
}

char *text_format(const char *format, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		die("out of memory");
	return text;
}

char *text_copy(const char *text)
{
	return text_format("%s", text);
}

void die(const char *format, ...)
{
	va_list args;

	fputs("api-stub: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}
