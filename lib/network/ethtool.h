/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_ETHTOOL_H
#define NETWORK_ETHTOOL_H

#include "base/err.h"

#include <stddef.h>

struct host;

/*
 * Run a command of ethtool, which `data` begins with, in the host's network namespace.
 * Return: 0; -ENODEV: no such interface; -EOPNOTSUPP: its driver has no such call;
 * -ENODATA: this is not a live system, or not in the host's namespace; -errno.
 */
int ethtool_read(const struct host *h, const char *interface, void *data, struct err *e);
int ethtool_write(struct host *h, const char *interface, void *data, struct err *e);

#endif
