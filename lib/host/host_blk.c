/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "host/host_blk.h"

#include "base/mem.h"
#include "host/host.h"
#include "host/host_disk.h"
#include "host/host_file.h"

#include <blkid/blkid.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

/* Read at both ends: signatures, RAID superblocks and backup tables are there. */
#define EDGE_BYTES (1024 * 1024)

/* Read between them: a drive whose ends alone were wiped is not blank. */
#define SAMPLE_BYTES (64 * 1024)
#define SAMPLES      30

/* Offset of sb_inprogress, fs/xfs/libxfs/xfs_format.h. */
#define XFS_INPROGRESS_AT 126

#define LOCK_TRIES   50
#define LOCK_WAIT_NS (100 * 1000 * 1000)

static int check_node(const struct host *h, const struct host_disk *disk, int fd,
                      struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_errno(e, errno, "stat %s", disk->device);
	if (!h->live && S_ISREG(st.st_mode))
		return 0;
	if (!S_ISBLK(st.st_mode))
		return err_set(e, -ENXIO, "%s: is no block device", disk->device);
	if (major(st.st_rdev) != disk->major || minor(st.st_rdev) != disk->minor)
		return err_set(e, -ENXIO, "%s: is device %u:%u, the drive is %u:%u",
		               disk->device, major(st.st_rdev), minor(st.st_rdev),
		               disk->major, disk->minor);
	return 0;
}

static int open_node(const struct host *h, const struct host_disk *disk, int flags,
                     struct err *e)
{
	_close_ int fd = host_file_open(h, disk->device, O_NONBLOCK | flags, e);
	int r = fd < 0 ? fd : check_node(h, disk, fd, e);

	if (r == -EACCES || r == -EPERM)
		return err_hint(e, "run as root");
	return r < 0 ? r : TAKE_FD(fd);
}

/*
 * O_EXCL: the kernel refuses it while anybody has claimed the device. Not kept open: a
 * mount that somebody else makes just now is not to fail because of a look.
 */
static int open_for_probe(const struct host *h, const struct host_disk *disk,
                          bool *ret_busy, struct err *e)
{
	int fd = open_node(h, disk, O_EXCL, e);

	*ret_busy = fd == -EBUSY;
	if (fd >= 0)
		(void)close(fd);
	return fd >= 0 || *ret_busy ? open_node(h, disk, 0, e) : fd;
}

/* --- is it blank? --------------------------------------------------------------------
 */

static bool is_zero(const char *p, size_t n)
{
	return n == 0 || (p[0] == 0 && memcmp(p, p + 1, n - 1) == 0);
}

/* Return: 0; 1 if something is there that is not zero; -errno. */
static int find_data(int fd, uint64_t from, uint64_t n, struct err *e)
{
	_free_ char *chunk = mem_new(SAMPLE_BYTES, 1);

	while (n > 0) {
		size_t want = n < SAMPLE_BYTES ? (size_t)n : SAMPLE_BYTES;
		ssize_t got = pread(fd, chunk, want, (off_t)from);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return err_errno(e, got < 0 ? errno : EIO,
			                 "read at byte %" PRIu64, from);
		if (!is_zero(chunk, (size_t)got))
			return 1;
		from += (uint64_t)got;
		n -= (uint64_t)got;
	}
	return 0;
}

static int find_any_data(int fd, uint64_t size, struct err *e)
{
	uint64_t inner;
	int r;

	if (size <= 2 * EDGE_BYTES)
		return find_data(fd, 0, size, e);
	r = find_data(fd, 0, EDGE_BYTES, e);
	if (r == 0)
		r = find_data(fd, size - EDGE_BYTES, EDGE_BYTES, e);
	inner = size - 2 * EDGE_BYTES;
	for (unsigned i = 0; r == 0 && i < SAMPLES; i++) {
		uint64_t at = EDGE_BYTES + inner / SAMPLES * i;
		uint64_t end = size - EDGE_BYTES;

		r = find_data(fd, at, end - at < SAMPLE_BYTES ? end - at : SAMPLE_BYTES,
		              e);
	}
	return r;
}

/* --- signatures ----------------------------------------------------------------------
 */

/* What stands on a drive is not to be trusted on a terminal. */
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

static void tell_filesystem(struct host_blk *b)
{
	b->content = HOST_BLK_FILESYSTEM;
	if (*b->label)
		b->text = mem_format("%s file system, label \"%s\"", b->type, b->label);
	else
		b->text = mem_format("%s file system without a label", b->type);
}

