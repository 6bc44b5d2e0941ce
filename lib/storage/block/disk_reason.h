/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_DISK_REASON_H
#define STORAGE_BLOCK_DISK_REASON_H

/*
 * Why a drive cannot be used: one stable word per reason for machines, and its
 * explanation for people, as in hosttune(8). The meaning of a word never changes. If
 * several reasons apply, the first one in this order is reported.
 */

#define DISK_REASONS(R)                                                                  \
	R(NONE, "", "can be used")                                                       \
	/* never used, whatever the profile selects */                                   \
	R(ROOT, "DiskRoot", "holds the root file system of the host")                    \
	R(SYSTEM, "DiskSystem", "has Bottlerocket's own partitions")                     \
	R(EBS, "DiskEbs", "is an EBS volume, which outlives the node")                   \
	/* not selected */                                                               \
	R(OTHER_MODEL, "DiskOtherModel", "does not match the model in the profile")      \
	R(OTHER_SERIAL, "DiskOtherSerial", "does not match the serials in the profile")  \
	R(TOO_SMALL, "DiskTooSmall", "is smaller than min-size")                         \
	/* in use */                                                                     \
	R(NO_CAPACITY, "DiskNoCapacity", "has a size of 0")                              \
	R(PARTITIONED, "DiskPartitioned", "has partitions or a partition table")         \
	R(MOUNTED, "DiskMounted", "is mounted")                                          \
	R(HELD, "DiskHeld",                                                              \
	  "is held by md, device-mapper, another program or another mount namespace")    \
	R(SWAP, "DiskSwap", "is swap space in use")                                      \
	R(READ_ONLY, "DiskReadOnly", "is read-only")                                     \
	R(DUPLICATE, "DiskDuplicate",                                                    \
	  "has the same serial and wwid as another drive: maybe two paths to one drive") \
	R(LOCKED, "DiskLocked", "is locked by another program (flock)")                  \
	/* not blank */                                                                  \
	R(UNREADABLE, "DiskUnreadable", "cannot be opened, read or examined in sysfs")   \
	R(MEMBER, "DiskMember", "is a member of a foreign md array")                     \
	R(UNFINISHED, "DiskUnfinished",                                                  \
	  "holds an unfinished XFS with another label (mkfs.xfs was interrupted)")       \
	R(TRUNCATED, "DiskTruncated", "holds an XFS that is larger than the drive")      \
	R(SIGNATURE, "DiskSignature",                                                    \
	  "holds a known signature that hosttune does not own")                          \
	R(GARBAGE, "DiskGarbage", "holds data without a known signature")                \
	/* because of other drives */                                                    \
	R(INCOMPLETE, "DiskIncomplete",                                                  \
	  "belongs to a hosttune array with a missing drive")

enum disk_reason {
#define R(id, word, text) DISK_##id,
	DISK_REASONS(R)
#undef R
		DISK_REASON_COUNT
};

/* "DiskRoot"; "" for DISK_NONE. */
const char *disk_reason_word(enum disk_reason r);

#endif
