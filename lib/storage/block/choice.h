/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_CHOICE_H
#define STORAGE_BLOCK_CHOICE_H

/*
 * Which drives of the node a profile selects, and whether they may be formatted.
 * Read-only.
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

/* The default model. */
#define DISK_MODEL "Amazon EC2 NVMe Instance Storage"

/* The selection in the profile. Lists are joined by ",". */
struct disk_spec {
	char *model;
	char *serial;      /* one or more; NULL: any */
	uint64_t min_size; /* bytes */
	uint64_t count;    /* 0: not given */
	char *wipe;        /* serials of drives that may be wiped; NULL: none */
	char *format;      /* file system type that, with the label, makes a drive ours */
	char *label;
};

/* Set the default model if none is given, and strip white space around it. */
void disk_spec_complete(struct disk_spec *w);

/* Whether the drive matches the selection. */
bool disk_matches(const struct disk_spec *w, const struct disk *d);

/* Whether the profile names the drive by its serial. */
bool disk_is_named(const struct disk_spec *w, const struct disk *d);

/*
 * Why the drive is never used, whatever the profile selects: DISK_ROOT, DISK_SYSTEM,
 * DISK_EBS; or DISK_NONE.
 */
enum disk_reason disk_never(const struct disk *d);

/* The same in words, owned by the caller; NULL for DISK_NONE. */
char *disk_never_text(const struct disk *d);

enum disk_class {
	CLASS_OWNED,    /* holds a file system with our type and label; may be mounted */
	CLASS_BLANK,    /* blank and not in use */
	CLASS_WIPE,     /* may be wiped: permitted, or left by our interrupted mkfs */
	CLASS_REJECTED, /* anything else */
};

struct disk_classified {
	enum disk_class class;
	enum disk_reason reason; /* CLASS_REJECTED, CLASS_WIPE */
	char *text;              /* its content, or why it is rejected, in words */
};

/*
 * Examine the content of the drive. `locked`: the caller holds blk_lock().
 * Return: 0; -EACCES or -EPERM without permission to read it. Free with
 * disk_classified_done().
 */
int disk_classify(const struct disk_spec *w, const struct host *h, const struct disk *d,
                  bool locked, struct disk_classified *ret, struct err *e);
void disk_classified_done(struct disk_classified *l);

#define _classified_ _cleanup_(disk_classified_done)

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
	char *others;         /* drives that do not match, in words; "": none */
};

/* Examine all. Return: 0 or -errno. Free with disk_candidates_done(), even on error. */
int disk_candidates(const struct disk_spec *w, const struct host *h,
                    struct disk_candidates *ret, struct err *e);
void disk_candidates_done(struct disk_candidates *s);

#define _candidates_ _cleanup_(disk_candidates_done)

/* "nvme1n1 AWS1: is mounted at /x (DiskMounted); ..." for the drives of that class. */
char *disk_candidates_text(const struct disk_candidates *s, enum disk_class class);

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

/* Identify a drive by its serial, an array by its members. Owned by the caller. */
char *disk_id(const struct disk *d);

/*
 * Choose among all drives if `device` is NULL; otherwise examine only `device`.
 * Return: 0 or -errno. Free with disk_choice_done(), even on error.
 */
int disk_choose(const struct disk_spec *w, const struct host *h, const char *device,
                struct disk_choice *ret, struct err *e);
void disk_choice_done(struct disk_choice *c);

#endif
