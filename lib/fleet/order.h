/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef FLEET_ORDER_H
#define FLEET_ORDER_H

#include <stddef.h>

struct fleet;
struct fleet_resource;

/*
 * Sort for a report: resources that are out of sync on most nodes first, and of each the
 * variants that most nodes have.
 */
void fleet_sort(struct fleet *f);

/* Return the number of nodes on which the resource is out of sync. */
size_t fleet_out_of_sync(const struct fleet_resource *r);

#endif
