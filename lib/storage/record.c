/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/record.h"

#include "base/mem.h"
#include "host/block_device.h"
#include "host/file.h"
#include "host/host.h"
#include "host/mount/mount.h"
#include "host/mount/mounts.h"
#include "host/process/exec.h"
#include "host/tree/below.h"
#include "host/tree/tree.h"
#include "storage/block/classify.h"
#include "storage/block/md.h"
#include "storage/block/nvme.h"
#include "storage/block/probe.h"
#include "storage/block/scan.h"
#include "storage/lack.h"

#include <string.h>

/* The answers are kept; here, nobody reads them. */
static void record_drive(const struct host *h, const struct disk *d)
{
	_block_device_ struct block_device dev = {0};
	_blk_ struct blk b = {0};
	struct nvme_health health;
	struct nvme_ec2 ec2;
	struct err ignored;
	struct md md;

	(void)block_device_find(h, d->device, &dev, &ignored);
	/* an audit never probes the root drive and EBS volumes either */
	if (!disk_never(d))
		(void)blk_probe(h, d, &b, &ignored);
	if (!d->array) {
		(void)nvme_health(h, d->device, &health, &ignored);
		(void)nvme_ec2(h, d->device, &ec2, &ignored);
	}
	if (md_read(h, d, &md, &ignored) == 1)
		(void)md_is_blank(h, d, &ignored);
	md_done(&md);
}

static void record_mount(const struct host *h, const char *target)
{
	struct host_tree_size size;
	struct host_below below;
	struct err ignored;
	struct stat st;

	(void)host_file_stat(h, target, &st, &ignored);
	(void)host_mount_check_target(h, target, &ignored);
	if (strcmp(target, "/") != 0)
		(void)host_below_read(h, target, &below, &ignored);
	(void)host_tree_is_empty(h, target, &ignored);
	(void)host_tree_room(h, target, &size, &ignored);
}

static bool is_on_a_disk(const struct host_mount *m)
{
	return m->source && strncmp(m->source, "/dev/", 5) == 0;
}

void storage_record(const struct host *h)
{
	_mounts_ struct host_mounts mounts = {0};
	_disks_ struct disks disks = {0};
	struct lack lack = {0};
	struct host_tool tool;
	struct err ignored;

	lack_find_kernel(h, KERNEL_XFS, &lack);
	lack_done(&lack);
	lack_find_kernel(h, KERNEL_RAID0, &lack);
	lack_done(&lack);
	(void)host_exec_find(h, "mkfs.xfs", 0, &tool, &ignored);
	(void)host_exec_find(h, "mdadm", 0, &tool, &ignored);
	if (disks_read(h, &disks, &ignored) == 0)
		for (size_t i = 0; i < disks.n; i++)
			record_drive(h, &disks.list[i]);
	if (host_mounts_read(h, HOST_MOUNTS_HOST, &mounts, &ignored) == 0)
		for (size_t i = 0; i < mounts.n; i++)
			if (is_on_a_disk(&mounts.list[i]))
				record_mount(h, mounts.list[i].target);
}
