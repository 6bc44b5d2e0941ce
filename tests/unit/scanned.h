/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef UNIT_SCANNED_H
#define UNIT_SCANNED_H

/* The disks of the test root (drives.h), read and probed. */

#include "storage/block/probe.h"
#include "storage/block/scan.h"

extern struct disks scanned;

/* For suite_fixture(): a root without drives. */
int scanned_setup(void **state);
int scanned_teardown(void **state);

/* Read the disks again. */
void scanned_look(void);

/* The same; there must be one disk. */
const struct disk *scanned_only(void);

/* Read and probe the only disk. Owned by the test. */
struct blk *scanned_probe(void);

#endif
