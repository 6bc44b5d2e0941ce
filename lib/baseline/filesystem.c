/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "baseline/filesystem.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "baseline/part.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/live.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

/* The answer of ioctl_xfs_fsgeometry(2), which no header of the kernel declares. */
struct xfs_geometry {
	uint32_t blocksize, rtextsize, agblocks, agcount, logblocks, sectsize, inodesize,
		imaxpct;
	uint64_t datablocks, rtblocks, rtextents, logstart;
	unsigned char uuid[16];
	uint32_t sunit, swidth;
	int32_t version;
	uint32_t flags, logsectsize, rtsectsize, dirblocksize;
	uint32_t logsunit; /* since version 4 of the answer */
	uint32_t sick, checked;
	uint64_t reserved[17];
};

_Static_assert(sizeof(struct xfs_geometry) == 256, "as in the kernel");

/* Since Linux 5.2; before that, the answer ends with logsunit. */
#define XFS_GEOMETRY     _IOR('X', 126, struct xfs_geometry)
#define XFS_GEOMETRY_OLD _IOC(_IOC_READ, 'X', 124, 112)

/*
 * Bits of `flags` with the words of xfs_info(8): fs/xfs/libxfs/xfs_fs.h. No word is
 * for bits that are always set, quota, which is a mount option, and attr, which appears
 * with the first attribute that is stored.
 */
static const char *const features[32] = {
	[3] = "ialign",   [4] = "dalign",    [8] = "logv2",     [9] = "sector",
	[10] = "attr2",   [11] = "projid32", [12] = "ascii-ci", [14] = "lazy-count",
	[15] = "crc",     [16] = "ftype",    [17] = "finobt",   [18] = "sparse",
	[19] = "rmapbt",  [20] = "reflink",  [21] = "bigtime",  [22] = "inobtcount",
	[23] = "nrext64", [24] = "exchange", [25] = "parent",
};

static char *feature_words(uint32_t flags)
{
	_buf_ struct buf b = {0};

	for (unsigned bit = 0; bit < 32; bit++) {
		_free_ char *number = mem_format("bit%u", bit);

		if (flags & 1U << bit && (features[bit] || bit > 25))
			buf_join(&b, " ", features[bit] ? features[bit] : number);
	}
	return buf_take(&b);
}

static void set_uuid(struct node *n, const unsigned char *uuid)
{
	_buf_ struct buf b = {0};

	for (unsigned i = 0; i < 16; i++)
		buf_addf(&b, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
		         uuid[i]);
	node_set_text(n, "uuid", b.text);
}

static void set_geometry(struct node *n, const struct xfs_geometry *g)
{
	_free_ char *words = feature_words(g->flags);

	set_uuid(n, g->uuid);
	node_set_text(n, "features", words);
	part_set_number(n, "block_bytes", g->blocksize);
	part_set_number(n, "bytes", g->datablocks * g->blocksize);
	part_set_number(n, "sector_bytes", g->sectsize);
	part_set_number(n, "inode_bytes", g->inodesize);
	part_set_number(n, "inode_max_percent", g->imaxpct);
	part_set_number(n, "directory_block_bytes", g->dirblocksize);
	part_set_number(n, "ag_count", g->agcount);
	part_set_number(n, "ag_blocks", g->agblocks);
	part_set_number(n, "stripe_unit_blocks", g->sunit);
	part_set_number(n, "stripe_width_blocks", g->swidth);
	part_set_number(n, "log_blocks", g->logblocks);
	part_set_number(n, "log_stripe_unit_bytes", g->logsunit);
	node_set_text(n, "log", g->logstart ? "internal" : "external");
	part_set_number(n, "realtime_blocks", g->rtblocks);
}

/* Return: 0 or -errno. */
static int read_xfs(int fd, struct node *n)
{
	struct xfs_geometry g = {0};

	if (ioctl(fd, XFS_GEOMETRY, &g) < 0 && ioctl(fd, XFS_GEOMETRY_OLD, &g) < 0)
		return -errno;
	set_geometry(n, &g);
	return 0;
}

static int read_sizes(int fd, struct node *n)
{
	struct statvfs fs;

	if (fstatvfs(fd, &fs) < 0)
		return -errno;
	part_set_number(n, "block_bytes", fs.f_bsize);
	part_set_number(n, "bytes", fs.f_blocks * fs.f_frsize);
	return 0;
}

/*
 * Open the mount point, a directory or a file. Through a container's root, something else
 * may be mounted there, or nothing.
 */
static int open_mounted(const struct host *h, const struct host_mount *m, struct err *e)
{
	_close_ int fd = host_live_check(h, e);
	struct stat st = {0};

	if (fd == 0)
		fd = host_file_stat(h, m->target, &st, e);
	if (fd < 0)
		return TAKE_FD(fd);
	if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))
		return err_set(e, -EINVAL, "%s: is neither a directory nor a file",
		               m->target);
	fd = host_file_open(h, m->target, O_NONBLOCK, e);
	if (fd >= 0 && fstat(fd, &st) == 0 && m->major > 0 &&
	    (major(st.st_dev) != m->major || minor(st.st_dev) != m->minor))
		return err_set(e, -EXDEV, "%s: another file system is reached from here",
		               m->target);
	return TAKE_FD(fd);
}

struct node *filesystem_read(const struct host *h, const struct host_mount *m)
{
	_node_ struct node *n = node_new(NODE_MAP);
	struct err e = {0};
	_close_ int fd = open_mounted(h, m, &e);
	int r = fd;

	if (fd >= 0) {
		r = strcmp(m->fstype, "xfs") == 0 ? read_xfs(fd, n) : read_sizes(fd, n);
		if (r < 0)
			(void)err_errno(&e, -r, "geometry of %s", m->target);
	}
	return r < 0 ? part_missing(e.text) : TAKE_PTR(n);
}
