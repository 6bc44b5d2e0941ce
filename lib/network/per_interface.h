/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_PER_INTERFACE_H
#define NETWORK_PER_INTERFACE_H

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

#endif
