/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef NETWORK_NIC_KIND_H
#define NETWORK_NIC_KIND_H

/* What the definition of a kind of this room has in common with the others. */

#include "host/process/capabilities.h"
#include "network/nic.h"

/* Reading needs none; files of /sys belong to root. */
uint64_t nic_capabilities(const char *name, bool acts);

/* The keys of an item that belong to no kind. */
#define NIC_ITEM_FIELDS                                                                      \
	{.name = "interfaces",                                                               \
	 .type = FIELD_OBJECT,                                                               \
	 .fields = nic_select_fields,                                                        \
	 .required = true,                                                                   \
	 .doc = "which interfaces of the node"},                                             \
		{.name = "disruptive",                                                       \
	         .type = FIELD_CHOICE,                                                       \
	         .offset = offsetof(struct nic, disruptive),                                 \
	         .choices = nic_disruptive,                                                  \
	         .doc = "allow: the watch may make changes that interrupt traffic, too"},    \
	{                                                                                    \
		.name = "optional", .type = FIELD_BOOL,                                      \
		.offset = offsetof(struct nic, optional),                                    \
		.doc = "skip what the driver of an interface does not have (default: false)" \
	}
extern const struct field nic_select_fields[];
extern const char *const nic_disruptive[];

/* The key of an attribute: that of index `i` in its group. */
#define NIC_BOUND(name_, i, min_, max_, doc_)                                \
	.name = name_, .type = FIELD_BOUND,                                  \
	.offset = offsetof(struct nic, bounds) + (i) * sizeof(struct bound), \
	.min = min_, .max = max_, .doc = doc_
#define NIC_FLAG(name_, i, doc_)           \
	.name = name_, .type = FIELD_BOOL, \
	.offset = offsetof(struct nic, flags) + (i) * sizeof(bool), .doc = doc_
extern const char *const nic_top[]; /* choices of a NIC_BOUND that takes "max" */

#define NIC_KIND                                                                         \
	.capabilities = nic_capabilities, .section = "network", .shape = SECTION_ITEMS,  \
	.after = "module", .size = sizeof(struct nic),                                   \
	.flags = KIND_HOST_NETNS | KIND_APART, .observe = nic_observe, .diff = nic_diff, \
	.differences = nic_differences, .changes = nic_changes, .apply = nic_apply,      \
	.revert = nic_revert, .undo = &nic_undo, .capture = nic_capture,                 \
	.done = nic_done

#endif
