/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_CHOICE_H
#define STORAGE_BLOCK_CHOICE_H

/*
 * Which drives of the node a profile means, and whether they may be formatted. Only
 * reads.
 */

#include "base/err.h"
#include "storage/block/disk.h"
#include "storage/block/disk_reason.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct field;
struct host;
struct node;

/* The model of the drives that are meant unless the profile says otherwise. */
#define DISK_MODEL "Amazon EC2 NVMe Instance Storage"

/* What the profile says. Lists are joined by ",". */
struct disk_spec {
	char *model;
	char *serial;      /* one or several; NULL: any */
	uint64_t min_size; /* bytes */
	uint64_t count;    /* 0: not said */
	char *wipe;        /* serials of drives that may be wiped; NULL: none */
	char *format;      /* type of file system that makes it ours, with: */
	char *label;
};

/* The model, unless it is said, and no white space around the words. */
void disk_spec_complete(struct disk_spec *w);

/* Whether it is of the kind asked for. */
bool disk_matches(const struct disk_spec *w, const struct disk *d);

/* Whether the profile means it by its serial; else it was found by its model. */
bool disk_is_named(const struct disk_spec *w, const struct disk *d);

/*
 * Why it is never to be taken, whatever names it: DISK_ROOT, DISK_SYSTEM, DISK_EBS; or
 * DISK_NONE.
 */
enum disk_reason disk_never(const struct disk *d);

/* The same in words, owned by the caller; NULL for DISK_NONE. */
char *disk_never_text(const struct disk *d);

enum disk_class {
	CLASS_OWNED,    /* carries a file system of our type and label; perhaps mounted */
	CLASS_BLANK,    /* holds nothing, and nobody holds it */
	CLASS_WIPE,     /* may be wiped: it is allowed, or a mkfs of ours was cut off */
	CLASS_REJECTED, /* anything else */
};

struct disk_classified {
	enum disk_class class;
	enum disk_reason reason; /* CLASS_REJECTED, CLASS_WIPE */
	char *text;              /* what it holds or why it is rejected, in words */
};

/*
 * Look at what the drive holds. `locked`: by us, with blk_lock(). Return: 0;
 * -EACCES or -EPERM if we are not allowed to look. Free with disk_classified_done().
 */
int disk_classify(const struct disk_spec *w, const struct host *h, const struct disk *d,
                  bool locked, struct disk_classified *ret, struct err *e);
void disk_classified_done(struct disk_classified *l);

#define _classified_ _cleanup_(disk_classified_done)

/* All drives of the node: those selected, and why the others are not. */
struct disk_candidate {
	const struct disk *disk;
	struct disk_classified classified;
};

struct disk_candidates {
	struct disks disks;          /* all, with arrays */
	struct disk_candidate *list; /* those that match, in the order of their serials */
	size_t n;
	struct node *refused; /* those that cannot be taken, for reports */
	char *others;         /* those that do not match, in words; "": none */
};

/* Return: 0 or -errno. Free with disk_candidates_done(), also after an error. */
int disk_candidates(const struct disk_spec *w, const struct host *h,
                    struct disk_candidates *ret, struct err *e);
void disk_candidates_done(struct disk_candidates *s);

#define _candidates_ _cleanup_(disk_candidates_done)

/* "nvme1n1 AWS1: is mounted at /x (DiskMounted); ..." of those with that class. */
char *disk_candidates_text(const struct disk_candidates *s, enum disk_class class);

/* One drive or array for one file system. */
enum disk_outcome {
	DISKS_NONE,
	DISKS_OWNED, /* one is ours */
	DISKS_BLANK, /* one, or the first by serial if count says so, can be formatted */
	DISKS_REJECTED,  /* none is ours or blank */
	DISKS_AMBIGUOUS, /* several are ours, or usable where one was expected */
};

struct disk_choice {
	enum disk_outcome outcome;
	char *found;   /* the drives that it is about, in words */
	char *device;  /* of the one chosen; NULL: none */
	char *id;      /* of the one chosen: it is still the same if this is */
	char *content; /* of the one chosen, in words */
	bool wipe;     /* what it holds is to be wiped */
	bool several_owned;
	struct node *refused; /* see struct disk_candidates; owned */
};

/* By which a drive or array is known again: its serial, its members. Owned. */
char *disk_id(const struct disk *d);

/*
 * Choose among all drives, or take `device` as it is (NULL: choose).
 * Return: 0 or -errno. Free with disk_choice_done(), also after an error.
 */
int disk_choose(const struct disk_spec *w, const struct host *h, const char *device,
                struct disk_choice *ret, struct err *e);
void disk_choice_done(struct disk_choice *c);

#endif
