/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_QUEUE_UNDO_H
#define STORAGE_QUEUE_UNDO_H

#include "resource/undo.h"

struct queue_attr;

/* undo of kind_queue: an object is a device and an attribute, "nvme1n1 read-ahead". */
int queue_undo_read(const struct host *h, const char *object, char **ret_value,
                    struct err *e);
int queue_undo_write(struct host *h, const char *object, const char *value,
                     struct err *e);
char *queue_undo_command(const struct host *h, const char *object, const char *value);

/* Add an attribute that was read. */
void queue_undo_add(const struct queue_attr *a, struct undo_values *ret);

/* Add a scheduler, and before it what the kernel resets with it. */
void queue_undo_add_scheduler(const struct host *h, const struct queue_attr *a,
                              struct undo_values *ret);

#endif
