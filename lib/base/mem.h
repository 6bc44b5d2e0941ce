/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_MEM_H
#define BASE_MEM_H

/*
 * Allocation that cannot fail: if memory runs out, print a message and abort().
 *
 * Profiles and API answers are bounded in size, and all planning happens before the
 * first write. So a process that aborts here has not changed the host. Handling NULL
 * in only some places would be the greater risk.
 */

#include "base/macro.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Allocate zeroed memory for n objects of `size` bytes. The caller frees it. */
void *mem_new(size_t n, size_t size);

/* Resize an array to n objects of `size` bytes. New bytes are uninitialised. */
void *mem_resize(void *p, size_t n, size_t size);

/*
 * Make room for one more object in an array with capacity *cap that holds n. Doubles
 * the capacity when full. Return: the array, possibly moved.
 */
void *mem_grow(void *p, size_t *cap, size_t n, size_t size);

/* Copy a string (NULL stays NULL), copy its first n bytes, or format a new one. */
char *mem_dup(const char *s);
char *mem_dup_n(const char *s, size_t n);
char *mem_format(const char *fmt, ...) _printf_(1, 2);
char *mem_vformat(const char *fmt, va_list ap) _printf_(1, 0);

/* Join texts, none of them NULL: what "%s%s" does, in a tenth of its time. */
#define mem_join(...) mem_join_until_null(__VA_ARGS__, (const char *)NULL)
char *mem_join_until_null(const char *first, ...) __attribute__((sentinel));

/* Return what a library has allocated; NULL: memory ran out, as above. */
void *mem_check(void *p);

/* The same for a library that says whether it could. */
static inline void mem_need(bool could)
{
	if (!could)
		(void)mem_check(NULL);
}

/* Free *slot and set it to `s`, an owned string or NULL. */
void mem_set(char **slot, char *s);

/* For _cleanup_ on any pointer from malloc. */
void mem_freep(void *pp);

/* For _cleanup_ on a file descriptor. Preserves errno, ignores negative values. */
void fd_closep(const int *fd);

#define _free_  _cleanup_(mem_freep)
#define _close_ _cleanup_(fd_closep)

#endif
