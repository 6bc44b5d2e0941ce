/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SYSFS_PATH_H
#define SYSFS_PATH_H

#include <stdbool.h>

/*
 * Paths of the section: "/sys/module/zswap/parameters/enabled", or a pattern such as
 * "/sys/block/sd*" whose * ? and [...] match within one name.
 */

#define SYSFS_PATH_MAX 1024 /* bytes */

/* Why a text is no such path, for messages ("must ..."); NULL: it is one. */
const char *sysfs_path_fault(const char *path);

bool sysfs_path_is_pattern(const char *path);

/*
 * Why hosttune never writes to the file, for messages ("..., because ..."): it is an
 * action and no value, or lies outside of sysfs. NULL: it may. `path` has no links; a
 * pattern is compared as it is, and what it matches must be, too.
 */
const char *sysfs_path_refused(const char *path);

#endif
