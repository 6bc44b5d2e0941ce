/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysfs/path.h"

#include "base/macro.h"

#include <fnmatch.h>
#include <stddef.h>
#include <string.h>

#define OTHER_FS "it belongs to another file system, which is mounted below /sys"
#define BINDS    "it binds and unbinds drivers of devices"
#define REMOVES  "it removes devices"
#define ADDS     "it creates devices"
#define SEARCHES "it makes the kernel look for devices"
#define RESETS   "it resets the device"
#define SUSPENDS "it suspends devices or the machine"
#define POWERS   "it changes the power state of devices or the machine"
#define FIRMWARE "it loads firmware, or says where firmware is"
#define ARRAYS   "it changes an array, and data can be lost"
#define UNPLUGS  "it takes processors or memory from the running kernel"
#define RAW      "it is memory of the device, and no text"
#define RUNS     "it makes programs run as root"
#define FAULTS   "it makes the kernel or a file system fail on purpose"
#define TRIGGERS "it is an action, and has no value that could be in sync"

/*
 * Names of drivers differ, so whole words are refused anywhere in the last part. An
 * asterisk matches slashes too; the first row that fits says why.
 *
 * From Documentation/ABI and the attributes that drivers of Linux 5.10 to 6.12 declare.
 */
static const struct {
	const char *pattern, *why;
} refused[] = {
	{"/sys/fs/selinux/*", OTHER_FS},
	{"/sys/fs/cgroup/*", OTHER_FS},
	{"/sys/fs/bpf/*", OTHER_FS},
	{"/sys/fs/pstore/*", OTHER_FS},
	{"/sys/fs/smackfs/*", OTHER_FS},
	{"/sys/fs/resctrl/*", OTHER_FS},
	{"/sys/fs/fuse/connections/*", OTHER_FS},
	{"/sys/kernel/config/*", OTHER_FS},
	{"/sys/kernel/debug/*", OTHER_FS},
	{"/sys/kernel/tracing/*", OTHER_FS},
	{"/sys/kernel/security/*", OTHER_FS},
	{"/sys/firmware/*", FIRMWARE},
	{"/sys/class/firmware/*", FIRMWARE},
	{"/sys/module/firmware_class/*", FIRMWARE},
	{"/sys/*firmware*[!/]", FIRMWARE},
	{"/sys/*/microcode/*", FIRMWARE},
	{"/sys/*/loading", FIRMWARE},
	{"/sys/*/flash*", FIRMWARE},
	{"/sys/*/bind", BINDS},
	{"/sys/*unbind*", BINDS},
	{"/sys/*/driver_override", BINDS},
	{"/sys/*/drivers_probe", BINDS},
	{"/sys/*/drivers_autoprobe", BINDS},
	{"/sys/*/new_id", BINDS},
	{"/sys/*/*remove*", REMOVES},
	{"/sys/*/*delete*", REMOVES},
	{"/sys/*/*destroy*", REMOVES},
	{"/sys/*/*unregister*", REMOVES},
	{"/sys/*/*disconnect*", REMOVES},
	{"/sys/*/detach", REMOVES},
	{"/sys/*/*eject*", REMOVES},
	{"/sys/*/sriov_numvfs", REMOVES},
	{"/sys/*/new_device", ADDS},
	{"/sys/*/*create*", ADDS},
	{"/sys/*/hot_add", ADDS},
	{"/sys/*/register*", ADDS},
	{"/sys/*/attach", ADDS},
	{"/sys/*/add", ADDS},
	{"/sys/*/*rescan*", SEARCHES},
	{"/sys/*/scan", SEARCHES},
	{"/sys/*/probe", SEARCHES},
	{"/sys/*/issue_lip", SEARCHES},
	{"/sys/*/*reset*", RESETS},
	{"/sys/*suspend*", SUSPENDS},
	{"/sys/*hibernat*", SUSPENDS},
	{"/sys/power/*", POWERS},
	{"/sys/*/power/*", POWERS},
	{"/sys/*/power", POWERS},
	{"/sys/*/power_state", POWERS},
	{"/sys/bus/pci/slots/*", POWERS},
	{"/sys/devices/pci*/enable", POWERS},
	{"/sys/kernel/reboot/*", POWERS},
	{"/sys/kernel/kexec*", POWERS},
	{"/sys/*/state", "it stops or removes what it belongs to"},
	{"/sys/*/md/array_*", ARRAYS},
	{"/sys/*/md/bitmap*", ARRAYS},
	{"/sys/*/md/chunk_size", ARRAYS},
	{"/sys/*/md/component_size", ARRAYS},
	{"/sys/*/md/dev-*", ARRAYS},
	{"/sys/*/md/layout", ARRAYS},
	{"/sys/*/md/level", ARRAYS},
	{"/sys/*/md/metadata_version", ARRAYS},
	{"/sys/*/md/new_dev", ARRAYS},
	{"/sys/*/md/raid_disks", ARRAYS},
	{"/sys/*/md/reshape*", ARRAYS},
	{"/sys/*/md/resync_start", ARRAYS},
	{"/sys/*/md/sync_action", ARRAYS},
	{"/sys/devices/system/cpu/*/online", UNPLUGS},
	{"/sys/devices/system/cpu/*/hotplug/*", UNPLUGS},
	{"/sys/devices/system/cpu/smt/control", UNPLUGS},
	{"/sys/devices/system/cpu/release", UNPLUGS},
	{"/sys/devices/system/memory/*", UNPLUGS},
	{"/sys/*/online", UNPLUGS},
	{"/sys/*/offline", UNPLUGS},
	{"/sys/*/config", RAW},
	{"/sys/*/resource", RAW},
	{"/sys/*/resource[0-9]*", RAW},
	{"/sys/*/rom", RAW},
	{"/sys/*/vpd", RAW},
	{"/sys/*eeprom*", RAW},
	{"/sys/*nvmem*", RAW},
	{"/sys/*/uevent", RUNS},
	{"/sys/kernel/uevent_helper", RUNS},
	{"/sys/kernel/livepatch/*", "it changes the code of the kernel"},
	{"/sys/*inject*", FAULTS},
	{"/sys/*/errortag/*", FAULTS},
	{"/sys/*/trigger_fs_error", FAULTS},
	{"/sys/*/fail", FAULTS},
	{"/sys/*/make-it-fail", FAULTS},
	{"/sys/*/abort", FAULTS},
	{"/sys/*/shrink", TRIGGERS},
	{"/sys/*/compact", TRIGGERS},
	{"/sys/*/stop", TRIGGERS},
};

