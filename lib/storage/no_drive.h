/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_NO_DRIVE_H
#define STORAGE_NO_DRIVE_H

#include "resource/kind.h"
#include "storage/block/spec.h"

/*
 * Report that no drive of the node matches: what was looked for, and what there is.
 * `others` are the drives that do not match, in words. Without `required` the item is
 * skipped.
 */
void no_drive_diff(const struct disk_spec *w, const char *others, bool required,
                   struct change *ret);

#endif
