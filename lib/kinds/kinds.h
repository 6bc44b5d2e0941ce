/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef KINDS_KINDS_H
#define KINDS_KINDS_H

#include "kinds/kind.h"

extern const struct kind kind_module, kind_sysctl, kind_filesystem, kind_mount,
	kind_nfsd_setup, kind_nfsd, kind_setting;

/* All kinds in the order in which they are applied, ended by NULL: the only list. */
extern const struct kind *const kinds[];

/* The first kind that reads a section of the profile; NULL: there is no such section. */
const struct kind *kinds_find(const char *section);

#endif
