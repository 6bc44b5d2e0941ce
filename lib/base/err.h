/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_ERR_H
#define BASE_ERR_H

/*
 * One failure, described from the inside out: the function that fails sets the
 * text, and each caller prepends what only it knows ("sysctl vm.swappiness:
 * write proc/sys/vm/swappiness: Permission denied"). Only cmd/ prints.
 *
 * The caller owns the struct, usually on its stack. Nothing is allocated, so an
 * error can be reported when memory is short and across a fork.
 */

#include "base/macro.h"

#define ERR_TEXT_MAX 2048

struct err {
	int code; /* -errno; 0: no failure so far */
	char text[ERR_TEXT_MAX];
};

/* Set code and text. Return: `code`, for `return err_set(...)`. */
int err_set(struct err *e, int code, const char *fmt, ...) _printf_(3, 4);

/* Set code -errnum and the text, with ": " and strerror() appended. Return: -errnum. */
int err_errno(struct err *e, int errnum, const char *fmt, ...) _printf_(3, 4);

/* Prepend "<text>: ". Return: the code set before. */
int err_wrap(struct err *e, const char *fmt, ...) _printf_(2, 3);

/* Append " (<hint>)", which says how to fix it. Return: the code set before. */
int err_hint(struct err *e, const char *fmt, ...) _printf_(2, 3);

#endif
