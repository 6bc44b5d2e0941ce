/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef STORAGE_ARRAY_PROBE_H
#define STORAGE_ARRAY_PROBE_H

#include "base/err.h"
#include "storage/array_members.h"

/*
 * Examine all matching drives and the array on them. A superblock belongs to this array
 * if it says raid0 and has the name `name`.
 * Return: 0 or -errno. Free with array_members_done().
 */
int array_probe(const struct disk_spec *w, const char *name, const struct host *h,
                struct array_members *ret, struct err *e);

#endif
