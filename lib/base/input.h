/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASE_INPUT_H
#define BASE_INPUT_H

/* Files that the user names, and standard input: they may be anything, and never end. */

#include "base/deadline.h"
#include "base/err.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * Open a file below the directory `dir` (AT_FDCWD: of the process) for reading. It is a
 * regular file, a pipe or /dev/null; with `kmsg`, also /dev/kmsg. Anything else is
 * refused without being opened, as opening a device can change it. It does not wait for
 * the writer of a pipe: reads need input_wait(). Return: a descriptor; -errno, without
 * the path in the text.
 */
int input_open(int dir, const char *path, bool kmsg, struct err *e);

/*
 * Wait for something to read, and read it.
 * Return: the number of bytes, 0 at the end; -ETIME at `until`; -errno.
 */
ssize_t input_read(int fd, void *data, size_t size, struct deadline until, struct err *e);

/* Wait until it can be read or has ended. Return: 0; -ETIME at `until`; -errno. */
int input_wait(int fd, struct deadline until, struct err *e);

#endif
