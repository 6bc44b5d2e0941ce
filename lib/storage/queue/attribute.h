/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_QUEUE_ATTRIBUTE_H
#define STORAGE_QUEUE_ATTRIBUTE_H

/*
 * Attributes of request queues in sysfs, for kind_queue.c. See
 * Documentation/ABI/stable/sysfs-block.
 */

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;

/* The smallest page of any architecture; the kernel counts sizes in pages. */
#define QUEUE_PAGE_KIB 4

enum queue_attr_id {
	QUEUE_SCHEDULER,
	QUEUE_READ_AHEAD,
	QUEUE_MAX_SECTORS,
	QUEUE_NR_REQUESTS,
	QUEUE_RQ_AFFINITY,
	QUEUE_NOMERGES,
	QUEUE_WBT,
	QUEUE_ATTRS
};

/* In the order of writing: a new scheduler resets the attributes that follow it. */
extern const struct queue_attr_kind {
	const char *name; /* in the profile */
	const char *file;
	uint64_t unit; /* of the number, in bytes or ones; 0: a word */
	bool ahead;    /* concerns read-ahead, not the request queue */
} queue_attr_kinds[QUEUE_ATTRS];

/* One attribute of one device; texts are owned. */
struct queue_attr {
	enum queue_attr_id id;
	char *device;      /* "nvme1n1" */
	char *path;        /* host path, without links */
	char *want, *now;  /* now NULL: does not exist or cannot be read */
	char *fault;       /* why it cannot be read; NULL: it can, or does not exist */
	char *available;   /* of the scheduler: "[none] mq-deadline" */
	uint64_t page_kib; /* of the kernel that rounds it */
};

/* Read the attribute. Takes ownership of `want` (may be NULL). Free with
 * queue_attr_done(). */
struct queue_attr queue_attr_read(const struct host *h, const char *device,
                                  enum queue_attr_id id, char *want);
void queue_attr_done(struct queue_attr *a);

/* Return: 0, or -EIO with the reason if it cannot be read. */
int queue_attr_check(const struct queue_attr *a, struct err *e);

/* Whether the current value equals `want`, apart from the kernel's rounding to pages. */
bool queue_attr_as_wanted(const struct queue_attr *a);

/* Whether the kernel lists the scheduler `want`; true for all other attributes. */
bool queue_attr_is_available(const struct queue_attr *a);

/*
 * Read the attribute again, and write `want` if it differs. What cannot be read is not
 * written. Return: 0 or -errno.
 */
int queue_attr_set(struct queue_attr *a, struct host *h, struct err *e);

#endif
