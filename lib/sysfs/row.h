/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSFS_ROW_H
#define SYSFS_ROW_H

/* The values of a resource, and the files that they are compared with. */

#include "sysfs/look.h"
#include "sysfs/value.h"

/* Texts are owned, but for `part`. */
struct sysfs_target {
	const char *part; /* in reports, behind the name: " 2MiB"; NULL: nothing */
	char *pattern;
	struct sysfs_value value;
};

/* A value that a file had, for the rollback. Texts are owned. */
struct sysfs_had {
	char *real, *text;
};

/* One file of a target, compared. Texts are owned, but for the file's. */
struct sysfs_row {
	const struct sysfs_target *target;
	struct sysfs_file *file;
	char *now;   /* what it shows, without the choices; NULL: unknown */
	char *write; /* equal to `now` if in sync; NULL: see fault */
	char *fault; /* why it cannot have the value */
	char *had;   /* shown before apply(); NULL: not written */
};

/* Whether the file of the row is in sync. */
bool sysfs_row_in_sync(const struct sysfs_row *row);

#endif
