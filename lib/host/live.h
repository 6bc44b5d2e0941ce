/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_LIVE_H
#define HOST_LIVE_H

#include "base/err.h"

struct host;

/*
 * Refuse what acts on the kernel that runs here, or asks it: mounting, loading a module,
 * assembling an array. A captured tree describes another machine, or another moment.
 * Return: 0 if the root is that of a live system; else -ENOTSUP.
 */
int host_live_check(const struct host *h, struct err *e);

/*
 * Refuse to open a device node of a captured tree: its number names any device of this
 * machine.
 * Return: 0 if the root is live or `device` is no device node; else -ENOTSUP, or -errno.
 */
int host_live_check_device(const struct host *h, const char *device, struct err *e);

#endif
