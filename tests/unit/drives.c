/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "drives.h"

#include "base/mem.h"
#include "host/host_exec.h"
#include "kinds/xfs_mkfs.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static const char *node(const char *name)
{
	return keep_text(mem_format("%s/dev/%s", tmproot.path, name));
}

int drives_setup(void **state)
{
	int r = tmproot_setup(state);

	tmproot_dir("/sys/block");
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
	struct err e = {0};

	if (host_exec_find(&tmproot.host, "mkfs.xfs", &tool, &e) < 0)
		skip();
	if (xfs_mkfs_run(&plain, label, keep_text(mem_format("/dev/%s", name)),
	                 &tmproot.host, &e) < 0)
		fail_msg("%s", e.text);
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
