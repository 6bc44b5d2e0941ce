/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_RULES_SERVED_H
#define DIAGNOSE_RULES_SERVED_H

/* Which CPUs serve the queues of network cards and NVMe drives. */

#include "host/interrupts.h"

struct served {
	char *device; /* "eth0", "nvme1" */
	struct host_interrupts interrupts;
};

struct served_list {
	struct served *list;
	size_t n, cap;
};

/* Add a device, unless it has no interrupts. Takes them over. */
void served_add(struct served_list *l, const char *device, struct host_interrupts *i);
void served_done(struct served_list *l);

#endif
