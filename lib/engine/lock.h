/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_LOCK_H
#define ENGINE_LOCK_H

#include "base/err.h"

struct host;

/* On the host, not in a container: bootstrap containers run side by side. */
#define LOCK_PATH "/run/hosttune/lock"

/*
 * Take the lock that prevents two runs from changing the host at once.
 *
 * The lock is released when the descriptor is closed, or with the process.
 * Return: the descriptor; -EWOULDBLOCK if another run holds it; -errno.
 */
int lock_take(struct host *h, struct err *e);

#endif
