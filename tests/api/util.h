/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Helpers of the stub. */
#ifndef API_UTIL_H
#define API_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define cleanup_text __attribute__((cleanup(free_text)))

static inline void free_text(char **text)
{
	free(*text);
}

static inline bool begins(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* A growing byte string; once set, `data` ends with a NUL. */
struct buf {
	char *data;
	size_t len;
};

void buf_add(struct buf *buf, const char *data, size_t len);
void buf_done(struct buf *buf);

/* These exit when memory runs out. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *text_copy(const char *text);

void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
