/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef RESOURCE_KINDS_H
#define RESOURCE_KINDS_H

#include "resource/kind.h"

/*
 * All kinds in the order of application: the only list. Reversible kinds come before
 * irreversible ones: a sysctl that the kernel refuses stops the run before a drive is
 * formatted.
 */
#define KINDS(K)        \
	K(module)       \
	K(sysctl)       \
	K(channels)     \
	K(rings)        \
	K(coalesce)     \
	K(features)     \
	K(link)         \
	K(qdisc)        \
	K(rps)          \
	K(xps)          \
	K(rfs)          \
	K(thp)          \
	K(hugepages)    \
	K(ksm)          \
	K(sysfs)        \
	K(array)        \
	K(filesystem)   \
	K(mount)        \
	K(guard)        \
	K(directory)    \
	K(bind)         \
	K(queue)        \
	K(drive_health) \
	K(nfsd_setup)   \
	K(nfsd)         \
	K(setting)

/* Each is defined in the room of its subject. */
#define K(name) extern const struct kind kind_##name;
KINDS(K)
#undef K

/* The same as an array, ended by NULL. */
extern const struct kind *const kinds[];

/* Find the kind with that name; NULL: none. */
const struct kind *kinds_named(const char *name);

/* Find the first kind whose section has that shape; NULL: none. */
const struct kind *kinds_shaped(enum section_shape shape);

/* Find the first kind that reads a section of the profile; NULL: no such section. */
const struct kind *kinds_find(const char *section);

#endif
