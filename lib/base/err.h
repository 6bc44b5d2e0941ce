/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_ERR_H
#define BASE_ERR_H

/*
 * One failure, told from the inside out: the place where it happens sets the
 * text, each caller puts in front what only it knows ("sysctl vm.swappiness:
 * write proc/sys/vm/swappiness: Permission denied"). Only cmd/ prints.
 *
 * The caller owns the struct, usually on its stack; no allocation, so that an
 * error can be told when memory is short and across a fork.
 */

#include "base/macro.h"

#define ERR_TEXT_MAX 2048

struct err {
	int code; /* -errno, 0 while nothing failed */
	char text[ERR_TEXT_MAX];
};

/* Set code and text. Return: code, so that `return err_set(...)` reads well. */
int err_set(struct err *e, int code, const char *fmt, ...) _printf_(3, 4);

/* As err_set() with code -errnum and ": <the system's words for it>" appended. */
int err_errno(struct err *e, int errnum, const char *fmt, ...) _printf_(3, 4);

/* Put "<text>: " in front. Return: the code that was set. */
int err_wrap(struct err *e, const char *fmt, ...) _printf_(2, 3);

/* Append " (<hint>)": what to do about it. Return: the code that was set. */
int err_hint(struct err *e, const char *fmt, ...) _printf_(2, 3);

#endif
