/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Any bytes as what is on a drive: at its start (signatures, which libblkid reads, and an
 * XFS), then the superblock of an md member, then log pages of an NVMe drive. A drive
 * that has any byte but 0 is never blank. Changes keep the checksum of md right.
 */
#include "fuzz.h"

#include "base/mem.h"
#include "host/open.h"
#include "storage/block/disk.h"
#include "storage/block/md.h"
#include "storage/block/nvme.h"
#include "storage/block/probe.h"

#include <endian.h>
#include <fcntl.h>
#include <linux/raid/md_u.h>

#include <linux/raid/md_p.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUPERBLOCK_AT    4096
#define SUPERBLOCK_BYTES 4096
#define DRIVE_BYTES      (64 * 1024)

/* In memory: a journal of a file system takes longer than the rest. */
static char dir[] = "/dev/shm/fuzz-drive-XXXXXX";
static int drive = -1;

static void remove_dir(void)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "%s/d", dir);
	(void)unlink(path);
	(void)rmdir(dir);
}

/* Once: a root with one drive, a sparse file. */
static void make_root(void)
{
	char path[64];

	if (drive >= 0)
		return;
	assert(mkdtemp(dir));
	(void)atexit(remove_dir);
	(void)snprintf(path, sizeof(path), "%s/d", dir);
	drive = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert(drive >= 0);
}

static void write_drive(const uint8_t *data, size_t size)
{
	assert(ftruncate(drive, 0) == 0 && ftruncate(drive, DRIVE_BYTES) == 0);
	assert(pwrite(drive, data, size, 0) == (ssize_t)size);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	struct mdp_superblock_1 *sb = (void *)(data + SUPERBLOCK_AT);
	uint64_t sum = 0;
	size_t bytes;

	size = LLVMFuzzerMutate(data, size, max);
	if (size < SUPERBLOCK_AT + SUPERBLOCK_BYTES || fuzz_random(&seed, 8) == 0)
		return size;
	sb->magic = htole32(MD_SB_MAGIC);
	sb->major_version = htole32(1);
	sb->super_offset = htole64(SUPERBLOCK_AT / 512);
	sb->max_dev = htole32(le32toh(sb->max_dev) % 1024);
	sb->sb_csum = 0;
	bytes = sizeof(*sb) + le32toh(sb->max_dev) * 2;
	for (size_t i = 0; i + 4 <= bytes; i += 4) {
		uint32_t word;

		memcpy(&word, (uint8_t *)sb + i, 4);
		sum += le32toh(word);
	}
	if (bytes % 4 == 2)
		sum += (uint64_t)((uint8_t *)sb)[bytes - 2] +
		       (uint64_t)((uint8_t *)sb)[bytes - 1] * 256;
	sb->sb_csum = htole32((uint32_t)((sum & UINT32_MAX) + (sum >> 32)));
	return size;
}

static void check_md(const struct host *h, const struct disk *disk)
{
	struct err e = {0};
	struct md md;

	if (md_read(h, disk, &md, &e) == 1) {
		assert(md.name && strlen(md.uuid) == 35);
		for (const char *p = md.name; *p; p++)
			assert((unsigned char)*p >= ' ' && *p != 0x7f);
		(void)md_is_blank(h, disk, &e);
	}
	md_done(&md);
}

static void check_probe(const struct host *h, const struct disk *disk, bool any)
{
	_blk_ struct blk b = {0};
	struct err e = {0};

	if (blk_probe(h, disk, &b, &e) < 0) {
		assert(e.code < 0 && *e.text);
		return;
	}
	assert(b.text && *b.text);
	assert((b.content == BLK_BLANK) == !any);
}

static void check_pages(const uint8_t *data, size_t size)
{
	unsigned char page[NVME_EC2_BYTES] = {0};
	struct nvme_health health;
	struct nvme_ec2 ec2;

	memcpy(page, data, size < sizeof(page) ? size : sizeof(page));
	nvme_parse_health(page, &health);
	assert(health.spare <= UINT8_MAX && health.used <= UINT8_MAX);
	(void)nvme_parse_ec2(page, &ec2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[] = "d", device[] = "/d";
	struct disk disk = {.name = name, .device = device, .size_bytes = DRIVE_BYTES};
	bool any = false;
	struct host h;
	struct err e;

	make_root();
	size = size < DRIVE_BYTES ? size : DRIVE_BYTES;
	for (size_t i = 0; i < size; i++)
		any |= data[i] != 0;
	write_drive(data, size);
	assert(host_open(&h, dir, &e) == 0);
	check_md(&h, &disk);
	check_probe(&h, &disk, any);
	host_close(&h);
	check_pages(data, size);
	return 0;
}
