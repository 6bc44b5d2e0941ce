/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSFS_SYSFS_H
#define SYSFS_SYSFS_H

/*
 * What the kinds of this room share: a resource that is one or more values, each of the
 * files of a path or pattern.
 */

#include "resource/kind.h"
#include "resource/undo.h"
#include "sysfs/row.h"

#define SYSFS_TARGETS_MAX 8

struct sysfs {
	struct resource r;
	bool optional;
	enum reason short_of; /* reason of a number that stays too low; 0: none */
	struct sysfs_target targets[SYSFS_TARGETS_MAX];
	size_t n_targets;
	const char **named; /* owned list of paths that a pattern skips */
	size_t n_named;
	bool left_out; /* such a path was, at the last look */

	struct sysfs_files files[SYSFS_TARGETS_MAX];
	struct sysfs_row *rows;
	size_t n_rows, cap_rows;
	struct sysfs_had *had; /* in the order of writing */
	size_t n_had, cap_had;
	bool written, fresh; /* apply() was called; this is the first look after it */
};

/* Add a target. Takes ownership of the pattern. Return: its value, to be filled. */
struct sysfs_value *sysfs_add(struct sysfs *s, const char *part, char *pattern);

/* Set spec.want and spec.optional, once all targets were added. */
void sysfs_added(struct sysfs *s);

/* The functions of struct kind. */
int sysfs_observe(struct resource *r, const struct host *h, struct err *e);
void sysfs_diff(const struct resource *r, struct change *ret);
void sysfs_differences(const struct resource *r, struct differences *ret);
void sysfs_changes(const struct resource *r, struct differences *ret);
char *sysfs_set_files(const struct resource *r, const struct host *h);
uint64_t sysfs_capabilities(const char *name, bool acts);
int sysfs_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                struct err *e);
int sysfs_revert(struct resource *r, struct host *h, struct err *e);
const char *sysfs_varies(const struct resource *r);
void sysfs_done(struct resource *r);
extern const struct undo sysfs_undo;

/* What the files show: "512", "2MiB 512, 1GiB 4", "0 (3), 1 (1)"; NULL: unknown. */
char *sysfs_describe_now(const struct sysfs *s);

#endif
