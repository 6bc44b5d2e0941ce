/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_QUEUES_QUEUE_FILES_H
#define NETWORK_QUEUES_QUEUE_FILES_H

/* The queues of an interface as /sys/class/net/NAME/queues shows them. */

#include "base/err.h"

#include <stddef.h>

struct host;

/*
 * Count the queues of a direction, "rx" or "tx". Return: 0; -ENODEV: no such interface;
 * -errno.
 */
int queue_count(const struct host *h, const char *interface, const char *direction,
                unsigned *ret, struct err *e);

/*
 * Read a file of a queue, such as "rps_cpus" of "rx" 0; *ret is owned by the caller.
 * Return: 0; -ENODEV: no such interface; -EOPNOTSUPP: the kernel has no such file, or the
 * driver none that can be read; -errno.
 */
int queue_read(const struct host *h, const char *interface, const char *direction,
               unsigned queue, const char *file, char **ret, struct err *e);

/* Write it. Return: as above. */
int queue_write(struct host *h, const char *interface, const char *direction,
                unsigned queue, const char *file, const char *text, struct err *e);

#endif
