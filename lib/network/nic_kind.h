/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_NIC_KIND_H
#define NETWORK_NIC_KIND_H

/* What the definition of a kind of this room has in common with the others. */

#include "network/nic.h"

/* The key of an attribute: that of index `i` in its group. */
#define NIC_BOUND(name_, i, min_, max_, doc_)                                \
	.name = name_, .type = FIELD_BOUND,                                  \
	.offset = offsetof(struct nic, bounds) + (i) * sizeof(struct bound), \
	.min = min_, .max = max_, .doc = doc_
#define NIC_FLAG(name_, i, doc_)           \
	.name = name_, .type = FIELD_BOOL, \
	.offset = offsetof(struct nic, flags) + (i) * sizeof(bool), .doc = doc_

#define NIC_KIND                                                                         \
	NET_ITEM_KIND, .size = sizeof(struct nic), .observe = nic_observe,               \
		       .diff = nic_diff, .differences = nic_differences,                 \
		       .changes = nic_changes, .apply = nic_apply, .revert = nic_revert, \
		       .undo = &nic_undo, .capture = nic_capture, .done = net_item_done

#endif
