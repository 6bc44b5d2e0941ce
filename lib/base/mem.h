/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_MEM_H
#define BASE_MEM_H

/*
 * Allocation that cannot fail: out of memory ends the process with a message.
 *
 * Profiles and answers are bounded in size, and all planning happens before the
 * first write, so the process that dies here has not touched the host yet; a
 * half-handled NULL would be the greater danger.
 */

#include "base/macro.h"

#include <stdarg.h>
#include <stddef.h>

/* Zeroed memory for n objects of `size` bytes. The caller frees. */
void *mem_new(size_t n, size_t size);

/* Grow (or shrink) an array to n objects of `size` bytes; new bytes are not set. */
void *mem_resize(void *p, size_t n, size_t size);

/*
 * Make room for one more in an array of *cap objects that holds n; doubles.
 * Return: the array, perhaps moved.
 */
void *mem_grow(void *p, size_t *cap, size_t n, size_t size);

/* A copy of a string (NULL stays NULL), of its first n bytes, or a formatted one. */
char *mem_dup(const char *s);
char *mem_dup_n(const char *s, size_t n);
char *mem_format(const char *fmt, ...) _printf_(1, 2);
char *mem_vformat(const char *fmt, va_list ap) _printf_(1, 0);

/* Replace *slot by s, which must be owned or NULL, and free what was there. */
void mem_set(char **slot, char *s);

/* For _cleanup_ on any pointer from malloc. */
void mem_freep(void *pp);

/* For _cleanup_ on a descriptor; keeps errno, ignores negative ones. */
void fd_closep(const int *fd);

#define _free_  _cleanup_(mem_freep)
#define _close_ _cleanup_(fd_closep)

#endif
