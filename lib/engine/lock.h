/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef ENGINE_LOCK_H
#define ENGINE_LOCK_H

#include "base/err.h"

struct host;

/* Of the host, not of a container: bootstrap containers run side by side. */
#define LOCK_PATH "/run/hosttune/lock"

/*
 * Take the lock that keeps two runs from changing the host at once. It is released
 * when the descriptor is closed, or with the process.
 * Return: the descriptor; -EWOULDBLOCK if another run holds it; -errno.
 */
int lock_take(struct host *h, struct err *e);

#endif
