/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_XFS_MKFS_H
#define STORAGE_XFS_MKFS_H

/*
 * The arguments of mkfs.xfs: the options of the profile, and features to disable for the
 * host's kernel.
 */

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct host;
struct host_tool;
struct host_exec_job;

#define XFS_LABEL_MAX 12

/* Options of a profile; 0 or false: the default of mkfs.xfs. Sizes in bytes. */
struct xfs_mkfs {
	uint64_t agcount;
	uint64_t inode_size;
	uint64_t log_size;
	uint64_t su, sw; /* stripe unit; stripe width in stripe units */
	bool no_reflink;
};

/* Limits of mkfs.xfs(8) in xfsprogs 6.1, for blocks of 4096 bytes. */
#define XFS_AGCOUNT_MAX    1000000
#define XFS_INODE_SIZE_MIN 512
#define XFS_INODE_SIZE_MAX 2048
#define XFS_LOG_SIZE_MIN   (UINT64_C(64) << 20)
#define XFS_LOG_SIZE_MAX   (UINT64_C(2038) << 20)
#define XFS_BLOCK_BYTES    4096
#define XFS_SU_MAX         (UINT64_C(1) << 30)
#define XFS_SW_MAX         1024

/*
 * Build the argument vector, NULL-terminated; free with names_free(). `version` is the
 * version of mkfs.xfs, `kernel` that of the host (0: unknown), both NUM_VERSION().
 */
char **xfs_mkfs_arguments(const struct xfs_mkfs *m, const char *label, const char *device,
                          unsigned version, unsigned kernel);

/*
 * Find the mkfs.xfs that xfs_mkfs_start() runs, before anything is changed.
 * Return: 0; -ENOENT: there is none; -EPROTO: the version of the kernel, which decides
 * which features are disabled, is unknown.
 */
int xfs_mkfs_find(const struct host *h, struct host_tool *ret, struct err *e);

/*
 * Create the file system on the host's `device` with the host's mkfs.xfs, or that of our
 * image if the host has none; never with force. xfs_mkfs_start() returns at once, so that
 * several can run in parallel. Call xfs_mkfs_finish() for each.
 * Return: 0; that of xfs_mkfs_find(); -EPROTO if mkfs.xfs prints no version, which also
 * decides about the features; -errno with the message of mkfs.xfs.
 */
int xfs_mkfs_start(const struct xfs_mkfs *m, const char *label, const char *device,
                   struct host *h, struct host_exec_job *ret, struct err *e);
int xfs_mkfs_finish(struct host *h, struct host_exec_job *job, struct err *e);

#endif
