/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef RESOURCE_REASON_H
#define RESOURCE_REASON_H

/*
 * Why a resource is in its state: one stable word each, for machines, and what it
 * means, as hosttune(8) tells people. A word never changes its meaning.
 */

#define REASONS(R)                                                                               \
	R(NONE, "", "as wanted")                                                                 \
	/* differs */                                                                            \
	R(LIVE_DIFFERS, "LiveDiffers", "the running value is not the wanted one")                \
	R(NOT_LOADED, "NotLoaded", "the kernel module is not loaded")                            \
	R(NOT_ASSEMBLED, "NotAssembled", "the array is not there, and would be")                 \
	R(NOT_FORMATTED, "NotFormatted", "the drive is blank and would be formatted")            \
	R(NOT_MOUNTED, "NotMounted", "nothing is mounted there")                                 \
	R(OPTIONS_DIFFER, "OptionsDiffer", "mounted, with other options")                        \
	R(OWNER_DIFFERS, "OwnerDiffers",                                                         \
	  "the mounted directory has another owner or mode")                                     \
	R(NOT_BOUND, "NotBound", "the directory is not on the file system")                      \
	R(NOT_RUNNING, "NotRunning", "the server is to run and does not")                        \
	R(NOT_PERSISTED, "NotPersisted",                                                         \
	  "live, but not in the Bottlerocket settings: lost at the next boot")                   \
	R(PERSISTED_DIFFERS, "PersistedDiffers",                                                 \
	  "the Bottlerocket settings hold another value")                                        \
	R(PERSISTED_OVERRIDDEN, "PersistedOverridden",                                           \
	  "in the Bottlerocket settings, but overridden: by a file of sysctl.d, or at run time") \
	/* waits */                                                                              \
	R(WAITS, "Waits", "depends on something that is not there yet")                          \
	R(NFSD_BUSY, "NfsdBusy",                                                                 \
	  "differs, and can only be set while the NFS server is stopped")                        \
	R(PENDING_REBOOT, "PendingReboot",                                                       \
	  "in the Bottlerocket settings, and in effect after a reboot")                          \
	/* left out */                                                                           \
	R(NOT_SUPPORTED, "NotSupported", "optional, and this kernel does not have it")           \
	R(CONDITION_FALSE, "ConditionFalse",                                                     \
	  "the profile wants it elsewhere: its when is false here")                              \
	R(NO_DISKS, "NoDisks", "this node has no drive of the kind asked for")                   \
	R(NFSD_NOT_RUNNING, "NfsdNotRunning",                                                    \
	  "no NFS server runs, and start is false: never started by us")                         \
	/* as wanted, and worth knowing */                                                       \
	R(BINDS_DIFFER, "BindsDiffer",                                                           \
	  "the file system is also mounted elsewhere, with other options")                       \
	R(DRIVE_WARNS, "DriveWarns",                                                             \
	  "the drive reports a fault that does not rule it out")                                 \
	R(HEALTH_UNKNOWN, "HealthUnknown", "the drive cannot be asked for its health")           \
	R(API_UNUSED, "ApiUnused", "left alone, since --no-api was given")                       \
	/* done */                                                                               \
	R(APPLIED, "Applied", "changed by this run and read back")                               \
	R(REVERTED, "Reverted", "put back, since a later step failed")                           \
	/* cannot be */                                                                          \
	R(NO_SUCH_KEY, "NoSuchKey", "the kernel has no such sysctl")                             \
	R(SHAPE_DIFFERS, "ShapeDiffers", "the sysctl holds another number of values")            \
	R(WRITE_ONLY, "WriteOnly", "the sysctl cannot be read back")                             \
	R(MODULE_MISSING, "ModuleMissing", "this kernel does not have the module")               \
	R(REFUSED_BY_KERNEL, "RefusedByKernel", "the kernel did not take the value")             \
	R(NOT_KEPT, "NotKept", "written, but read back as something else")                       \
	R(NOT_READABLE, "NotReadable", "the present state could not be read")                    \
	R(NOT_ATTEMPTED, "NotAttempted", "left alone, since another step failed")                \
	R(FAILED, "Failed", "the change failed")                                                 \
	R(QUEUE_UNSUPPORTED, "QueueUnsupported",                                                 \
	  "the drive or its kernel does not have that queue setting or value")                   \
	R(NO_SPACE, "NoSpace", "what is to be moved does not fit on the file system")            \
	R(API_UNREACHABLE, "ApiUnreachable", "the Bottlerocket API does not answer")             \
	R(API_REFUSED, "ApiRefused", "the Bottlerocket API refused the change")                  \
	R(API_LOCKED, "ApiLocked",                                                               \
	  "the host is locked down: its settings are out of reach")                              \
	R(PERSISTED_CONFLICT, "PersistedConflict",                                               \
	  "the Bottlerocket settings hold a key that excludes this one")                         \
	R(DEADLINE, "DeadlinePassed", "the time allowed for the run was over")                   \
	/* refused for safety */                                                                 \
	R(DISK_REFUSED, "DiskRefused", "no drive that is provably ours to format")               \
	R(DISK_COUNT, "DiskCount", "not as many drives as the profile asks for")                 \
	R(DISK_AMBIGUOUS, "DiskAmbiguous", "more than one drive could be meant")                 \
	R(MOUNTED_ELSEWHERE, "MountedElsewhere", "the drive is mounted somewhere else")          \
	R(TARGET_IN_USE, "TargetInUse", "something else is mounted there")                       \
	R(TARGET_NOT_SHARED, "TargetNotShared",                                                  \
	  "a mount there would not reach the host")                                              \
	R(TARGET_UNSAFE, "TargetUnsafe", "the mount point is, or lies behind, a link")           \
	R(NO_RPCBIND, "NoRpcbind", "NFSv3 is to be served, and no rpcbind answers")              \
	R(TARGET_NOT_EMPTY, "TargetNotEmpty",                                                    \
	  "the directory holds something that a bind would hide")                                \
	R(DRIVE_UNHEALTHY, "DriveUnhealthy",                                                     \
	  "the drive reports that it is read-only or not reliable")

enum reason {
#define R(id, word, text) REASON_##id,
	REASONS(R)
#undef R
		REASON_COUNT
};

/* "LiveDiffers"; "" for REASON_NONE. */
const char *reason_word(enum reason r);

#endif
