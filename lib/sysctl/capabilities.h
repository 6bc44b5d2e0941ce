/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSCTL_CAPABILITIES_H
#define SYSCTL_CAPABILITIES_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The capabilities that the kernel asks for to read a key in its dotted spelling or, if
 * `write`, to write it. All files are of root. NULL: of any key.
 */
uint64_t sysctl_key_capabilities(const char *key, bool write);

#endif
