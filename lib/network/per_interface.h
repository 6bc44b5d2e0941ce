/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_PER_INTERFACE_H
#define NETWORK_PER_INTERFACE_H

#include <stdint.h>

struct diagnostics;
struct host;
struct node;

/*
 * Replace each item that selects interfaces by one item for each, named
 * "ITEM/INTERFACE". An item that names one interface, and one that matches none, stay as
 * they are. `h` is NULL without a node: items are only checked.
 */
void per_interface_expand(struct node *network, const struct host *h,
                          struct diagnostics *diag);

/* For survey() of struct kind: an item for each interface that has a device. */
void per_interface_survey(struct node *network, const struct host *h,
                          struct diagnostics *diag);

/*
 * For devices() of struct kind: which interfaces have a device. Those of pods, which come
 * and go all the time, have none.
 */
uint64_t per_interface_devices(const struct host *h);

#endif
