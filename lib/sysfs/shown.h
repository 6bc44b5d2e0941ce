/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSFS_SHOWN_H
#define SYSFS_SHOWN_H

#include "base/macro.h"

#include <stdbool.h>

/*
 * What a file shows, as the kernel means it. A choice is the word in brackets:
 * "always [madvise] never" is madvise. Texts are owned.
 */
struct sysfs_shown {
	char *now;     /* "madvise" */
	char *choices; /* "always madvise never"; NULL: the file names none */
};

/* `text`: of the file, collapsed (base/text/words.h). */
void sysfs_shown_parse(const char *text, struct sysfs_shown *ret);
void sysfs_shown_done(struct sysfs_shown *s);

#define _shown_ _cleanup_(sysfs_shown_done)

/*
 * Whether the kernel shows `now` after `want` was written: numbers, lists of ranges and
 * masks are compared by what they mean. `path` decides whether it is a mask.
 */
bool sysfs_shown_same(const char *path, const char *want, const char *now);

/*
 * Translate a true or false of YAML ("true", "yes", "on", "1" ...) to the spelling in
 * which the file shows `now`: Y, 1, on or enabled. NULL: one of them is no boolean.
 */
const char *sysfs_shown_bool(const char *want, const char *now);

#endif
