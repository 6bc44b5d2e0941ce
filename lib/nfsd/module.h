/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_MODULE_H
#define NFSD_MODULE_H

#include "host/process/capabilities.h"
#include "resource/kind.h"

#include <stdbool.h>
#include <string.h>

/* Whether the module `other` brings the NFS server, which is absent. */
static inline bool nfsd_comes_with(const struct resource *r, const struct resource *other)
{
	(void)r;
	return strcmp(other->name, "nfsd") == 0;
}

/*
 * A private mount to read, a comparison with the network namespace of process 1; netlink,
 * and of a server that starts its module and its sockets.
 */
static inline uint64_t nfsd_capabilities(const char *name, bool acts)
{
	(void)name;
	return CAPABILITY(SYS_ADMIN) | CAPABILITY(SYS_PTRACE) |
	       (acts ? CAPABILITY(NET_ADMIN) | CAPABILITY(NET_BIND_SERVICE) |
	                        CAPABILITY(SYS_MODULE) | CAPABILITY(SYS_CHROOT)
	             : 0);
}

#endif
