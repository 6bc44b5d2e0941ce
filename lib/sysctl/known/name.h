/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_KNOWN_NAME_H
#define SYSCTL_KNOWN_NAME_H

/* A key in a small table, with its length: most keys already differ in that. */

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct sysctl_name {
	const char *text;
	size_t len;
};

#define SYSCTL_NAME(text_)               \
	{                                \
		text_, sizeof(text_) - 1 \
	}

static inline bool sysctl_name_is(struct sysctl_name name, const char *key, size_t len)
{
	return name.len == len && memcmp(name.text, key, len) == 0;
}

#endif
