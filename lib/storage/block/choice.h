/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_CHOICE_H
#define STORAGE_BLOCK_CHOICE_H

/* Which drive or array becomes one file system, or why none does. Read-only. */

#include "base/err.h"
#include "storage/block/spec.h"

#include <stdbool.h>

struct host;
struct node;

/* One drive or array for one file system. */
enum disk_outcome {
	DISKS_NONE,
	DISKS_OWNED,     /* one is ours */
	DISKS_BLANK,     /* one can be formatted; with count, the first by serial */
	DISKS_REJECTED,  /* none is ours or blank */
	DISKS_AMBIGUOUS, /* several are ours, or usable where one was expected */
};

struct disk_choice {
	enum disk_outcome outcome;
	char *found;   /* the drives concerned, in words */
	char *device;  /* of the chosen drive; NULL: none */
	char *id;      /* of the chosen drive: see disk_id() */
	char *content; /* of the chosen drive, in words */
	bool wipe;     /* its content must be wiped */
	bool several_owned;
	struct node *refused; /* see struct disk_candidates; owned */
};

/*
 * Choose among all drives if `device` is NULL; otherwise examine only `device`.
 * Return: 0 or -errno. Free with disk_choice_done(), even on error.
 */
int disk_choose(const struct disk_spec *w, const struct host *h, const char *device,
                struct disk_choice *ret, struct err *e);
void disk_choice_done(struct disk_choice *c);

#endif
