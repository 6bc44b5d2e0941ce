/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_HOST_DEV_H
#define HOST_HOST_DEV_H

/*
 * A block device by its node, and the drives that it is made of: of an array the
 * members, of a drive itself.
 */

#include "base/err.h"

struct host;

struct host_dev {
	char *name; /* in /sys/block: "nvme1n1", "md127" */
	unsigned major, minor;
	char **drives; /* names of the drives below, sorted; itself if there are none */
};

/*
 * Look up the node at the host path `device`, which may be a link beneath the root.
 * Return: 0; -ENODEV if no such device is there; -errno. Free with host_dev_done(),
 * also after an error.
 */
int host_dev_find(const struct host *h, const char *device, struct host_dev *ret,
                  struct err *e);

/*
 * The names of the hidden devices by which the kernel reaches the NVMe drive `name`, if
 * it does so by native multipath: where the drive's requests are queued; sorted, and
 * none for other drives. Free with names_free(), also after an error.
 */
int host_dev_paths(const struct host *h, const char *name, char ***ret_paths,
                   struct err *e);

/*
 * The directory of the device `name` in sysfs, without links: files below it can be
 * written. Owned by the caller.
 */
char *host_dev_sysfs(const struct host *h, const char *name);

void host_dev_done(struct host_dev *d);

#define _dev_ _cleanup_(host_dev_done)

#endif
