/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_ARRAY_MEMBERS_H
#define STORAGE_ARRAY_MEMBERS_H

/*
 * The drives of an item as members of one array: which array they make, if any. Only
 * reads.
 */

#include "base/err.h"
#include "storage/block/claim.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum array_outcome {
	ARRAY_NO_DISKS,
	ARRAY_SINGLE,     /* one drive, which needs no array */
	ARRAY_BLANK,      /* all can be made members */
	ARRAY_CUT_SHORT,  /* the same, when what an interrupted mdadm left is cleared */
	ARRAY_STOPPED,    /* complete, not assembled */
	ARRAY_READY,      /* complete and assembled */
	ARRAY_MISCOUNTED, /* not as many as asked for */
	ARRAY_REFUSED,
};

struct array_member {
	char *name, *device, *serial;
	char *id; /* see disk_id() */
	bool wipe;
	bool marked; /* carries a superblock of our array */
	bool held;   /* by an array that does not run */
	unsigned role;
};

struct array_members {
	enum array_outcome outcome;
	struct array_member *list; /* in the order of their serials */
	size_t n;
	char *uuid;    /* of the array that they carry, NULL: none */
	char *device;  /* of the array that runs, or of the single drive; NULL: none */
	char *content; /* what there is of the array, in words; NULL: nothing */
	char *waiting; /* device of an array that holds members and does not run */
	char *fault;   /* ARRAY_REFUSED: why, in words */
	char *others;  /* ARRAY_NO_DISKS: the drives here, in words */
	struct node *refused; /* see struct disk_candidates; owned */
};

void array_members_done(struct array_members *m);

/* "nvme1n1 AWS1, nvme2n1 AWS2" */
char *array_members_text(const struct array_members *m);

#endif
