/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/probe.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/host.h"
#include "host/live.h"
#include "storage/block/blank.h"
#include "storage/block/disk.h"

#include <blkid/blkid.h>

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

/* The superblock, fs/xfs/libxfs/xfs_format.h: big endian. */
#define XFS_BLOCKSIZE_AT  4
#define XFS_DBLOCKS_AT    8
#define XFS_INPROGRESS_AT 126
#define XFS_HEAD_BYTES    128

/* A multiple of every drive's sector size. */
#define BLOCK_BYTES 4096

#define LOCK_TRIES   50
#define LOCK_WAIT_NS (100 * 1000 * 1000)

static int check_node(const struct host *h, const struct disk *disk, int fd,
                      struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_errno(e, errno, "stat %s", disk->device);
	if (!h->live && S_ISREG(st.st_mode))
		return 0;
	if (!S_ISBLK(st.st_mode))
		return err_set(e, -ENXIO, "%s: is not a block device", disk->device);
	if (major(st.st_rdev) != disk->major || minor(st.st_rdev) != disk->minor)
		return err_set(e, -ENXIO, "%s: is device %u:%u, should be %u:%u",
		               disk->device, major(st.st_rdev), minor(st.st_rdev),
		               disk->major, disk->minor);
	return 0;
}

int blk_open(const struct host *h, const struct disk *disk, int flags, struct err *e)
{
	int known = host_live_check_device(h, disk->device, e);
	_close_ int fd = known < 0
	                         ? known
	                         : host_file_open(h, disk->device, O_NONBLOCK | flags, e);
	int r = fd < 0 ? fd : check_node(h, disk, fd, e);

	return r < 0 ? r : TAKE_FD(fd);
}

/*
 * O_EXCL: the open fails while the device is claimed. Do not keep it open: a probe must
 * not make another process's mount fail.
 */
static int open_for_probe(const struct host *h, const struct disk *disk, bool *ret_busy,
                          struct err *e)
{
	int fd = blk_open(h, disk, O_EXCL, e);

	*ret_busy = fd == -EBUSY;
	if (fd >= 0)
		(void)close(fd);
	return fd >= 0 || *ret_busy ? blk_open(h, disk, 0, e) : fd;
}

/* --- signatures -------------------------------------------------------------------- */

