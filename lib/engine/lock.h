/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_LOCK_H
#define ENGINE_LOCK_H

#include "base/deadline.h"
#include "base/err.h"

#include <errno.h>

struct host;

/* On the host, not in a container: bootstrap containers run side by side. */
#define LOCK_PATH "/run/hosttune/lock"

/* Another run holds it. No system call on the way to it fails with this error. */
#define LOCK_HELD (-EALREADY)

/*
 * Take the lock that prevents two runs from changing the host at once.
 *
 * The lock is released when the descriptor is closed, or with the process.
 * Return: the descriptor; LOCK_HELD; -errno.
 */
int lock_take(struct host *h, struct err *e);

/*
 * The same, but wait for the other run to end, until `until`. The first wait is reported
 * through `report`, with the process that holds the lock.
 *
 * Return: as lock_take(); -EINTR if a signal ended the wait.
 */
int lock_wait(struct host *h, struct deadline until, void (*report)(const char *text),
              struct err *e);

#endif
