/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_CAPTURE_H
#define STORAGE_CAPTURE_H

/*
 * The drives of this node as items of storage in a profile: which they are, by model and
 * serial, and where each is mounted. Only reads.
 */

#include "base/err.h"

struct disk_spec;
struct host;
struct node;
struct diagnostics;

/*
 * Add to the list `items` one for each drive that `spec` means and that carries its kind
 * of file system, with its label or, as somebody uses it, mounted. The first is named
 * `name`. Drives that are in the list stay as they are. What cannot be said of a drive is
 * added to `ps` as a note. Return: 0 or -errno.
 */
int disk_capture(const struct disk_spec *spec, const char *name, const struct host *h,
                 struct node *items, struct diagnostics *diag, struct err *e);

/*
 * Say in each such item where its drive is mounted, with which options. One that is not
 * mounted is told in `ps`. Return: 0 or -errno.
 */
int disk_capture_mounts(const struct host *h, struct node *items,
                        struct diagnostics *diag, struct err *e);

#endif
