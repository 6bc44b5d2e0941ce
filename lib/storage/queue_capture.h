/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_QUEUE_CAPTURE_H
#define STORAGE_QUEUE_CAPTURE_H

/* The queues of this node's drives, as `queue` of storage items. Read-only. */

#include "base/err.h"
#include "storage/queue/values.h"

#include <stdbool.h>

struct diagnostics;
struct disk_spec;
struct host;
struct node;

/* Whether `queue` of a profile can be this map; if not, the reason is an error in `diag`.
 */
typedef bool queue_accepts(const struct node *map, struct diagnostics *diag);

/*
 * Add the attributes that have a value in `v` to the captured items of drives that match
 * `spec`, as they are now. What an item cannot have adds a note to `diag`. Return: 0 or
 * -errno.
 */
int queue_capture(const struct disk_spec *spec, const struct queue_values *v,
                  const struct host *h, struct node *items, queue_accepts *accepts,
                  struct diagnostics *diag, struct err *e);

/*
 * For survey() of struct kind: append an item for each drive of the default model whose
 * queue differs from the kernel's default, with what differs. Attributes whose default
 * depends on drive, driver or scheduler are not compared.
 */
void queue_survey(struct node *storage, const struct host *h, struct diagnostics *diag);

#endif
