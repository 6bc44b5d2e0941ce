/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_DRIVE_FACTS_H
#define STORAGE_DRIVE_FACTS_H

#include "resource/kind.h"

/* "disks" and "disk_size": how many an item selects, and bytes of the smallest. */
extern const struct kind_facts drive_facts;

#endif
