/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef HOST_TREE_XATTR_H
#define HOST_TREE_XATTR_H

/*
 * Extended attributes of an entry and its copy, of any type: ACLs, file capabilities,
 * labels and all others; only for tree*.c and walk*.c.
 */

#include "host/tree/tree.h"
#include "host/tree/walk.h"

/*
 * Give the copy exactly the attributes of the original; `name` is the entry in both
 * directories, "." is the directory itself. A security label that the policy does not
 * let us set stays, and is noted in `labels`.
 * Return: 0; -errno with `e` set.
 */
int xattrs_copy(struct walk_dirs in, const char *name, struct host_tree_labels *labels,
                struct err *e);

/*
 * Compare them, but for security labels.
 * Return: 0; -EBADMSG if they differ; -errno.
 */
int xattrs_compare(struct walk_dirs in, const char *name);

#endif
