/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef COLLECT_MOUNTS_H
#define COLLECT_MOUNTS_H

/* Tables of mounts (proc_pid_mountinfo(5)), without what shall not leave the node. */

/*
 * Without the source and the options of file systems of the network, which name a server
 * and a user. Owned by the caller.
 */
char *collect_mounts_reduce(const char *table);

/*
 * For a container: the same of each file system that is on no block device, whose options
 * may be the layers of an image.
 */
char *collect_mounts_reduce_all(const char *table);

#endif
