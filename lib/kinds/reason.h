/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef KINDS_REASON_H
#define KINDS_REASON_H

/*
 * Why a resource is in its state: one stable word each, for machines, and what it
 * means, as hosttune(8) tells people. A word never changes its meaning.
 */

#define REASONS(R)                                                                      \
	R(NONE, "", "as wanted")                                                        \
	/* differs */                                                                   \
	R(LIVE_DIFFERS, "LiveDiffers", "the running value is not the wanted one")       \
	R(NOT_LOADED, "NotLoaded", "the kernel module is not loaded")                   \
	R(NOT_FORMATTED, "NotFormatted", "the drive is blank and would be formatted")   \
	R(NOT_MOUNTED, "NotMounted", "nothing is mounted there")                        \
	R(OPTIONS_DIFFER, "OptionsDiffer", "mounted, with other options")               \
	R(NOT_RUNNING, "NotRunning", "the server is to run and does not")               \
	R(NOT_PERSISTED, "NotPersisted",                                                \
	  "live, but not in the Bottlerocket settings: lost at the next boot")          \
	R(PERSISTED_DIFFERS, "PersistedDiffers",                                        \
	  "the Bottlerocket settings hold another value")                               \
	/* waits */                                                                     \
	R(WAITS, "Waits", "depends on something that is not there yet")                 \
	R(NFSD_BUSY, "NfsdBusy",                                                        \
	  "differs, and can only be set while the NFS server is stopped")               \
	/* left out */                                                                  \
	R(NOT_SUPPORTED, "NotSupported", "optional, and this kernel does not have it")  \
	R(NO_DISKS, "NoDisks", "this node has no drive of the kind asked for")          \
	R(NFSD_NOT_RUNNING, "NfsdNotRunning",                                           \
	  "no NFS server runs, and start is false: never started by us")                \
	/* done */                                                                      \
	R(APPLIED, "Applied", "changed by this run and read back")                      \
	R(REVERTED, "Reverted", "put back, since a later step failed")                  \
	/* cannot be */                                                                 \
	R(NO_SUCH_KEY, "NoSuchKey", "the kernel has no such sysctl")                    \
	R(SHAPE_DIFFERS, "ShapeDiffers", "the sysctl holds another number of values")   \
	R(WRITE_ONLY, "WriteOnly", "the sysctl cannot be read back")                    \
	R(MODULE_MISSING, "ModuleMissing", "this kernel does not have the module")      \
	R(REFUSED_BY_KERNEL, "RefusedByKernel", "the kernel did not take the value")    \
	R(NOT_KEPT, "NotKept", "written, but read back as something else")              \
	R(NOT_READABLE, "NotReadable", "the present state could not be read")           \
	R(NOT_ATTEMPTED, "NotAttempted", "left alone, since another step failed")       \
	R(FAILED, "Failed", "the change failed")                                        \
	R(API_UNREACHABLE, "ApiUnreachable", "the Bottlerocket API does not answer")    \
	R(API_REFUSED, "ApiRefused", "the Bottlerocket API refused the change")         \
	R(DEADLINE, "DeadlinePassed", "the time allowed for the run was over")          \
	/* refused for safety */                                                        \
	R(DISK_REFUSED, "DiskRefused", "no drive that is provably ours to format")      \
	R(DISK_AMBIGUOUS, "DiskAmbiguous", "more than one drive could be meant")        \
	R(MOUNTED_ELSEWHERE, "MountedElsewhere", "the drive is mounted somewhere else") \
	R(TARGET_IN_USE, "TargetInUse", "something else is mounted there")              \
	R(TARGET_NOT_SHARED, "TargetNotShared",                                         \
	  "a mount there would not reach the host")                                     \
	R(TARGET_UNSAFE, "TargetUnsafe", "the mount point is, or lies behind, a link")  \
	R(NO_RPCBIND, "NoRpcbind", "NFSv3 is to be served, and no rpcbind answers")

enum reason {
#define R(id, word, text) REASON_##id,
	REASONS(R)
#undef R
		REASON_COUNT
};

/* "LiveDiffers"; "" for REASON_NONE. */
const char *reason_word(enum reason r);

#endif
