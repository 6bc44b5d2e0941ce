/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_DISK_REASON_H
#define STORAGE_BLOCK_DISK_REASON_H

/*
 * Why a drive cannot be taken: one stable word each, for machines, and what it means,
 * as hosttune(8) tells people. A word never changes its meaning. Of several that
 * apply, the first in this order is told.
 */

#define DISK_REASONS(R)                                                               \
	R(NONE, "", "can be taken")                                                   \
	/* not meant, whatever a profile names */                                     \
	R(ROOT, "DiskRoot", "holds the root file system of the host")                 \
	R(SYSTEM, "DiskSystem", "has partitions of Bottlerocket itself")              \
	R(EBS, "DiskEbs", "is an EBS volume, which outlives the node")                \
	/* not selected */                                                            \
	R(OTHER_MODEL, "DiskOtherModel", "is not of the model asked for")             \
	R(OTHER_SERIAL, "DiskOtherSerial", "has not the serial asked for")            \
	R(TOO_SMALL, "DiskTooSmall", "is smaller than min-size")                      \
	/* in use */                                                                  \
	R(NO_CAPACITY, "DiskNoCapacity", "has a size of 0")                           \
	R(PARTITIONED, "DiskPartitioned", "has partitions or a partition table")      \
	R(MOUNTED, "DiskMounted", "is mounted")                                       \
	R(HELD, "DiskHeld",                                                           \
	  "is held by md, device-mapper, another program or another mount namespace") \
	R(SWAP, "DiskSwap", "is swap space in use")                                   \
	R(READ_ONLY, "DiskReadOnly", "is read-only")                                  \
	R(LOCKED, "DiskLocked", "another program has it locked (flock)")              \
	/* not blank */                                                               \
	R(UNREADABLE, "DiskUnreadable", "cannot be opened or read")                   \
	R(MEMBER, "DiskMember", "is a member of an md array that is not ours")        \
	R(UNFINISHED, "DiskUnfinished",                                               \
	  "holds an XFS of another label that mkfs.xfs did not finish")               \
	R(TRUNCATED, "DiskTruncated", "holds an XFS that is larger than the drive")   \
	R(SIGNATURE, "DiskSignature", "holds something known that is not ours")       \
	R(GARBAGE, "DiskGarbage", "holds data, though no known signature")            \
	/* with others */                                                             \
	R(INCOMPLETE, "DiskIncomplete", "belongs to an array of ours that lacks a drive")

enum disk_reason {
#define R(id, word, text) DISK_##id,
	DISK_REASONS(R)
#undef R
		DISK_REASON_COUNT
};

/* "DiskRoot"; "" for DISK_NONE. */
const char *disk_reason_word(enum disk_reason r);

#endif
