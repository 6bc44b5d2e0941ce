/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Which paths a profile can name, and which files hosttune never writes. */
#include "base/mem.h"
#include "sysfs/path.h"
#include "test.h"

static const struct path {
	const char *path, *fault;
} paths[] = {
	{"/sys/kernel/mm/ksm/run", NULL},
	{"/sys/block/*/queue/rq_affinity", NULL},
	{"/sys/block/nvme[0-9]n1/queue/rq_affinity", NULL},
	{"/sys/a/..b/.c/d..", NULL},
	{"/proc/sys/vm/swappiness", "must begin with /sys/"},
	{"/sys", "must begin with /sys/"},
	{"/system/a", "must begin with /sys/"},
	{"sys/a", "must begin with /sys/"},
	{"/sys/", "must have no // and no / at its end"},
	{"/sys/a/", "must have no // and no / at its end"},
	{"/sys//a", "must have no // and no / at its end"},
	{"/sys/../etc/passwd", "must have no part that is . or .."},
	{"/sys/a/./b", "must have no part that is . or .."},
	{"/sys/a/..", "must have no part that is . or .."},
	{"/sys/a/**", "must have no **: a * matches within one name"},
	{"/sys/a b", "must have no blanks, and only ASCII"},
	{"/sys/\x01", "must have no blanks, and only ASCII"},
	{"/sys/\xc3\xa9", "must have no blanks, and only ASCII"},
};

static void test_fault(void **state)
{
	const struct path *row = *state;

	assert_text(sysfs_path_fault(row->path), row->fault);
}

static void test_long(void **state)
{
	char path[SYSFS_PATH_MAX + 2] = "/sys/";

	(void)state;
	memset(path + 5, 'a', sizeof(path) - 6);
	assert_string_equal(sysfs_path_fault(path), "must have at most 1024 bytes");
	path[SYSFS_PATH_MAX] = '\0';
	assert_null(sysfs_path_fault(path));
}

/* One of each kind of action, with the part of the reason that is its own. */
static const struct refused {
	const char *path, *why;
} refused[] = {
	{"/sys/bus/pci/drivers/nvme/bind", "binds"},
	{"/sys/bus/pci/drivers/nvme/unbind", "binds"},
	{"/sys/bus/pci/drivers/nvme/new_id", "binds"},
	{"/sys/bus/pci/drivers/nvme/remove_id", "removes"},
	{"/sys/bus/pci/drivers_probe", "binds"},
	{"/sys/bus/pci/drivers_autoprobe", "binds"},
	{"/sys/bus/pci/devices/0000:00:04.0/driver_override", "binds"},
	{"/sys/devices/system/clocksource/clocksource0/unbind_clocksource", "binds"},
	{"/sys/bus/pci/devices/0000:00:04.0/remove", "removes"},
	{"/sys/bus/pci/devices/*/remove", "removes"},
	{"/sys/block/sda/device/delete", "removes"},
	{"/sys/class/nvme/nvme0/delete_controller", "removes"},
	{"/sys/class/zram-control/hot_remove", "removes"},
	{"/sys/class/net/eth0/device/sriov_numvfs", "removes"},
	{"/sys/fs/bcache/x/unregister", "removes"},
	{"/sys/bus/i2c/devices/i2c-0/new_device", "creates"},
	{"/sys/fs/bcache/register", "creates"},
	{"/sys/class/mdev_bus/x/mdev_supported_types/y/create", "creates"},
	{"/sys/bus/pci/rescan", "look for devices"},
	{"/sys/class/nvme/nvme0/rescan_controller", "look for devices"},
	{"/sys/class/scsi_host/host0/scan", "look for devices"},
	{"/sys/class/nvme/nvme0/reset_controller", "resets"},
	{"/sys/bus/pci/devices/0000:00:04.0/reset", "resets"},
	{"/sys/power/state", "power state"},
	{"/sys/power/disk", "power state"},
	{"/sys/bus/usb/devices/1-1/power/control", "power state"},
	{"/sys/bus/pci/slots/1/power", "power state"},
	{"/sys/devices/pci0000:00/0000:00:04.0/enable", "power state"},
	{"/sys/kernel/reboot/mode", "power state"},
	{"/sys/kernel/kexec_crash_size", "power state"},
	{"/sys/block/sda/device/state", "stops or removes"},
	{"/sys/module/usbcore/parameters/autosuspend", "suspends"},
	{"/sys/class/firmware/x/loading", "firmware"},
	{"/sys/module/firmware_class/parameters/path", "firmware"},
	{"/sys/devices/system/cpu/microcode/reload", "firmware"},
	{"/sys/firmware/efi/efivars/x", "firmware"},
	{"/sys/block/md0/md/array_state", "array"},
	{"/sys/block/md0/md/sync_action", "array"},
	{"/sys/block/md0/md/dev-sda/errors", "array"},
	{"/sys/devices/system/cpu/cpu1/online", "takes processors"},
	{"/sys/devices/system/cpu/smt/control", "takes processors"},
	{"/sys/devices/system/memory/auto_online_blocks", "takes processors"},
	{"/sys/bus/pci/devices/0000:00:04.0/config", "memory of the device"},
	{"/sys/bus/pci/devices/0000:00:04.0/resource0", "memory of the device"},
	{"/sys/bus/nvmem/devices/x/nvmem", "memory of the device"},
	{"/sys/block/sda/uevent", "run as root"},
	{"/sys/kernel/uevent_helper", "run as root"},
	{"/sys/kernel/livepatch/x/enabled", "code of the kernel"},
	{"/sys/fs/ext4/sda1/trigger_fs_error", "fail on purpose"},
	{"/sys/block/sda/sda1/make-it-fail", "fail on purpose"},
	{"/sys/kernel/slab/dentry/shrink", "an action"},
	{"/sys/devices/system/node/node0/compact", "an action"},
	{"/sys/fs/cgroup/memory.max", "another file system"},
	{"/sys/fs/selinux/enforce", "another file system"},
	{"/sys/kernel/debug/x", "another file system"},
	{"/sys/kernel/config/nvmet/hosts/x", "another file system"},
	{"/sys/kernel/security/x", "another file system"},
	{"/proc/sys/vm/swappiness", "outside of /sys"},
	{"/etc/passwd", "outside of /sys"},
};

