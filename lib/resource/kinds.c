/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "resource/kinds.h"

#include <stddef.h>
#include <string.h>

/*
 * What can fail and be put back comes before what cannot: a sysctl that the kernel
 * refuses stops the run before a drive is formatted.
 */
const struct kind *const kinds[] = {
	&kind_module,    &kind_sysctl,  &kind_array, &kind_filesystem,   &kind_mount,
	&kind_directory, &kind_bind,    &kind_queue, &kind_drive_health, &kind_nfsd_setup,
	&kind_nfsd,      &kind_setting, NULL,
};

const struct kind *kinds_find(const char *section)
{
	for (const struct kind *const *k = kinds; *k; k++)
		if (strcmp((*k)->section, section) == 0)
			return *k;
	return NULL;
}

const struct kind *kinds_named(const char *name)
{
	for (const struct kind *const *k = kinds; *k; k++)
		if (strcmp((*k)->name, name) == 0)
			return *k;
	return NULL;
}

const struct kind *kinds_shaped(enum section_shape shape)
{
	for (const struct kind *const *k = kinds; *k; k++)
		if ((*k)->shape == shape)
			return *k;
	return NULL;
}
