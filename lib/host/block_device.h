/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_BLOCK_DEVICE_H
#define HOST_BLOCK_DEVICE_H

/*
 * Look up a block device by its node, and the drives it consists of: the members of an
 * array, or the drive itself.
 */

#include "base/err.h"

struct host;

struct block_device {
	char *name; /* in /sys/block: "nvme1n1", "md127" */
	unsigned major, minor;
	char **drives; /* names of the drives below it, sorted; itself if none */
};

/*
 * Look up the node at the host path `device`, which may be a link beneath the root.
 * Return: 0; -ENODEV if no such device exists; -errno. Free with block_device_done(),
 * also after an error.
 */
int block_device_find(const struct host *h, const char *device, struct block_device *ret,
                      struct err *e);

/* The same by its number, for a partition its disk: what a mount table names. */
int block_device_find_number(const struct host *h, unsigned major, unsigned minor,
                             struct block_device *ret, struct err *e);

/*
 * List the hidden devices through which the kernel reaches the NVMe drive `name` with
 * native multipath; the drive's requests are queued there. Sorted; empty for other
 * drives. Free with names_free(), also after an error.
 */
int block_device_paths(const struct host *h, const char *name, char ***ret_paths,
                       struct err *e);

/*
 * Return the sysfs directory of the device `name`, without links, so that the files below
 * it can be written. Owned by the caller.
 */
char *block_device_sysfs(const struct host *h, const char *name);

void block_device_done(struct block_device *d);

#define _block_device_ _cleanup_(block_device_done)

#endif
