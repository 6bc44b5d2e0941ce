/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_CANDIDATES_H
#define STORAGE_BLOCK_CANDIDATES_H

/* Which drives of the node a profile selects, and what each of them holds. Read-only. */

#include "base/err.h"
#include "storage/block/classify.h"

#include <stddef.h>

struct host;
struct node;

/* All drives of the node: the selected ones, and why the others are not selected. */
struct disk_candidate {
	const struct disk *disk;
	struct disk_classified classified;
};

struct disk_candidates {
	struct disks disks;          /* all, including arrays */
	struct disk_candidate *list; /* matching drives, sorted by serial */
	size_t n;
	struct node *refused; /* drives that cannot be used, for reports */
	char *others;         /* drives that do not match, with what they are; "": none */
};

/* Examine all. Return: 0 or -errno. Free with disk_candidates_done(), even on error. */
int disk_candidates(const struct disk_spec *w, const struct host *h,
                    struct disk_candidates *ret, struct err *e);
void disk_candidates_done(struct disk_candidates *s);

#define _candidates_ _cleanup_(disk_candidates_done)

/* "nvme1n1 AWS1: is mounted at /x (DiskMounted); ..." for the drives of that class. */
char *disk_candidates_text(const struct disk_candidates *s, enum disk_class class);

#endif
