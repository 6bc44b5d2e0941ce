/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSFS_VALUE_H
#define SYSFS_VALUE_H

#include "base/diagnostics.h"

#include <stdbool.h>
#include <stdint.h>

struct node;
struct sysfs_shown;

/*
 * The value that a profile gives a file: a text, or bounds that only raise or only lower
 * a number.
 */
struct sysfs_value {
	char *text;       /* to write; NULL: bounds */
	const char *also; /* shown instead of `text`, it is as good; NULL: nothing is */
	uint64_t min, max;
	bool unknown; /* a formula that cannot be computed here */
	bool is_off;  /* a node that does not have the file at all is fine, too */
};

#define SYSFS_VALUE_MAX 4000 /* bytes: what a file takes is at most a page */

/* Read a text, a number, a size or a list of them. `what` names it in messages. */
void sysfs_value_parse(struct sysfs_value *v, const char *what, const struct node *n,
                       struct diagnostics *diag);

/* Read bounds: numbers or sizes; one may be NULL. */
void sysfs_value_parse_bounds(struct sysfs_value *v, const char *what,
                              const struct node *min, const struct node *max,
                              struct diagnostics *diag);

/* "madvise", ">=1024", "10..20"; "" for what cannot be computed. Owned by the caller. */
char *sysfs_value_describe(const struct sysfs_value *v);

/*
 * The text to write where the file `path` shows `s`; equal to s->now if in sync. NULL
 * with *ret_fault, which says why the file cannot have the value. Both are owned by the
 * caller.
 */
char *sysfs_value_resolve(const struct sysfs_value *v, const char *path,
                          const struct sysfs_shown *s, char **ret_fault);

void sysfs_value_done(struct sysfs_value *v);

#endif
