/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef RESOURCE_REASON_H
#define RESOURCE_REASON_H

/*
 * Why a resource is in its state: one stable word per reason, for machines, and its
 * explanation, as in hosttune(8). A word never changes its meaning.
 */

#define REASONS(R)                                                                          \
	R(NONE, "", "in sync")                                                              \
	/* differs */                                                                       \
	R(LIVE_DIFFERS, "LiveDiffers", "the live value differs from the wanted one")        \
	R(NOT_LOADED, "NotLoaded", "the kernel module is not loaded")                       \
	R(NOT_ASSEMBLED, "NotAssembled",                                                    \
	  "the array does not exist and would be created")                                  \
	R(NOT_FORMATTED, "NotFormatted", "the drive is blank and would be formatted")       \
	R(NOT_MOUNTED, "NotMounted", "nothing is mounted at the mount point")               \
	R(OPTIONS_DIFFER, "OptionsDiffer", "mounted with different options")                \
	R(OWNER_DIFFERS, "OwnerDiffers",                                                    \
	  "the mounted directory has a different owner or mode")                            \
	R(NOT_BOUND, "NotBound", "the directory is not bound to the file system")           \
	R(NOT_RUNNING, "NotRunning", "the NFS server must run, but does not")               \
	R(NOT_PERSISTED, "NotPersisted",                                                    \
	  "live, but not in the Bottlerocket settings: lost at the next boot")              \
	R(NOT_SET, "NotSet", "the setting is not in the Bottlerocket settings")             \
	R(PERSISTED_DIFFERS, "PersistedDiffers",                                            \
	  "the Bottlerocket settings have a different value")                               \
	R(PERSISTED_OVERRIDDEN, "PersistedOverridden",                                      \
	  "in the Bottlerocket settings, but overridden by a sysctl.d file or at run time") \
	/* pending */                                                                       \
	R(WAITS, "Waits", "depends on something that does not exist yet")                   \
	R(NFSD_BUSY, "NfsdBusy",                                                            \
	  "differs, but can only be set while the NFS server is stopped")                   \
	R(PENDING_REBOOT, "PendingReboot",                                                  \
	  "in the Bottlerocket settings; takes effect after a reboot")                      \
	/* skipped */                                                                       \
	R(NOT_SUPPORTED, "NotSupported", "optional, and this kernel does not have it")      \
	R(CONDITION_FALSE, "ConditionFalse",                                                \
	  "its condition (when) is false on this node")                                     \
	R(NO_DISKS, "NoDisks", "this node has no matching drive")                           \
	R(NFSD_NOT_RUNNING, "NfsdNotRunning",                                               \
	  "no NFS server runs, and start is false: hosttune does not start it")             \
	/* in sync, with a warning */                                                       \
	R(BINDS_DIFFER, "BindsDiffer",                                                      \
	  "the file system is also mounted elsewhere, with different options")              \
	R(LABEL_DIFFERS, "LabelDiffers",                                                    \
	  "the security policy did not let hosttune copy a label")                          \
	R(DRIVE_WARNS, "DriveWarns", "the drive reports a fault, but may be used")          \
	R(HEALTH_UNKNOWN, "HealthUnknown", "the drive's health cannot be read")             \
	R(API_UNUSED, "ApiUnused", "skipped: --no-api was given")                           \
	/* changed */                                                                       \
	R(APPLIED, "Applied", "changed by this run and read back")                          \
	R(REVERTED, "Reverted", "rolled back: a later step failed")                         \
	/* failed */                                                                        \
	R(NO_SUCH_KEY, "NoSuchKey", "the kernel has no such sysctl")                        \
	R(SHAPE_DIFFERS, "ShapeDiffers", "the sysctl has a different number of values")     \
	R(WRITE_ONLY, "WriteOnly",                                                          \
	  "write-only sysctl: its current value cannot be read")                            \
	R(MODULE_MISSING, "ModuleMissing", "this kernel does not have the module")          \
	R(REFUSED_BY_KERNEL, "RefusedByKernel", "the kernel refused the value")             \
	R(NOT_KEPT, "NotKept", "written, but read back as another value")                   \
	R(NOT_READABLE, "NotReadable", "the current state cannot be read")                  \
	R(NOT_ATTEMPTED, "NotAttempted", "not attempted: another step failed")              \
	R(FAILED, "Failed", "the change failed")                                            \
	R(QUEUE_UNSUPPORTED, "QueueUnsupported",                                            \
	  "the drive or its kernel does not have that queue setting or value")              \
	R(NO_SPACE, "NoSpace", "the data to move does not fit on the file system")          \
	R(API_UNREACHABLE, "ApiUnreachable", "the Bottlerocket API does not answer")        \
	R(API_REFUSED, "ApiRefused", "the Bottlerocket API refused the change")             \
	R(API_LOCKED, "ApiLocked",                                                          \
	  "the host is locked down: its settings cannot be read or changed")                \
	R(PERSISTED_CONFLICT, "PersistedConflict",                                          \
	  "the Bottlerocket settings have a key that excludes this one")                    \
	R(DEADLINE, "DeadlinePassed", "deadline exceeded")                                  \
	R(INTERRUPTED, "Interrupted", "a signal ended the run")                             \
	/* refused for safety */                                                            \
	R(DISK_REFUSED, "DiskRefused", "no drive is provably safe to format")               \
	R(DISK_COUNT, "DiskCount", "fewer or more drives than the profile requires")        \
	R(DISK_AMBIGUOUS, "DiskAmbiguous", "more than one drive matches")                   \
	R(MOUNTED_ELSEWHERE, "MountedElsewhere", "the drive is mounted somewhere else")     \
	R(TARGET_IN_USE, "TargetInUse", "something else is mounted at the mount point")     \
	R(TARGET_NOT_SHARED, "TargetNotShared",                                             \
	  "a mount at the mount point would not reach the host")                            \
	R(TARGET_UNSAFE, "TargetUnsafe",                                                    \
	  "the mount point is, or is below, a symbolic link")                               \
	R(NO_RPCBIND, "NoRpcbind", "NFSv3 is enabled, but no rpcbind answers")              \
	R(TARGET_NOT_EMPTY, "TargetNotEmpty",                                               \
	  "the directory has contents that a bind would hide")                              \
	R(DRIVE_UNHEALTHY, "DriveUnhealthy",                                                \
	  "the drive reports that it is read-only or unreliable")

enum reason {
#define R(id, word, text) REASON_##id,
	REASONS(R)
#undef R
		REASON_COUNT
};

/* "LiveDiffers"; "" for REASON_NONE. */
const char *reason_word(enum reason r);

#endif
