/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSFS_MEMORY_H
#define SYSFS_MEMORY_H

/* The section "memory": names for values of /sys/kernel/mm. Each kind is some of them. */

#include "resource/bound.h"
#include "sysfs/sysfs.h"

#define MEMORY_DIR "/sys/kernel/mm/"

#define MEMORY_MODES 3 /* of transparent huge pages */
#define MEMORY_SIZES 6 /* of huge pages */

struct memory {
	struct sysfs s;
	char *modes[MEMORY_MODES];
	struct bound sizes[MEMORY_SIZES];
	bool ksm;
};

/* The key that belongs to no kind, for the table of the first one, and all of them. */
#define MEMORY_OPTIONAL                                                       \
	{                                                                     \
		.name = "optional", .type = FIELD_BOOL,                       \
		.offset = offsetof(struct memory, s.optional),                \
		.doc = "skip what this kernel does not have (default: false)" \
	}

/* Read the keys of the kind and that one. Return: whether the section has one of the
 * kind. */
bool memory_parse(struct resource *r, const struct node *n, struct diagnostics *diag);

#define MEMORY_KIND                                                                  \
	.section = "memory", .shape = SECTION_OBJECT, .size = sizeof(struct memory), \
	.observe = sysfs_observe, .diff = sysfs_diff, .files = sysfs_set_files,      \
	.capabilities = sysfs_capabilities, .differences = sysfs_differences,        \
	.changes = sysfs_changes, .apply = sysfs_apply, .revert = sysfs_revert,      \
	.undo = &sysfs_undo, .varies = sysfs_varies, .done = sysfs_done

#endif
