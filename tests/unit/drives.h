/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef UNIT_DRIVES_H
#define UNIT_DRIVES_H

/*
 * Drives and mounts of the test root (tmproot.h): sysfs, mount tables, and sparse files
 * instead of device nodes.
 */

#include <stddef.h>
#include <stdint.h>

#define INSTANCE_STORE "Amazon EC2 NVMe Instance Storage"
#define DRIVE_MIB      320 /* mkfs.xfs refuses less than 300 MiB */
#define MIB            (1024 * 1024)

/* Set up a root where only "/" is mounted. For suite_fixture(). */
int drives_setup(void **state);

/* Add a blank drive with the number 259:`minor`. Pads the model like the kernel. */
void drive_add(const char *name, const char *model, const char *serial, unsigned minor);

/* Set an attribute: drive_set("nvme0n1", "ro", "1"). */
void drive_set(const char *name, const char *attribute, const char *text);

/* Write `n` bytes to the drive; a negative place counts from the end. */
void drive_write(const char *name, long place, const char *data, size_t n);

/* Create an XFS on the drive; skips the test if there is no mkfs.xfs. */
void drive_format(const char *name, const char *label);

/* Write the md superblock of a member, version 1.2, with a valid checksum. */
struct drive_member {
	const char *name;   /* of the array */
	unsigned char uuid; /* each byte of it */
	unsigned level, n_disks, role;
	uint64_t data_sector; /* where the data begins: MEMBER_DATA, at 1 MiB */
};
#define MEMBER_DATA 2048
void drive_make_member(const char *name, struct drive_member m);

/* Add an array that runs, or waits for members. `members`: names separated by " ". */
void drive_array(const char *name, const char *members, const char *state,
                 unsigned minor);

/*
 * Write the mount tables of the host and of this process: "/" (ids 1 and 101), and the
 * given lines of mountinfo.
 */
void drives_mounts(const char *host, const char *own);

/*
 * Add the drive nvmeIn1 with a content: 'b'lank, 'o'urs, 'x' another XFS, 'd'ata,
 * 'p'artitions; drives.c has the others.
 */
void drive_make(unsigned i, char what);

#endif
