/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "resource/kinds.h"

#include <stddef.h>
#include <string.h>

#define K(name) &kind_##name,
const struct kind *const kinds[] = {KINDS(K) NULL};
#undef K

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
