/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef BASELINE_COMPARE_PART_H
#define BASELINE_COMPARE_PART_H

/* The parts of the comparison, each in its file; only for compare*.c. */

#include <stdbool.h>

struct comparing;
struct node;

/* The parts. The drives come first: they say which devices correspond. */
void compare_drives(struct comparing *k);
void compare_pods(struct comparing *k);
void compare_measured(struct comparing *k);

/* Mounts of the host, or of one pod. */
struct mounts_of {
	const char *title; /* "mount": what stands before a mount point */
	const char *below; /* the directory of the mount points: "" or that of a pod */
	/* the file system is also mounted on the host: compare only flags of each mount
	 */
	bool flags_only;
};
void compare_mounts(struct comparing *k, const struct node *was, const struct node *now,
                    const struct mounts_of *of);
/* The name of a device in the baseline as it is called now. Owned by the caller. */
char *compare_device_now(const struct comparing *k, const char *was);

/*
 * Compare dirty pages with the amount from which on writers are delayed. `pod`: whose
 * they are; NULL: of the node.
 */
void compare_dirty(struct comparing *k, const struct node *was, const struct node *now,
                   const char *subject, const char *pod);

#endif
