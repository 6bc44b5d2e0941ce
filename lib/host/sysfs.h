/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_SYSFS_H
#define HOST_SYSFS_H

struct host;

/*
 * The directory that a link of sysfs leads to, such as /sys/block/sda or
 * /sys/class/net/eth0: files are written only by a path without links. A path that is no
 * link, as in a captured tree, stays as it is. Owned by the caller.
 */
char *host_sysfs_real(const struct host *h, const char *path);

#endif
