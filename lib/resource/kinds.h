/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef RESOURCE_KINDS_H
#define RESOURCE_KINDS_H

#include "resource/kind.h"

extern const struct kind kind_module, kind_sysctl, kind_array, kind_filesystem,
	kind_mount, kind_directory, kind_bind, kind_queue, kind_drive_health,
	kind_nfsd_setup, kind_nfsd, kind_setting;

/* All kinds in the order in which they are applied, ended by NULL: the only list. */
extern const struct kind *const kinds[];

/* The kind of that name. */
const struct kind *kinds_named(const char *name);

/* The first kind whose section has that shape; NULL: none. */
const struct kind *kinds_shaped(enum section_shape shape);

/* The first kind that reads a section of the profile; NULL: there is no such section. */
const struct kind *kinds_find(const char *section);

#endif
