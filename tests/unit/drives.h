/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef UNIT_DRIVES_H
#define UNIT_DRIVES_H

/*
 * Drives and mounts of the captured world (tmproot.h): sysfs, mount tables, and sparse
 * files in the place of device nodes.
 */

#include <stddef.h>

#define INSTANCE_STORE "Amazon EC2 NVMe Instance Storage"
#define DRIVE_MIB      320 /* mkfs.xfs makes nothing below 300 */
#define MIB            (1024 * 1024)

/* The root and an empty world: nothing but "/" is mounted. For suite_fixture(). */
int drives_setup(void **state);

/* A blank drive with the number 259:`minor`. Its model is padded as the kernel does. */
void drive_add(const char *name, const char *model, const char *serial, unsigned minor);

/* Set an attribute: drive_set("nvme0n1", "ro", "1"). */
void drive_set(const char *name, const char *attribute, const char *text);

/* Put text on it; a negative place counts from the end. */
void drive_write(const char *name, long place, const char *data, size_t n);

/* Make an XFS on it; skips the test where there is no mkfs.xfs. */
void drive_format(const char *name, const char *label);

/* The md superblock of a member, version 1.2, with the sum that it needs. */
struct drive_member {
	const char *name;   /* of the array */
	unsigned char uuid; /* each byte of it */
	unsigned level, n_disks, role;
};
void drive_make_member(const char *name, struct drive_member m);

/* An array that runs, or waits for members: its names are joined by " ". */
void drive_array(const char *name, const char *members, const char *state,
                 unsigned minor);

/*
 * The mount tables of the host and our own: "/" (ids 1 and 101), and these lines of
 * mountinfo.
 */
void drives_mounts(const char *host, const char *own);

#endif