static void tell_signature(blkid_probe probe, struct host_blk *b)
{
	_free_ char *table = value(probe, "PTTYPE"), *usage = value(probe, "USAGE");

	b->type = value(probe, "TYPE");
	b->label = value(probe, "LABEL");
	b->uuid = value(probe, "UUID");
	if (*table)
		b->text = mem_format("%s partition table", table);
	else if (*b->type && strcmp(usage, "filesystem") == 0)
		tell_filesystem(b);
	else
		b->text = mem_format("%s%s%s", *b->type ? b->type : "unknown signature",
		                     *usage ? ", " : "", usage);
}

/*
 * mkfs.xfs sets sb_inprogress in the superblock before all else and clears it at the
 * end. Who is killed between leaves what looks like a file system, label included.
 */
static bool is_unfinished(int fd, const struct host_blk *b)
{
	char flag = 0;

	return b->content == HOST_BLK_FILESYSTEM && strcmp(b->type, "xfs") == 0 &&
	       (pread(fd, &flag, 1, XFS_INPROGRESS_AT) != 1 || flag != 0);
}

static int probe_fd(int fd, struct host_blk *b, struct err *e)
{
	blkid_probe probe = blkid_new_probe();
	int r = probe ? blkid_probe_set_device(probe, fd, 0, 0) : -1;

	if (r < 0) {
		blkid_free_probe(probe);
		return err_set(e, -EIO, "the signature probe cannot read it");
	}
	(void)blkid_probe_enable_superblocks(probe, 1);
	(void)blkid_probe_set_superblocks_flags(
		probe, BLKID_SUBLKS_LABEL | BLKID_SUBLKS_UUID | BLKID_SUBLKS_TYPE |
			       BLKID_SUBLKS_USAGE);
	(void)blkid_probe_enable_partitions(probe, 1);
	(void)blkid_probe_set_partitions_flags(probe, BLKID_PARTS_FORCE_GPT);
	r = blkid_do_safeprobe(probe);
	if (r == 0)
		tell_signature(probe, b);
	else if (r == -2)
		b->text = mem_dup("signatures of more than one kind");
	blkid_free_probe(probe);
	return r == -1 ? err_set(e, -EIO, "the signature probe failed") : 0;
}

static int look(int fd, struct host_blk *b, struct err *e)
{
	off_t size = lseek(fd, 0, SEEK_END);
	int r;

	if (size <= 0)
		return err_errno(e, size < 0 ? errno : ENOSPC, "find its size");
	r = probe_fd(fd, b, e);
	if (r == 0 && is_unfinished(fd, b)) {
		b->content = HOST_BLK_OTHER;
		mem_set(&b->text, mem_dup("an xfs file system that was never finished"));
	}
	if (r < 0 || b->text)
		return r;
	r = find_any_data(fd, (uint64_t)size, e);
	if (r < 0)
		return r;
	b->content = r ? HOST_BLK_OTHER : HOST_BLK_BLANK;
	b->text = mem_dup(r ? "data of a kind that is not known" : "nothing");
	return 0;
}

int host_blk_probe(const struct host *h, const struct host_disk *disk,
                   struct host_blk *ret, struct err *e)
{
	bool busy = false;
	_close_ int fd = open_for_probe(h, disk, &busy, e);

	*ret = (struct host_blk){.busy = busy};
	if (fd < 0)
		return fd;
	return look(fd, ret, e) < 0 ? err_wrap(e, "%s", disk->device) : 0;
}

void host_blk_done(struct host_blk *b)
{
	free(b->type);
	free(b->label);
	free(b->uuid);
	free(b->text);
	*b = (struct host_blk){0};
}

int host_blk_lock(struct host *h, const struct host_disk *disk, struct err *e)
{
	static const struct timespec pause = {.tv_nsec = LOCK_WAIT_NS};
	_close_ int fd = open_node(h, disk, 0, e);

	if (fd < 0)
		return fd;
	/* udev holds it for moments only, while it looks at the drive */
	for (int tries = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; tries++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_errno(e, errno, "lock %s", disk->device);
		if (tries == LOCK_TRIES || host_expired(h))
			return err_set(e, -EBUSY, "%s: another program has it locked",
			               disk->device);
		(void)nanosleep(&pause, NULL);
	}
	return TAKE_FD(fd);
}
