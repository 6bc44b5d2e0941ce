/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef KINDS_DISK_CHOICE_H
#define KINDS_DISK_CHOICE_H

/*
 * Which drive of the node a profile means, and whether it may be formatted. Only reads.
 */

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;
struct host_disk;

/* The model of the drives that are meant unless the profile says otherwise. */
#define DISK_MODEL "Amazon EC2 NVMe Instance Storage"

/* What the profile says. */
struct disk_wish {
	char *model;
	char *serial;      /* NULL: any */
	uint64_t min_size; /* bytes */
	uint64_t count;    /* 0: not said, so exactly one may match */
	char *format;      /* type of file system that makes it ours, with: */
	char *label;
};

/* One drive that matches. */
enum disk_class {
	DISK_OURS,     /* carries a file system of our type and label; perhaps mounted */
	DISK_BLANK,    /* holds nothing, and nobody holds it */
	DISK_REJECTED, /* anything else */
};

/* All drives that match. */
enum disk_outcome {
	DISKS_NONE,
	DISKS_OURS,      /* one is ours */
	DISKS_BLANK,     /* one, or the first by serial if count says so, is blank */
	DISKS_REJECTED,  /* none is ours or blank */
	DISKS_AMBIGUOUS, /* several are ours, or usable where one was expected */
};

struct disk_choice {
	enum disk_outcome outcome;
	char *found;           /* the drives that it is about, in words */
	char *device, *serial; /* of the one chosen; NULL: none */
	char *content;         /* of the one chosen, in words */
	bool several_ours;
};

/* Whether it is of the kind asked for. */
bool disk_matches(const struct disk_wish *w, const struct host_disk *d);

/*
 * Look at what the drive holds. Return: an enum disk_class, with the reason in words in
 * *ret_text (owned by the caller); -EACCES or -EPERM if we are not allowed to look.
 */
int disk_classify(const struct disk_wish *w, const struct host *h,
                  const struct host_disk *d, char **ret_text, struct err *e);

/* Return: 0 or -errno. Free with disk_choice_done(), also after an error. */
int disk_choose(const struct disk_wish *w, const struct host *h, struct disk_choice *ret,
                struct err *e);
void disk_choice_done(struct disk_choice *c);

#endif
