/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_ARRAY_MEMBERS_H
#define STORAGE_ARRAY_MEMBERS_H

/*
 * The drives of an item as members of one array: which array they form, if any.
 * Read-only.
 */

#include "base/err.h"
#include "storage/block/claim.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum array_outcome {
	ARRAY_NO_DISKS,
	ARRAY_SINGLE,     /* one drive, which needs no array */
	ARRAY_BLANK,      /* all drives can become members */
	ARRAY_CUT_SHORT,  /* the same, after clearing an interrupted mdadm */
	ARRAY_STOPPED,    /* complete, not assembled */
	ARRAY_READY,      /* complete and assembled */
	ARRAY_MISCOUNTED, /* the number of drives differs from `count` */
	ARRAY_REFUSED,
};

struct array_member {
	char *name, *device;
	char *serial; /* see disk_title() */
	char *id;     /* see disk_id() */
	bool wipe;
	bool marked; /* has a superblock of this array */
	bool held;   /* by an inactive array */
	unsigned role;
};

struct array_members {
	enum array_outcome outcome;
	struct array_member *list; /* sorted by serial */
	size_t n;
	char *uuid;    /* of the array on the members; NULL: none */
	char *device;  /* of the running array, or of the single drive; NULL: none */
	char *content; /* current state of the array, in words; NULL: none */
	char *waiting; /* device of an inactive array that holds members; NULL: none */
	char *fault;   /* ARRAY_REFUSED: the reason, in words */
	char *others;  /* ARRAY_NO_DISKS: drives that do not match, in words */
	struct node *refused; /* see struct disk_candidates; owned */
};

void array_members_done(struct array_members *m);

/* "nvme1n1 AWS1, nvme2n1 AWS2" */
char *array_members_text(const struct array_members *m);

#endif