/* Text from a drive is untrusted and must not reach a terminal unescaped. */
static char *value(blkid_probe probe, const char *name)
{
	const char *data = NULL;
	char *text;

	if (blkid_probe_lookup_value(probe, name, &data, NULL) < 0 || !data)
		return mem_dup("");
	text = mem_dup(data);
	for (char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	return text;
}

static void report_filesystem(struct blk *b)
{
	b->content = BLK_FILESYSTEM;
	if (*b->label)
		b->text = mem_format("%s file system, label \"%s\"", b->type, b->label);
	else
		b->text = mem_format("%s file system without a label", b->type);
}

static void report_signature(blkid_probe probe, struct blk *b)
{
	_free_ char *table = value(probe, "PTTYPE"), *usage = value(probe, "USAGE");

	b->type = value(probe, "TYPE");
	b->label = value(probe, "LABEL");
	b->uuid = value(probe, "UUID");
	b->reason = DISK_SIGNATURE;
	if (*table) {
		b->text = mem_format("%s partition table", table);
		b->reason = DISK_PARTITIONED;
	} else if (*b->type && strcmp(usage, "filesystem") == 0) {
		report_filesystem(b);
	} else {
		b->text = mem_format("%s%s%s", *b->type ? b->type : "unknown signature",
		                     *usage ? ", " : "", usage);
		if (strcmp(b->type, "linux_raid_member") == 0)
			b->reason = DISK_MEMBER;
	}
}

/* Partition types that Bottlerocket's udev helper uses to detect a system drive. */
static bool is_system_type(const char *type)
{
	static const char *const types[] = {
		"c12a7328-f81f-11d2-ba4b-00a0c93ec93b", /* EFI system */
		"6b636168-7420-6568-2070-6c616e657421", /* boot */
		"5526016a-1a97-4ea4-b39a-b7c8c6ca4502", /* root */
		"598f10af-c955-4456-6a99-7720068a6cea", /* hash */
		"0c5d99a5-d331-4147-baef-08e2b855bdc9", /* reserved */
		"440408bb-eb0b-4328-a6e5-a29038fad706", /* private */
		"626f7474-6c65-6474-6861-726d61726b73", /* data */
	};

	for (size_t i = 0; type && i < ARRAY_SIZE(types); i++)
		if (strcasecmp(type, types[i]) == 0)
			return true;
	return false;
}

/* Find system partitions in a table, whether or not the kernel has read it. */
static void find_system_partitions(blkid_probe probe, struct blk *b)
{
	blkid_partlist list = blkid_probe_get_partitions(probe);
	int n = list ? blkid_partlist_numof_partitions(list) : 0;

	for (int i = 0; i < n; i++) {
		blkid_partition part = blkid_partlist_get_partition(list, i);
		const char *name = blkid_partition_get_name(part);

		if ((!name || strncmp(name, "BOTTLEROCKET", 12) != 0) &&
		    !is_system_type(blkid_partition_get_type_string(part)))
			continue;
		b->reason = DISK_SYSTEM;
		mem_set(&b->text, mem_dup("partitions of a system drive"));
		return;
	}
}

static void not_usable(struct blk *b, enum disk_reason reason, const char *text)
{
	b->content = BLK_OTHER;
	b->reason = reason;
	mem_set(&b->text, mem_dup(text));
}

/*
 * mkfs.xfs sets sb_inprogress in the superblock first and clears it last. If it is killed
 * in between, the drive looks like a file system, including its label. A truncated file
 * system also looks complete, but cannot be mounted.
 */
static void check_xfs(int fd, uint64_t size, struct blk *b)
{
	unsigned char head[XFS_HEAD_BYTES];
	uint32_t block_bytes;
	uint64_t blocks, bytes;

	if (b->content != BLK_FILESYSTEM || strcmp(b->type, "xfs") != 0)
		return;
	if (pread(fd, head, sizeof(head), 0) != (ssize_t)sizeof(head) ||
	    head[XFS_INPROGRESS_AT]) {
		not_usable(b, DISK_UNFINISHED, "an unfinished xfs file system");
		return;
	}
	memcpy(&block_bytes, head + XFS_BLOCKSIZE_AT, sizeof(block_bytes));
	memcpy(&blocks, head + XFS_DBLOCKS_AT, sizeof(blocks));
	if (__builtin_mul_overflow(be64toh(blocks), be32toh(block_bytes), &bytes) ||
	    bytes > size)
		not_usable(b, DISK_TRUNCATED,
		           "an xfs file system that is larger than the drive");
}

static int probe_fd(int fd, struct blk *b, struct err *e)
{
	blkid_probe probe = blkid_new_probe();
	int r = probe ? blkid_probe_set_device(probe, fd, 0, 0) : -1;

	if (r < 0) {
		blkid_free_probe(probe);
		return err_set(e, -EIO, "the signature probe cannot read the drive");
	}
	(void)blkid_probe_enable_superblocks(probe, 1);
	(void)blkid_probe_set_superblocks_flags(
		probe, BLKID_SUBLKS_LABEL | BLKID_SUBLKS_UUID | BLKID_SUBLKS_TYPE |
			       BLKID_SUBLKS_USAGE);
	(void)blkid_probe_enable_partitions(probe, 1);
	(void)blkid_probe_set_partitions_flags(probe, BLKID_PARTS_FORCE_GPT);
	r = blkid_do_safeprobe(probe);
	if (r == 0)
		report_signature(probe, b);
	else if (r == -2)
		not_usable(b, DISK_SIGNATURE, "signatures of more than one kind");
	if (b->reason == DISK_PARTITIONED)
		find_system_partitions(probe, b);
	blkid_free_probe(probe);
	return r == -1 ? err_set(e, -EIO, "the signature probe failed") : 0;
}

static int blk_read(int fd, struct blk *b, struct err *e)
{
	off_t size = lseek(fd, 0, SEEK_END);
	int r;

	if (size <= 0)
		return err_errno(e, size < 0 ? errno : ENOSPC, "determine its size");
	r = probe_fd(fd, b, e);
	if (r < 0)
		return r;
	check_xfs(fd, (uint64_t)size, b);
	if (b->text)
		return 0;
	r = disk_blank_check(fd, 0, (uint64_t)size, e);
	if (r < 0)
		return r;
	if (r > 0) {
		not_usable(b, DISK_GARBAGE, "data of an unknown kind");
		return 0;
	}
	b->content = BLK_BLANK;
	b->text = mem_dup("nothing");
	return 0;
}

/*
 * Whether another process holds the lock of systemd's protocol. A shared lock is
 * compatible with udev's own, and is held only for a moment.
 */
static bool is_locked(int fd)
{
	if (flock(fd, LOCK_SH | LOCK_NB) < 0)
		return errno == EWOULDBLOCK;
	(void)flock(fd, LOCK_UN);
	return false;
}

int blk_probe(const struct host *h, const struct disk *disk, struct blk *ret,
              struct err *e)
{
	bool busy = false;
	_close_ int fd = open_for_probe(h, disk, &busy, e);

	*ret = (struct blk){.busy = busy};
	if (fd < 0)
		return fd;
	ret->locked = is_locked(fd);
	return blk_read(fd, ret, e) < 0 ? err_wrap(e, "%s", disk->device) : 0;
}

void blk_done(struct blk *b)
{
	free(b->type);
	free(b->label);
	free(b->uuid);
	free(b->text);
	*b = (struct blk){0};
}

int blk_lock(struct host *h, const struct disk *disk, struct err *e)
{
	static const struct timespec pause = {.tv_nsec = LOCK_WAIT_NS};
	_close_ int fd = blk_open(h, disk, 0, e);

	if (fd < 0)
		return fd;
	/* udev holds it only for moments, while it probes the drive */
	for (int tries = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; tries++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_errno(e, errno, "lock %s", disk->device);
		if (tries == LOCK_TRIES || deadline_expired(h->deadline))
			return err_set(e, -EBUSY, "%s: is locked by another program",
			               disk->device);
		(void)nanosleep(&pause, NULL);
	}
	return TAKE_FD(fd);
}

bool blk_answers(int fd)
{
	struct err e = {0};

	return lseek(fd, 0, SEEK_END) > 0 &&
	       disk_blank_check(fd, 0, BLOCK_BYTES, &e) >= 0;
}
