/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_BLOCK_CLASSIFY_H
#define STORAGE_BLOCK_CLASSIFY_H

/* Whether one drive may be formatted, used as it is, or wiped. Read-only. */

#include "base/err.h"
#include "storage/block/spec.h"

#include <stdbool.h>

struct host;

/*
 * Why the drive is never used, whatever the profile selects: DISK_ROOT, DISK_SYSTEM,
 * DISK_EBS; or DISK_NONE.
 */
enum disk_reason disk_never(const struct disk *d);

/* The same in words, owned by the caller; NULL for DISK_NONE. */
char *disk_never_text(const struct disk *d);

enum disk_class {
	CLASS_REJECTED, /* anything else, and what was not examined */
	CLASS_OWNED,    /* holds a file system with our type and label; may be mounted */
	CLASS_BLANK,    /* blank and not in use */
	CLASS_WIPE,     /* may be wiped: permitted, or left by our interrupted mkfs */
};

struct disk_classified {
	enum disk_class class;
	enum disk_reason reason; /* CLASS_REJECTED, CLASS_WIPE */
	bool maybe_owned;        /* CLASS_REJECTED: it has, or may have, our label */
	char *text;              /* its content, or why it is rejected, in words */
};

/*
 * Examine the content of the drive. `locked`: the caller holds blk_lock().
 * Return: 0; -EACCES or -EPERM without permission to read it. Free with
 * disk_classified_done().
 */
int disk_classify(const struct disk_spec *w, const struct host *h, const struct disk *d,
                  bool locked, struct disk_classified *ret, struct err *e);
void disk_classified_done(struct disk_classified *l);

#define _classified_ _cleanup_(disk_classified_done)

#endif
