/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_QUEUE_ATTRIBUTES_H
#define STORAGE_QUEUE_ATTRIBUTES_H

/*
 * The attributes of all devices of an item. Requests queue at the drives, also for an
 * array. If the kernel reaches a drive by several paths, they queue at each hidden path.
 * The array or drive above them only reads ahead.
 */

#include "storage/queue/attribute.h"
#include "storage/queue/values.h"

struct block_device;

struct queue_attrs {
	struct queue_attr *list;
	size_t n, cap;
};

/* Free the attributes; the list is empty then. */
void queue_attrs_done(struct queue_attrs *l);

/*
 * Add the attributes of a drive or array that have a value. Return: 0, or -errno also if
 * one of them cannot be read.
 */
int queue_attrs_read(struct queue_attrs *l, const struct host *h,
                     const struct block_device *dev, const struct queue_values *v,
                     struct err *e);

/* "nvme1n1 scheduler=none nr-requests=1023; nvme2n1 ..." Owned by the caller. */
char *queue_attrs_text(const struct queue_attrs *l);

/* Their paths, joined by "\n"; NULL: there are none. Owned by the caller. */
char *queue_attrs_files(const struct queue_attrs *l);

/*
 * Replace `ret` by what writing `l` overwrites, in the order of writing. Return: 0, or
 * -EIO if some of it cannot be read.
 */
int queue_attrs_save(const struct queue_attrs *l, const struct host *h,
                     struct queue_attrs *ret, struct err *e);

/* Write all that was saved, even after a failure. Return: 0, or the first failure. */
int queue_attrs_restore(struct queue_attrs *saved, struct host *h, struct err *e);

#endif
