/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef CONFINE_CONFINE_H
#define CONFINE_CONFINE_H

/*
 * The part that reads what comes from outside cannot write the host: it runs in a child
 * process that only computes, or the whole process gives up writing for good.
 */

#include "base/deadline.h"
#include "base/err.h"

#include <stdbool.h>

struct buf;

/*
 * From now on, confined_call() starts children. Without it (tests, fuzzers), everything
 * is done in this process.
 */
void confine_begin(void);

/*
 * Give up for good all that changes the host or reaches another process, for a command
 * that reads only files. What is open to write, but standard output and error, is closed;
 * of the capabilities, only those to read the files of other users and the kernel log
 * stay. `keep` is a descriptor that stays open, too, such as that of writer_start(); -1:
 * none. confined_call() then needs no child. On a kernel without filters, children are
 * used.
 */
void confine_whole(int keep);

/* Whether confined_call() starts a child. */
bool confine_is_apart(void);

/*
 * Run call(arg, out) in a child process that has no capabilities, can open nothing, and
 * can write to nothing but a pipe to this process: see filter_computing(). `in` is a
 * descriptor that it may read besides what is in memory; -1: none. What it adds to `out`
 * is added to *ret, at most 64 MiB. It must not trust it (doc/pack.h).
 *
 * Return: 0. By what it reads: -EIO if the child was killed, by running out of memory,
 * say; -ETIMEDOUT after a minute, or at `until` if that is earlier; -EFBIG. By this
 * machine, see confined_is_failure(): -EAGAIN, -ENOMEM and other -errno.
 */
int confined_call(void (*call)(void *arg, struct buf *out), void *arg, int in,
                  struct deadline until, struct buf *ret, struct err *e);

/* Whether the code says that nothing was read: the input is not at fault. */
bool confined_is_failure(int code);

#endif
