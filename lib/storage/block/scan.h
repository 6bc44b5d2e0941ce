/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_SCAN_H
#define STORAGE_BLOCK_SCAN_H

#include "base/err.h"
#include "storage/block/disk.h"

struct host;

/*
 * List the md arrays and the drives that have a model and are not a hidden path of a
 * multipath drive. A drive of which something cannot be read is listed with
 * DISK_UNREADABLE.
 * Return: 0 or -errno. Free with disks_done(), also after an error.
 */
int disks_read(const struct host *h, struct disks *ret, struct err *e);

#endif
