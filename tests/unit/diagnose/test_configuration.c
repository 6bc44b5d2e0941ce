/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "base/mem.h"
#include "diagnose/node/interfaces.h"
#include "diagnose/node/mounts.h"
#include "diagnose/node/queues.h"
#include "diagnose/node/sysctls.h"
#include "measured.h"
#include "test.h"
#include "tmproot.h"

#define MOUNTS "/proc/1/mountinfo"
#define STORE  "Amazon EC2 NVMe Instance Storage  \n"

static void drive(const char *name, const char *number, const char *model)
{
	_free_ char *dev = mem_format("/sys/block/%s/dev", name);
	_free_ char *size = mem_format("/sys/block/%s/size", name);
	_free_ char *path = mem_format("/sys/block/%s/device/model", name);

	tmproot_write(dev, number);
	tmproot_write(size, "4883886080\n");
	tmproot_write(path, model);
}

static const struct mount_row {
	const char *name, *line, *result;
} mount_rows[] = {
	{"instance store",
         "30 21 259:1 / /mnt/data rw,noatime - xfs /dev/nvme1n1 rw,sync",
         "/mnt/data: mount_type xfs (" MOUNTS ")\n"
         "/mnt/data: mount_noatime true (" MOUNTS ")\n"
         "/mnt/data: mount_nodiratime false (" MOUNTS ")\n"
         "/mnt/data: mount_ro false (" MOUNTS ")\n"
         "/mnt/data: mount_sync true (" MOUNTS ")\n"
         "/mnt/data: mount_discard false (" MOUNTS ")\n"
         "/mnt/data: mount_ephemeral true (/sys/block)\n"},
	{"a partition", "30 21 259:5 / /boot rw - ext4 /dev/nvme0n1p2 rw",
         "/boot: mount_ephemeral false (/sys/block)\n"},
	{"an unknown device", "30 21 8:1 / /b rw - ext4 /dev/sda1 rw",
         "/b: mount_ephemeral is absent: 8:1: no such block device\n"},
	{"NFSv3", "30 21 0:50 / /n rw - nfs srv:/x rw,vers=3,rsize=1048576,mountvers=3",
         "/n: mount_type nfs (" MOUNTS ")\n/n: mount_nfs 3.0 (" MOUNTS ")\n"},
	{"NFSv4", "30 21 0:50 / /n rw - nfs4 srv:/x rw,vers=4.2", "/n: mount_nfs 4.2"},
	{"a bind with the same options",
         "30 21 259:1 / /a rw - xfs /dev/x rw\n31 21 259:1 /d /b rw - xfs /dev/x rw",
         "/a: mount_ephemeral true (/sys/block)\n"},
	{"one that another one hides",
         "21 1 0:1 / / rw - overlay overlay rw\n"
         "30 21 259:1 / /a rw - xfs /dev/x rw,sync\n"
         "31 30 259:3 / /a rw - ext4 /dev/y rw,discard",
         "/a: mount_type ext4 (" MOUNTS ")\n"},
	{"below another one",
         "21 1 0:1 / / rw - overlay overlay rw\n"
         "30 21 259:1 / /m/a rw,sync - xfs /dev/x rw\n"
         "31 21 259:3 / /m rw - ext4 /dev/y rw\n"
         "32 21 259:1 / /b rw,sync - xfs /dev/x rw",
         "/b: mount_sync true (" MOUNTS ")\n"},
	{"a bind with others",
         "30 21 259:1 / /a rw - xfs /dev/x rw\n31 21 259:1 /d /b rw,noatime - xfs /dev/x rw",
         "/b: mount_noatime true"},
};

static void test_mount(void **state)
{
	const struct mount_row *row = *state;
	_free_ char *text =
		mem_format("%s\n32 21 0:5 / /proc rw - proc proc rw\n", row->line);
	const char *result;

	drive("nvme1n1", "259:1\n", STORE);
	drive("nvme0n1", "259:3\n", "Amazon Elastic Block Store\n");
	tmproot_write("/sys/block/nvme0n1/nvme0n1p2/dev", "259:5\n");
	tmproot_write(MOUNTS, text);
	result = measured(&source_mounts);
	assert_part(result, row->result);
	assert_null(strstr(result, "/proc: "));
	if (strcmp(row->name, "a bind with the same options") == 0)
		assert_null(strstr(result, "/b: "));
	assert_null(strstr(result, "/a: mount_sync true"));
	assert_null(strstr(result, "/m/a: "));
}

