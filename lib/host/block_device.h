/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_BLOCK_DEVICE_H
#define HOST_BLOCK_DEVICE_H

/*
 * A block device by its node, and the drives that it is made of: of an array the
 * members, of a drive itself.
 */

#include "base/err.h"

struct host;

struct block_device {
	char *name; /* in /sys/block: "nvme1n1", "md127" */
	unsigned major, minor;
	char **drives; /* names of the drives below, sorted; itself if there are none */
};

/*
 * Look up the node at the host path `device`, which may be a link beneath the root.
 * Return: 0; -ENODEV if no such device is there; -errno. Free with block_device_done(),
 * also after an error.
 */
int block_device_find(const struct host *h, const char *device, struct block_device *ret,
                      struct err *e);

/*
 * The names of the hidden devices by which the kernel reaches the NVMe drive `name`, if
 * it does so by native multipath: where the drive's requests are queued; sorted, and
 * none for other drives. Free with names_free(), also after an error.
 */
int block_device_paths(const struct host *h, const char *name, char ***ret_paths,
                       struct err *e);

/*
 * The directory of the device `name` in sysfs, without links: files below it can be
 * written. Owned by the caller.
 */
char *block_device_sysfs(const struct host *h, const char *name);

void block_device_done(struct block_device *d);

#define _block_device_ _cleanup_(block_device_done)

#endif
