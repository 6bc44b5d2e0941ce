/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_MODULE_KMOD_H
#define HOST_MODULE_KMOD_H

#include "base/err.h"

#include <stdbool.h>

struct host;

/*
 * Look up a module name or an alias ("ip_conntrack") in the indexes below /lib/modules of
 * the host and in its modprobe.d, as its modprobe would. *ret_lines, owned by the caller,
 * has a line for each module that is meant: "builtin NAME", "module NAME", or
 * "disabled NAME" if modprobe.d has it run a command that loads nothing ("install NAME
 * /bin/true"); "" if there is none.
 * Return: 0, or -errno: -EIO if it cannot read an index.
 */
int host_kmod_find(const struct host *h, const char *name, char **ret_lines,
                   struct err *e);

/*
 * Whether the configuration of modprobe has the name, or a part of it is the name: then
 * the lists of modules alone do not say what modprobe loads.
 */
bool host_kmod_configures(const struct host *h, const char *name);

#endif
