/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_QUEUE_VALUES_H
#define STORAGE_QUEUE_VALUES_H

/* What a profile sets of the request queues of an item's drives. */

#include "base/text/buf.h"
#include "storage/queue/attribute.h"

#include <stdint.h>

struct node;
struct diagnostics;

#define QUEUE_UNSET UINT64_MAX

struct queue_values {
	char *scheduler;               /* NULL: not in the profile */
	uint64_t numbers[QUEUE_ATTRS]; /* in bytes or ones, or QUEUE_UNSET; unused for the
	                                  scheduler */
};

/* Check a size, which the kernel counts in pages, and the name of a scheduler. */
void queue_values_check_pages(const struct node *n, struct diagnostics *diag);
void queue_values_check_scheduler(const struct node *n, struct diagnostics *diag);

/* The value of the attribute, as written to sysfs; NULL: none. Owned by the caller. */
char *queue_value(const struct queue_values *v, enum queue_attr_id id);

/* Append "read-ahead=4096KiB" for a value as in sysfs. */
void queue_value_message(struct buf *b, enum queue_attr_id id, const char *value);

#endif