static void test_refused(void **state)
{
	const struct refused *row = *state;
	const char *why = sysfs_path_refused(row->path);

	assert_part(why, row->why);
}

/* Values that people set, some with names that are near. */
static const struct fine {
	const char *path;
} fine[] = {
	{"/sys/kernel/mm/transparent_hugepage/enabled"},
	{"/sys/kernel/mm/transparent_hugepage/khugepaged/pages_to_scan"},
	{"/sys/kernel/mm/ksm/run"},
	{"/sys/kernel/mm/lru_gen/min_ttl_ms"},
	{"/sys/kernel/mm/swap/vma_ra_enabled"},
	{"/sys/module/nvme_core/parameters/io_timeout"},
	{"/sys/module/zswap/parameters/max_pool_percent"},
	{"/sys/module/tcp_cubic/parameters/hystart"},
	{"/sys/block/sda/queue/scheduler"},
	{"/sys/block/sda/device/timeout"},
	{"/sys/block/sda/device/queue_depth"},
	{"/sys/block/md0/md/stripe_cache_size"},
	{"/sys/block/md0/md/sync_speed_max"},
	{"/sys/class/net/eth0/queues/rx-0/rps_cpus"},
	{"/sys/class/net/eth0/napi_defer_hard_irqs"},
	{"/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"},
	{"/sys/devices/system/cpu/cpu0/cpuidle/state2/disable"},
	{"/sys/devices/system/cpu/intel_pstate/no_turbo"},
	{"/sys/devices/system/clocksource/clocksource0/current_clocksource"},
	{"/sys/devices/virtual/workqueue/cpumask"},
	{"/sys/class/bdi/259:0/max_ratio"},
	{"/sys/kernel/rcu_expedited"},
};

static void test_fine(void **state)
{
	const struct fine *row = *state;

	assert_text(sysfs_path_refused(row->path), NULL);
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, paths, test_fault);
	suite_test(&s, "a long path", test_long);
	suite_rows(&s, refused, test_refused);
	suite_rows(&s, fine, test_fine);
	return suite_run(&s);
}
