/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_QUEUE_ATTRIBUTE_H
#define STORAGE_QUEUE_ATTRIBUTE_H

/*
 * Attributes of request queues in sysfs, for kind_queue.c: Documentation/ABI/stable/
 * sysfs-block.
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

/* In the order of writing: another scheduler resets what comes after it. */
extern const struct queue_attr_kind {
	const char *name; /* in the profile */
	const char *file;
	uint64_t unit; /* of the number, in bytes or ones; 0: a word */
	bool ahead;    /* of reading ahead: not of the queue of requests */
} queue_attr_kinds[QUEUE_ATTRS];

/* One attribute of one device; texts are owned. */
struct queue_attr {
	enum queue_attr_id id;
	char *device;     /* "nvme1n1" */
	char *path;       /* host path, without links */
	char *want, *now; /* now NULL: it is not there or cannot be read */
	char *available;  /* of the scheduler: "[none] mq-deadline" */
};

/* Look at it; takes `want`, which may be NULL. Free with queue_attr_done(). */
struct queue_attr queue_attr_read(const struct host *h, const char *device,
                                  enum queue_attr_id id, char *want);
void queue_attr_done(struct queue_attr *a);

/* Whether it is as wanted, up to the kernel's rounding to its pages. */
bool queue_attr_as_wanted(const struct queue_attr *a);

/* Whether the kernel lists the scheduler that is wanted; true for all others. */
bool queue_attr_is_available(const struct queue_attr *a);

/* Look again, and write what is wanted unless it is there. */
int queue_attr_set(struct queue_attr *a, struct host *h, struct err *e);

#endif
