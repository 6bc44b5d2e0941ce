/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NFSD_MODULE_H
#define NFSD_MODULE_H

#include "resource/kind.h"

#include <stdbool.h>
#include <string.h>

/* Whether the module `other` brings the NFS server, which is absent. */
static inline bool nfsd_comes_with(const struct resource *r, const struct resource *other)
{
	(void)r;
	return strcmp(other->name, "nfsd") == 0;
}

#endif
