/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CONFINE_FILTER_H
#define CONFINE_FILTER_H

/*
 * Filters of system calls (seccomp), for the rest of the life of this process. What a
 * filter does not allow fails with EPERM. They are allow lists: a call that a later
 * kernel adds is refused.
 */

#include "base/err.h"

/*
 * For a process that only computes: memory, time, and reading what is open; writing to
 * the one descriptor `out`; asking a block device for its size. It opens nothing, starts
 * no process and signals none but itself. Return: 0; -EINVAL if the kernel has no
 * filters; -errno.
 */
int filter_computing(int out, struct err *e);

/*
 * For a process that also opens files to read them, and writes to what is open already:
 * it can neither change another file nor reach another process. Return: as above.
 */
int filter_reading(struct err *e);

#endif
