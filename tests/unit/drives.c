/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "drives.h"

#include "base/mem.h"
#include "host/process/exec.h"
#include "storage/xfs_mkfs.h"
#include "test.h"
#include "tmproot.h"

#include <linux/raid/md_u.h>

#include <linux/raid/md_p.h>

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const char *node(const char *name)
{
	return keep_text(mem_format("%s/dev/%s", tmproot.path, name));
}

int drives_setup(void **state)
{
	int r = tmproot_setup(state);

	tmproot_dir("/sys/block");
	tmproot_write("/proc/filesystems", "nodev\tsysfs\n\txfs\n");
	tmproot_write("/proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n");
	drives_mounts("", "");
	return r;
}

void drive_set(const char *name, const char *attribute, const char *text)
{
	tmproot_write(keep_text(mem_format("/sys/block/%s/%s", name, attribute)),
	              keep_text(mem_format("%s\n", text)));
}

void drive_add(const char *name, const char *model, const char *serial, unsigned minor)
{
	drive_set(name, "device/model", keep_text(mem_format("%-40s", model)));
	drive_set(name, "device/serial", keep_text(mem_format("%-20s", serial)));
	drive_set(name, "nsid", "1");
	drive_set(name, "dev", keep_text(mem_format("259:%u", minor)));
	drive_set(name, "size", keep_text(mem_format("%d", DRIVE_MIB * 2048)));
	drive_set(name, "ro", "0");
	drive_set(name, "hidden", "0");
	tmproot_write(keep_text(mem_format("/dev/%s", name)), "");
	assert_return_code(truncate(node(name), (off_t)DRIVE_MIB * MIB), errno);
}

void drive_write(const char *name, long place, const char *data, size_t n)
{
	int fd = open(node(name), O_WRONLY | O_CLOEXEC);
	off_t at = place < 0 ? (off_t)DRIVE_MIB * MIB + place : place;

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, data, n, at), n);
	(void)close(fd);
}

void drive_format(const char *name, const char *label)
{
	struct xfs_mkfs plain = {0};
	struct host_tool tool;
	struct host_exec_job job;
	struct err e = {0};

	if (host_exec_find(&tmproot.host, "mkfs.xfs", 0, &tool, &e) < 0)
		skip();
	if (xfs_mkfs_start(&plain, label, keep_text(mem_format("/dev/%s", name)),
	                   &tmproot.host, &job, &e) < 0 ||
	    xfs_mkfs_finish(&tmproot.host, &job, &e) < 0)
		fail_msg("%s", e.text);
}

void drive_make_member(const char *name, struct drive_member m)
{
	union {
		struct mdp_superblock_1 sb;
		char bytes[sizeof(struct mdp_superblock_1) + 64 * sizeof(uint16_t)];
		uint32_t words[(sizeof(struct mdp_superblock_1) + 128) / 4];
	} u = {.sb = {.magic = htole32(MD_SB_MAGIC), .major_version = htole32(1)}};
	uint64_t sum = 0;

	(void)snprintf(u.sb.set_name, sizeof(u.sb.set_name), "%s", m.name);
	memset(u.sb.set_uuid, m.uuid, sizeof(u.sb.set_uuid));
	u.sb.level = htole32(m.level);
	u.sb.raid_disks = htole32(m.n_disks);
	u.sb.data_offset = htole64(m.data_sector);
	u.sb.super_offset = htole64(8);
	u.sb.dev_number = htole32(m.role);
	u.sb.max_dev = htole32(64);
	for (unsigned i = 0; i < 64; i++)
		u.sb.dev_roles[i] = htole16(i < m.n_disks ? (uint16_t)i : 0xffff);
	for (size_t i = 0; i < ARRAY_SIZE(u.words); i++)
		sum += le32toh(u.words[i]);
	u.sb.sb_csum = htole32((uint32_t)((sum & UINT32_MAX) + (sum >> 32)));
	drive_write(name, 4096, u.bytes, sizeof(u.bytes));
}

