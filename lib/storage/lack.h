/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_LACK_H
#define STORAGE_LACK_H

/*
 * What a node lacks to make an array or a file system, or to use it: programs, and parts
 * of the kernel. It is looked up in the plan, before any drive is written to.
 */

#include "base/err.h"
#include "resource/kind.h"

struct host;

enum kernel_part {
	KERNEL_XFS,
	KERNEL_RAID0,
};

/* Why it cannot be made: a part of a change. Texts are owned. */
struct lack {
	char *text;   /* NULL: it lacks nothing */
	char *remedy; /* NULL: none */
	enum reason reason;
};

void lack_done(struct lack *l);

/*
 * Each of these notes in *ret what is lacking, unless something is already. What cannot
 * be read is lacking. Of a captured tree that does not contain it, nothing is said:
 * nothing is written there.
 */
void lack_find_mkfs(const struct host *h, struct lack *ret);
void lack_find_mdadm(const struct host *h, struct lack *ret);
/* Whether the kernel has the part, or can load its module. */
void lack_find_kernel(const struct host *h, enum kernel_part part, struct lack *ret);

/* Set the change to STATE_FAILED. Return: whether something is lacking. */
bool lack_diff(const struct lack *l, struct change *ret);

/*
 * Have the kernel load the part, if it has not, right before a drive is written to:
 * whether it would is decided by more than can be looked up, such as modprobe.blacklist=
 * or a command of modprobe.d. RAID 0 takes CAP_SYS_MODULE. Return: 0, or -errno, with the
 * reason.
 */
int lack_load_kernel(struct host *h, enum kernel_part part, enum reason *ret_reason,
                     struct err *e);

#endif