static void test_no_mounts(void **state)
{
	(void)state;
	assert_part(measured(&source_mounts), "mount_type is absent: ");
}

static void test_queues(void **state)
{
	(void)state;
	drive("nvme1n1", "259:1\n", STORE);
	tmproot_write(MOUNTS, "");
	tmproot_write("/sys/block/nvme1n1/queue/scheduler", "[mq-deadline] none\n");
	tmproot_write("/sys/block/nvme1n1/queue/read_ahead_kb", "128\n");
	tmproot_write("/sys/block/nvme1n1/queue/nr_requests", "many\n");
	tmproot_write("/sys/block/loop0/dev", "7:0\n");
	assert_string_equal(
		measured(&source_queues),
		"nvme1n1: instance_store true (/sys/block/nvme1n1/device/model)\n"
		"nvme1n1: scheduler mq-deadline (/sys/block/nvme1n1/queue/scheduler)\n"
		"nvme1n1: read_ahead 128 KiB (/sys/block/nvme1n1/queue/read_ahead_kb)\n"
		"nvme1n1: nr_requests is absent: /sys/block/nvme1n1/queue/nr_requests: cannot "
		"be read\n"
		"nvme1n1: rq_affinity is absent: /sys/block/nvme1n1/queue/rq_affinity: cannot "
		"be read\n");
}

#define NET "/sys/class/net/"

/* eth0 and eth1 are ENA, ens9 has no driver that could be read. */
static const struct mtu_row {
	const char *name, *eth0, *eth1, *result;
} mtu_rows[] = {
	{"the largest", "1500\n", "9001\n", "ena_mtu_max 9001 (/sys/class/net)\n"},
	{"of each", "1500\n", "9001\n", "eth0: mtu 1500 (" NET "eth0/mtu)\n"},
	{"one is unknown", "1500\n", NULL,
         "ena_mtu_max is absent: the MTU of an interface cannot be read\n"},
	{"no number", "1500\n", "x\n",
         "eth1: mtu is absent: " NET "eth1/mtu: is no number\n"},
	{"no ENA", NULL, NULL, "ena_mtu_max 0 (/sys/class/net)\n"},
};

static void test_mtu(void **state)
{
	const struct mtu_row *row = *state;

	tmproot_write(NET "lo/mtu", "65536\n");
	tmproot_write(NET "bonding_masters", "\n");
	if (row->eth0) {
		tmproot_write(NET "eth0/device/uevent", "DRIVER=ena\n");
		tmproot_write(NET "eth1/device/uevent", "DRIVER=ena\n");
		tmproot_write(NET "eth0/mtu", row->eth0);
	}
	if (row->eth1)
		tmproot_write(NET "eth1/mtu", row->eth1);
	assert_part(measured(&source_interfaces), row->result);
}

static void test_sysctls(void **state)
{
	(void)state;
	tmproot_write("/proc/sys/vm/min_free_kbytes", "67584\n");
	tmproot_write("/proc/sys/net/ipv4/tcp_rmem", "4096\t131072\t6291456\n");
	tmproot_write("/proc/sys/net/ipv4/tcp_wmem", "4096\t16384\t4194304\n");
	assert_string_equal(measured(&source_sysctls),
	                    "min_free 66 MiB (/proc/sys/vm/min_free_kbytes)\n"
	                    "tcp_buffers 10 MiB (/proc/sys/net/ipv4/tcp_rmem and "
	                    "tcp_wmem)\n");
	tmproot_write("/proc/sys/vm/min_free_kbytes", "-1\n");
	tmproot_write("/proc/sys/net/ipv4/tcp_wmem", "4096\t16384\n");
	assert_string_equal(
		measured(&source_sysctls),
		"min_free is absent: /proc/sys/vm/min_free_kbytes: is not 1 number\n"
		"tcp_buffers is absent: /proc/sys/net/ipv4/tcp_wmem: is not 3 numbers\n");
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, mount_rows, test_mount);
	suite_test(&s, "no mounts", test_no_mounts);
	suite_test(&s, "queues", test_queues);
	suite_rows(&s, mtu_rows, test_mtu);
	suite_test(&s, "sysctls", test_sysctls);
	return suite_run(&s);
}