const char *sysfs_path_refused(const char *path)
{
	if (strncmp(path, "/sys/", 5) != 0)
		return "it lies outside of /sys";
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		if (fnmatch(refused[i].pattern, path, 0) == 0)
			return refused[i].why;
	return NULL;
}

bool sysfs_path_is_pattern(const char *path)
{
	return path[strcspn(path, "*?[")] != '\0';
}

/* Whether a part of the path is "", "." or "..", or "**", which other tools have. */
static const char *part_fault(const char *part, size_t len)
{
	if (len == 0)
		return "must have no // and no / at its end";
	if (strspn(part, ".") >= len && len <= 2)
		return "must have no part that is . or ..";
	if (len >= 2 && memmem(part, len, "**", 2))
		return "must have no **: a * matches within one name";
	return NULL;
}

const char *sysfs_path_fault(const char *path)
{
	const char *why = NULL;

	if (strncmp(path, "/sys/", 5) != 0)
		return "must begin with /sys/";
	if (strlen(path) > SYSFS_PATH_MAX)
		return "must have at most 1024 bytes";
	for (const char *p = path; *p; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p > '~')
			return "must have no blanks, and only ASCII";
	for (const char *p = path; p && !why; p = strchr(p + 1, '/'))
		why = part_fault(p + 1, strcspn(p + 1, "/"));
	return why;
}
