/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_KERNEL_PART_H
#define STORAGE_KERNEL_PART_H

/*
 * What the kernel must have to use what is written to a drive. It is looked up in the
 * plan: a kernel that lacks it is noticed otherwise only after mkfs.xfs or mdadm wrote.
 */

#include "resource/kind.h"

struct host;

enum kernel_part {
	KERNEL_XFS,
	KERNEL_RAID0,
};

/* Why it cannot be used: a part of a change. Texts are owned. */
struct kernel_lack {
	char *text; /* NULL: it can */
	char *remedy;
	enum reason reason;
};

/*
 * Find whether the kernel has the part, or can load its module. What cannot be read is a
 * lack. A captured tree without the kernel's list lacks nothing: nothing is written
 * there. *ret is replaced; free it with kernel_lack_done().
 */
void kernel_lack_find(const struct host *h, enum kernel_part part,
                      struct kernel_lack *ret);
void kernel_lack_done(struct kernel_lack *l);

/* Set the change to STATE_FAILED. Return: whether there is a lack. */
bool kernel_lack_diff(const struct kernel_lack *l, struct change *ret);

#endif
