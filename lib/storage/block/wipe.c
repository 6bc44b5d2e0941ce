/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/wipe.h"

#include "base/mem.h"
#include "host/file.h"
#include "host/host.h"
#include "host/live.h"
#include "storage/block/disk.h"

#include <linux/fs.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/*
 * More than the distance of any known signature from the end of a drive: zfs has labels
 * there.
 */
#define EDGE_BYTES  (UINT64_C(4) << 20)
#define CHUNK_BYTES (1024 * 1024)

static int open_to_write(struct host *h, const struct disk *disk, struct err *e)
{
	int known = host_live_check_device(h, disk->device, e);
	_close_ int fd = known < 0 ? known
	                           : host_file_open_device(h, disk->device,
	                                                   O_EXCL | O_NONBLOCK, e);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return err_errno(e, errno, "stat %s", disk->device);
	if (!h->live && S_ISREG(st.st_mode))
		return TAKE_FD(fd);
	if (!S_ISBLK(st.st_mode) || major(st.st_rdev) != disk->major ||
	    minor(st.st_rdev) != disk->minor)
		return err_set(e, -ENXIO, "%s: is not device %u:%u", disk->device,
		               disk->major, disk->minor);
	return TAKE_FD(fd);
}

static int zero(int fd, uint64_t at, uint64_t n, struct err *e)
{
	_free_ char *zeros = NULL;
	uint64_t range[2] = {at, n};

	/* let the drive do it if it can: the range may be large */
	if (ioctl(fd, BLKZEROOUT, range) == 0)
		return 0;
	zeros = mem_new(CHUNK_BYTES, 1);
	while (n > 0) {
		ssize_t done =
			pwrite(fd, zeros, n < CHUNK_BYTES ? n : CHUNK_BYTES, (off_t)at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return err_errno(e, done < 0 ? errno : EIO, "write zeros");
		at += (uint64_t)done;
		n -= (uint64_t)done;
	}
	return 0;
}

static int write_back(int fd, struct err *e)
{
	return fsync(fd) < 0 ? err_errno(e, errno, "write back") : 0;
}

/*
 * Zero the start last: if the wipe is interrupted, the signature is still there and the
 * drive does not look like unknown data.
 */
static int wipe(int fd, uint64_t size, struct err *e)
{
	uint64_t edge = size < 2 * EDGE_BYTES ? size / 2 : EDGE_BYTES;
	uint64_t rest[2] = {edge, size - edge};
	int r;

	/*
	 * not every drive supports discard, and discarded blocks do not always read as
	 * zeros
	 */
	(void)ioctl(fd, BLKDISCARD, rest);
	r = zero(fd, size - edge, edge, e);
	if (r == 0)
		r = write_back(fd, e);
	if (r == 0)
		r = zero(fd, 0, edge, e);
	if (r == 0)
		r = write_back(fd, e);
	/* make the kernel drop the old partitions */
	if (r == 0)
		(void)ioctl(fd, BLKRRPART);
	return r;
}

int disk_wipe(struct host *h, const struct disk *disk, struct err *e)
{
	_close_ int fd = open_to_write(h, disk, e);
	int r = fd < 0 ? fd : wipe(fd, disk->size_bytes, e);

	return r < 0 ? err_wrap(e, "wipe %s", disk->device) : 0;
}

int disk_wipe_start(struct host *h, const struct disk *disk, uint64_t n, struct err *e)
{
	_close_ int fd = open_to_write(h, disk, e);
	int r = fd < 0 ? fd : zero(fd, 0, n, e);

	if (r == 0)
		r = write_back(fd, e);
	return r < 0 ? err_wrap(e, "clear %s", disk->device) : 0;
}
