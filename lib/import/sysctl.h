/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef IMPORT_SYSCTL_H
#define IMPORT_SYSCTL_H

#include "import/build.h"

/* A value as sysctl.conf has it: text that the kernel parses. */
struct import_sysctl {
	const char *key; /* with dots or slashes */
	const char *value;
	char bound; /* '>': raise only; '<': lower only; '\0': exactly this */
	bool optional;
};

/* Add a sysctl, or list it as omitted if a profile cannot hold its value. */
void import_sysctl(struct import *im, const struct import_sysctl *s,
                   struct import_origin *o);

/*
 * Drop sysctls that a later line resets, as vm.dirty_bytes does with vm.dirty_ratio, for
 * a file whose lines are written in their order.
 */
void import_sysctls_overridden(struct import *im);

#endif
