/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/md.h"

#include "base/mem.h"
#include "doc/node.h"
#include "host/host.h"
#include "host/recorded.h"
#include "storage/block/blank.h"
#include "storage/block/disk.h"
#include "storage/block/probe.h"

#include <linux/raid/md_u.h>

#include <linux/raid/md_p.h>

#include <endian.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define SUPERBLOCK_AT    4096
#define SUPERBLOCK_BYTES (MD_SUPERBLOCK_END - SUPERBLOCK_AT)
#define SECTOR_BYTES     512

/* Prefix of the names of arrays made with --homehost=any. */
#define ANY_HOST "any:"

union superblock {
	struct mdp_superblock_1 sb;
	unsigned char bytes[SUPERBLOCK_BYTES];
	uint32_t words[SUPERBLOCK_BYTES / 4];
};

/* calc_sb_1_csum() of the kernel: the sum of all words, with the carry added back. */
static bool sum_is_right(union superblock *u)
{
	uint32_t stored = u->sb.sb_csum;
	size_t bytes = sizeof(u->sb) + le32toh(u->sb.max_dev) * sizeof(uint16_t);
	uint64_t sum = 0;

	if (le32toh(u->sb.max_dev) > SUPERBLOCK_BYTES || bytes > SUPERBLOCK_BYTES)
		return false;
	u->sb.sb_csum = 0;
	for (size_t i = 0; i < bytes / 4; i++)
		sum += le32toh(u->words[i]);
	if (bytes % 4 == 2)
		sum += (uint64_t)(u->bytes[bytes - 2] | u->bytes[bytes - 1] << 8);
	u->sb.sb_csum = stored;
	return (uint32_t)((sum & UINT32_MAX) + (sum >> 32)) == le32toh(stored);
}

static bool is_superblock(union superblock *u)
{
	return le32toh(u->sb.magic) == MD_SB_MAGIC && le32toh(u->sb.major_version) == 1 &&
	       le64toh(u->sb.super_offset) == SUPERBLOCK_AT / SECTOR_BYTES &&
	       le32toh(u->sb.dev_number) < le32toh(u->sb.max_dev) && sum_is_right(u);
}

/* As for the kernel, an array cannot have its data behind the end of the drive. */
static bool data_fits(const struct mdp_superblock_1 *sb, const struct disk *disk)
{
	return le64toh(sb->data_offset) < disk->size_bytes / SECTOR_BYTES;
}

static char *uuid_text(const unsigned char *u)
{
	return mem_format("%02x%02x%02x%02x:%02x%02x%02x%02x:%02x%02x%02x%02x:"
	                  "%02x%02x%02x%02x",
	                  u[0], u[1], u[2], u[3], u[4], u[5], u[6], u[7], u[8], u[9],
	                  u[10], u[11], u[12], u[13], u[14], u[15]);
}

/* Text from a drive is untrusted and must not reach a terminal unescaped. */
static char *name_text(const char *name, size_t max)
{
	char *text = mem_dup_n(name, strnlen(name, max));

	for (char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	if (strncmp(text, ANY_HOST, strlen(ANY_HOST)) == 0)
		mem_set(&text, mem_dup(text + strlen(ANY_HOST)));
	return text;
}

static void md_take(const struct mdp_superblock_1 *sb, struct md *ret)
{
	ret->name = name_text(sb->set_name, sizeof(sb->set_name));
	ret->uuid = uuid_text(sb->set_uuid);
	ret->level = (int)le32toh(sb->level);
	ret->n_disks = le32toh(sb->raid_disks);
	ret->role = le16toh(sb->dev_roles[le32toh(sb->dev_number)]);
}

static int read_superblock(const struct host *h, const struct disk *disk, struct md *ret,
                           struct err *e)
{
	_close_ int fd = blk_open(h, disk, 0, e);
	union superblock u;
	int r;

	*ret = (struct md){0};
	if (fd < 0)
		return fd;
	if (disk->size_bytes < MD_SUPERBLOCK_END)
		return 0;
	r = blk_read(fd, &u, sizeof(u), SUPERBLOCK_AT, e);
	if (r < 0)
		return err_wrap(e, "%s", disk->device);
	if (!is_superblock(&u) || !data_fits(&u.sb, disk))
		return 0;
	md_take(&u.sb, ret);
	return 1;
}

static struct node *md_node(const struct md *md)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "name", md->name);
	node_set_text(n, "uuid", md->uuid);
	node_set(n, "level", node_new_uint((uint64_t)md->level));
	node_set(n, "disks", node_new_uint(md->n_disks));
	node_set(n, "role", node_new_uint(md->role));
	return n;
}

/* Return: 1, or 0 if the drive has no superblock. */
static int md_take_node(const struct node *n, struct md *ret)
{
	*ret = (struct md){
		.name = recorded_text(n, "name"),
		.uuid = recorded_text(n, "uuid"),
		.level = (int)recorded_number(n, "level", INT_MAX),
		.n_disks = (unsigned)recorded_number(n, "disks", UINT_MAX),
		.role = (unsigned)recorded_number(n, "role", UINT_MAX),
	};
	return ret->name && ret->uuid;
}

int md_read(const struct host *h, const struct disk *disk, struct md *ret, struct err *e)
{
	const struct node *known;
	int r = recorded_get(h, "md", disk->device, &known, e);

	*ret = (struct md){0};
	if (r != 0)
		return r < 0 ? r : md_take_node(known, ret);
	r = read_superblock(h, disk, ret, e);
	return recorded_put(h, "md", disk->device, r, e,
	                    r == 1 && h->record ? md_node(ret) : NULL);
}

void md_done(struct md *md)
{
	free(md->name);
	free(md->uuid);
	*md = (struct md){0};
}

/* The superblock's word for where the data begins is not trusted: all else counts. */
static int is_blank_member(const struct host *h, const struct disk *disk, struct err *e)
{
	_close_ int fd = blk_open(h, disk, 0, e);
	int r;

	if (fd < 0)
		return fd;
	r = disk_blank_check(fd, 0, SUPERBLOCK_AT, e);
	if (r == 0)
		r = disk_blank_check(fd, MD_SUPERBLOCK_END, disk->size_bytes, e);
	return r < 0 ? err_wrap(e, "%s", disk->device) : !r;
}

int md_is_blank(const struct host *h, const struct disk *disk, struct err *e)
{
	const struct node *known;
	struct node *n = NULL;
	int r = recorded_get(h, "md-blank", disk->device, &known, e);

	if (r != 0)
		return r < 0 ? r : recorded_flag(known, "blank");
	r = is_blank_member(h, disk, e);
	if (r >= 0 && h->record) {
		n = node_new(NODE_MAP);
		node_set(n, "blank", node_new_bool(r > 0));
	}
	return recorded_put(h, "md-blank", disk->device, r, e, n);
}

char *md_new_uuid(void)
{
	unsigned char bytes[16];
	struct timespec now;

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes)) {
		/* practically never fails: the UUID must be unique, not unguessable */
		(void)clock_gettime(CLOCK_REALTIME, &now);
		memset(bytes, getpid() & 0xff, sizeof(bytes));
		memcpy(bytes, &now, sizeof(bytes));
	}
	return uuid_text(bytes);
}
