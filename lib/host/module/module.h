/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_MODULE_MODULE_H
#define HOST_MODULE_MODULE_H

#include "base/err.h"

#include <stdbool.h>

struct host;

enum host_module {
	HOST_MODULE_UNKNOWN, /* not looked up, or the host has no list of modules */
	HOST_MODULE_LOADED,
	HOST_MODULE_BUILTIN,   /* part of the kernel image */
	HOST_MODULE_AVAILABLE, /* can be loaded */
	HOST_MODULE_DISABLED,  /* modprobe.d has a command for it that loads nothing */
	HOST_MODULE_MISSING,   /* this kernel has no such module */
	HOST_MODULE_FORBIDDEN, /* not loaded, and kernel.modules_disabled forbids that */
};

/*
 * Look up the state of the module `name`, or of the modules that an alias such as
 * "ip_conntrack" means, on the host (- and _ are the same). What is loaded is what its
 * /sys/module and /proc/modules show; what can be loaded is what its modprobe would find.
 * Return: 0, or -errno if these cannot be read.
 */
int host_module_find(const struct host *h, const char *name, enum host_module *ret,
                     struct err *e);

/* Load the module with the host's modprobe, or the image's. */
int host_module_load(struct host *h, const char *name, struct err *e);

#endif