void drive_array(const char *name, const char *members, const char *state, unsigned minor)
{
	char *rest = keep_text(mem_dup(members)), *member;

	drive_set(name, "dev", keep_text(mem_format("9:%u", minor)));
	drive_set(name, "size", keep_text(mem_format("%d", DRIVE_MIB * 2048)));
	drive_set(name, "md/array_state", state);
	while ((member = strsep(&rest, " "))) {
		drive_set(name, keep_text(mem_format("slaves/%s", member)), "");
		drive_set(member, keep_text(mem_format("holders/%s", name)), "");
	}
	tmproot_write(keep_text(mem_format("/dev/%s", name)), "");
	assert_return_code(truncate(node(name), (off_t)DRIVE_MIB * MIB), errno);
}

void drives_mounts(const char *host, const char *own)
{
	tmproot_write("/proc/1/mountinfo",
	              keep_text(mem_format("1 0 8:1 / / rw,relatime shared:1 - ext4 "
	                                   "/dev/root rw\n%s",
	                                   host)));
	tmproot_write(
		"/proc/self/mountinfo",
		keep_text(mem_format("101 0 0:50 / / rw - overlay overlay rw\n%s", own)));
}

void drive_make(unsigned i, char what)
{
	const char *name = keep_text(mem_format("nvme%un1", i));
	const char *serial = keep_text(mem_format("AWS%u", i));

	drive_add(name, what == 'e' ? "Amazon Elastic Block Store" : INSTANCE_STORE,
	          serial, i);
	switch (what) {
	case 'o': drive_format(name, "ephemeral"); break;
	case 'H':
		drive_format(name, "ephemeral");
		drive_set(name, "holders/dm-0", "");
		break;
	/* sb_inprogress: set by an interrupted mkfs.xfs */
	case 'u':
		drive_format(name, "ephemeral");
		drive_write(name, 126, "\x01", 1);
		break;
	case 'U':
		drive_format(name, "other");
		drive_write(name, 126, "\x01", 1);
		break;
	case 'z':
		drive_format(name, "ephemeral");
		drive_set(name, "size", "0");
		break;
	case 't':
		drive_format(name, "ephemeral");
		assert_return_code(truncate(node(name), (off_t)(DRIVE_MIB - 10) * MIB),
		                   errno);
		break;
	case 'q':
		drive_format(name, "ephemeral");
		drive_set(name, keep_text(mem_format("%sp1/partition", name)), "1");
		break;
	case 'R':
		drive_set(name, "ro", "1");
		tmproot_remove(keep_text(mem_format("/dev/%s", name)));
		break;
	case 'x': drive_format(name, "other"); break;
	case 'd': drive_write(name, 0, "data", 4); break;
	case 'p':
		drive_set(name, keep_text(mem_format("%sp1/partition", name)), "1");
		break;
	case 'h': drive_set(name, "holders/dm-0", ""); break;
	case 'r': drive_set(name, "ro", "1"); break;
	/* two namespaces of one controller: the same serial */
	case '1':
	case '2':
	case 'D':
		drive_set(name, "device/serial", "AWS");
		drive_set(name, "nsid", what == '2' ? "2" : "1");
		drive_set(name, "wwid", keep_text(mem_format("eui.%c", what)));
		if (what == '2')
			drive_write(name, 0, "data", 4);
		break;
	case 'O':
	case 'S':
		if (what == 'O')
			drive_format(name, "ephemeral");
		tmproot_remove(keep_text(mem_format("/sys/block/%s/ro", name)));
		tmproot_dir(keep_text(mem_format("/sys/block/%s/ro", name)));
		break;
	case 'M':
		tmproot_remove(keep_text(mem_format("/sys/block/%s/device/model", name)));
		tmproot_dir(keep_text(mem_format("/sys/block/%s/device/model", name)));
		break;
	case 's':
		tmproot_remove(keep_text(mem_format("/sys/block/%s/nsid", name)));
		break;
	case 'N': drive_set(name, "nsid", "one"); break;
	case 'n': tmproot_remove(keep_text(mem_format("/dev/%s", name))); break;
	default: break;
	}
}
