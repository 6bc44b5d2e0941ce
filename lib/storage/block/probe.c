/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/probe.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/host.h"
#include "host/live.h"
#include "host/recorded.h"
#include "storage/block/blank.h"
#include "storage/block/disk.h"
#include "storage/block/signature.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
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

/* A mounted file system that writes its superblock while it is read. */
#define TORN_TRIES   5
#define TORN_WAIT_NS (100 * 1000 * 1000)

/* Another program that opens the drive for a moment, such as a probe like this one. */
#define BUSY_TRIES   5
#define BUSY_WAIT_NS (100 * 1000 * 1000)

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
 * not make another process's mount fail. A drive that nobody is known to use may be
 * claimed only for a moment: try again.
 */
static int open_for_probe(const struct host *h, const struct disk *disk, bool *ret_busy,
                          struct err *e)
{
	static const struct timespec pause = {.tv_nsec = BUSY_WAIT_NS};
	int fd = blk_open(h, disk, O_EXCL, e);

	for (int tries = 1; fd == -EBUSY && !disk->use && tries < BUSY_TRIES; tries++) {
		(void)nanosleep(&pause, NULL);
		*e = (struct err){0};
		fd = blk_open(h, disk, O_EXCL, e);
	}
	*ret_busy = fd == -EBUSY;
	if (fd >= 0)
		(void)close(fd);
	return fd >= 0 || *ret_busy ? blk_open(h, disk, 0, e) : fd;
}

/*
 * mkfs.xfs sets sb_inprogress in the superblock first and clears it last. If it is killed
 * in between, the drive looks like a file system, including its label. A truncated file
 * system also looks complete, but cannot be mounted.
 */
static int check_xfs(int fd, uint64_t size, struct blk *b, struct err *e)
{
	unsigned char head[XFS_HEAD_BYTES];
	uint32_t block_bytes;
	uint64_t blocks, bytes;
	int r;

	if (b->content != BLK_FILESYSTEM || strcmp(b->type, "xfs") != 0)
		return 0;
	r = blk_read(fd, head, sizeof(head), 0, e);
	if (r < 0)
		return r;
	if (head[XFS_INPROGRESS_AT]) {
		blk_not_usable(b, DISK_UNFINISHED, "an unfinished xfs file system");
		return 0;
	}
	memcpy(&block_bytes, head + XFS_BLOCKSIZE_AT, sizeof(block_bytes));
	memcpy(&blocks, head + XFS_DBLOCKS_AT, sizeof(blocks));
	if (__builtin_mul_overflow(be64toh(blocks), be32toh(block_bytes), &bytes) ||
	    bytes > size)
		blk_not_usable(b, DISK_TRUNCATED,
		               "an xfs file system that is larger than the drive");
	return 0;
}

/*
 * libblkid takes a read that ends early, as before a bad sector, for the end of the
 * drive, and finds nothing; nor does it find a superblock with a wrong checksum. Then our
 * file system would pass for garbage, and another drive would be formatted.
 */
static int check_missed(int fd, struct err *e)
{
	char magic[4];
	int r = blk_read(fd, magic, sizeof(magic), 0, e);

	if (r == 0 && memcmp(magic, "XFSB", sizeof(magic)) == 0)
		return err_set(e, -EAGAIN,
		               "the signature probe does not see the XFS on the drive");
	return r;
}

/* A rollback after the deadline, or after a signal, looks at drives, too. */
static struct deadline probing_until(const struct host *h)
{
	struct deadline until = deadline_without_signal(h->deadline);

	if (deadline_expired(until))
		until = (struct deadline){0};
	return until;
}

/* Whether it is blank, by samples; else it holds data that has no signature. */
static int sample(int fd, uint64_t size, struct blk *b, struct err *e)
{
	int r = disk_blank_check(fd, 0, size, e);

	if (r < 0)
		return r;
	if (r > 0) {
		blk_not_usable(b, DISK_GARBAGE, "data of an unknown kind");
		return check_missed(fd, e);
	}
	b->content = BLK_BLANK;
	b->text = mem_dup("nothing");
	return 0;
}

static int examine(int fd, struct deadline until, bool sampled, struct blk *b,
                   struct err *e)
{
	off_t size = lseek(fd, 0, SEEK_END);
	int r;

	if (size <= 0)
		return err_errno(e, size < 0 ? errno : ENOSPC, "determine its size");
	r = signature_probe(fd, until, b, e);
	if (r < 0)
		return r;
	r = check_xfs(fd, (uint64_t)size, b, e);
	if (r < 0)
		return r;
	if (b->text)
		return 0;
	if (sampled)
		return sample(fd, (uint64_t)size, b, e);
	b->reason = DISK_GARBAGE;
	return check_missed(fd, e);
}

/*
 * Whether another process holds the lock of systemd's protocol: 1, 0 or -errno. A shared
 * lock is compatible with udev's own, and is held only for a moment.
 */
static int is_locked(int fd, struct err *e)
{
	if (flock(fd, LOCK_SH | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? 1 : err_errno(e, errno, "test its lock");
	(void)flock(fd, LOCK_UN);
	return 0;
}

/* What is mounted may have been read while it was half written: read it again. */
static int examine_settled(int fd, struct deadline until, bool sampled, struct blk *b,
                           struct err *e)
{
	static const struct timespec pause = {.tv_nsec = TORN_WAIT_NS};
	const struct blk before = *b;
	int r = examine(fd, until, sampled, b, e);

	for (int tries = 1; r == -EAGAIN && before.busy && tries < TORN_TRIES; tries++) {
		(void)nanosleep(&pause, NULL);
		/* the page cache of a mounted drive is not that of its file system */
		(void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
		blk_done(b);
		*b = before;
		*e = (struct err){0};
		r = examine(fd, until, sampled, b, e);
	}
	return r;
}

static int probe_drive(const struct host *h, const struct disk *disk, bool sampled,
                       struct blk *ret, struct err *e)
{
	bool busy = false;
	_close_ int fd = open_for_probe(h, disk, &busy, e);
	int r;

	*ret = (struct blk){.busy = busy};
	if (fd < 0)
		return fd;
	r = is_locked(fd, e);
	ret->locked = r > 0;
	if (r >= 0)
		r = examine_settled(fd, probing_until(h), sampled, ret, e);
	return r < 0 ? err_wrap(e, "%s", disk->device) : 0;
}

int blk_probe(const struct host *h, const struct disk *disk, struct blk *ret,
              struct err *e)
{
	const struct node *known;
	int r = recorded_get(h, "probe", disk->device, &known, e);

	*ret = (struct blk){0};
	if (r > 0)
		return blk_take(known, ret)
		               ? 0
		               : err_set(e, -EBADMSG,
		                         "%s: the bundle's answer is damaged",
		                         disk->device);
	if (r < 0)
		return r;
	r = probe_drive(h, disk, true, ret, e);
	return recorded_put(h, "probe", disk->device, r, e,
	                    r == 0 && h->record ? blk_node(ret) : NULL);
}

int blk_identify(const struct host *h, const struct disk *disk, struct blk *ret,
                 struct err *e)
{
	int r = h->bundle || h->record ? blk_probe(h, disk, ret, e)
	                               : probe_drive(h, disk, false, ret, e);

	if (r == 0 && (ret->content == BLK_BLANK || ret->reason == DISK_GARBAGE))
		blk_not_usable(ret, DISK_GARBAGE, "no signature");
	return r;
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
