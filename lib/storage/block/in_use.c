/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/block/in_use.h"

#include "base/mem.h"
#include "base/text/buf.h"
#include "host/file.h"
#include "storage/block/disk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SWAPS_MAX (64 * 1024)

/* Limit of levels above a drive: its partition, md, LVM, dm-verity, and more. */
#define DEPTH_MAX 8

/* Bottlerocket gives its partitions names with this prefix: BOTTLEROCKET-ROOT-A. */
#define SYSTEM_PARTITION "PARTNAME=BOTTLEROCKET"

/* Whether /proc/swaps lists the device node. The kernel resolves links. */
static bool is_swap(struct attributes *a, const struct disk *d)
{
	_free_ char *text = NULL;
	size_t len = strlen(d->device);
	struct err e;
	int r = host_file_read(a->h, "/proc/swaps", SWAPS_MAX, &text, &e);

	/* a kernel without swap has no such file */
	if (r < 0 && r != -ENOENT)
		attribute_unknown(a, e.text);
	if (r < 0)
		return false;
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, d->device, len) == 0 && strchr(" \t", line[len]))
			return true;
	}
	return false;
}

/* --- holders of a drive ------------------------------------------------------------ */

/* What was found above a drive, including the drive itself. */
struct above {
	struct attributes *read;
	const struct disk_tables *tables;
	struct buf partitions, holders; /* names; of the drive itself */
	const char *mounted;            /* the first mount point */
	bool root, system;
};

static bool is_root(const struct host_mounts *table, unsigned major, unsigned minor)
{
	const struct host_mount *root = host_mounts_at(table, "/");

	return root && root->major == major && root->minor == minor;
}

static void note_mounts(struct above *a, const char *name)
{
	_free_ char *dev = attribute_text(a->read, name, "dev");
	const struct host_mount *m;
	unsigned major, minor;

	if (!dev)
		return;
	if (sscanf(dev, "%u:%u", &major, &minor) != 2) {
		attribute_unknown(a->read, "its device number is not readable");
		return;
	}
	/* the host's root, and our own if that is another one: in a chroot */
	a->root |= is_root(&a->tables->host, major, minor) ||
	           is_root(&a->tables->own, major, minor);
	m = host_mounts_of(&a->tables->host, major, minor);
	if (!m)
		m = host_mounts_of(&a->tables->own, major, minor);
	if (m && !a->mounted)
		a->mounted = m->target;
}

static void climb(struct above *a, const char *name, unsigned depth);

/* `name` may be that of a partition, below its disk. */
static void climb_holders(struct above *a, const char *name, unsigned depth)
{
	_cleanup_(names_freep) char **names = attribute_list(a->read, name, "holders");

	for (size_t i = 0; names && names[i]; i++) {
		if (depth == 0)
			buf_join(&a->holders, ", ", names[i]);
		climb(a, names[i], depth + 1);
	}
}

static void climb_partitions(struct above *a, const char *name, unsigned depth)
{
	_cleanup_(names_freep) char **names = attribute_list(a->read, name, "");

	for (size_t i = 0; names && names[i]; i++) {
		_free_ char *part = mem_format("%s/%s", name, names[i]);
		_free_ char *uevent = NULL;

		if (!attribute_exists(a->read, part, "partition"))
			continue;
		if (depth == 0)
			buf_join(&a->partitions, ", ", names[i]);
		uevent = attribute_text(a->read, part, "uevent");
		a->system |= uevent && strstr(uevent, SYSTEM_PARTITION);
		note_mounts(a, part);
		climb_holders(a, part, depth + 1);
	}
}

static void climb(struct above *a, const char *name, unsigned depth)
{
	if (depth > DEPTH_MAX) {
		attribute_unknown(a->read, "too many devices are stacked on it");
		return;
	}
	note_mounts(a, name);
	climb_partitions(a, name, depth);
	climb_holders(a, name, depth);
}

static void in_use(struct disk *d, enum disk_reason use, char *text)
{
	d->use = use;
	d->in_use = text;
}

/* What was found above it, in the order of enum disk_reason. */
static void use_from_above(const struct above *a, struct disk *d)
{
	const char *at = a->mounted ? ", mounted at " : "";
	const char *where = a->mounted ? a->mounted : "";

	if (a->root)
		in_use(d, DISK_ROOT, mem_dup("holds the root file system"));
	else if (a->system)
		in_use(d, DISK_SYSTEM,
		       mem_format("has Bottlerocket's own partitions (%s)",
		                  a->partitions.text));
	else if (a->read->fault)
		/* before all that a wipe could end: more may be above it */
		return;
	else if (d->size_bytes == 0)
		in_use(d, DISK_NO_CAPACITY, mem_dup("has no capacity"));
	else if (a->partitions.len)
		in_use(d, DISK_PARTITIONED,
		       mem_format("has partitions (%s)%s%s", a->partitions.text, at,
		                  where));
	else if (a->mounted && !a->holders.len)
		in_use(d, DISK_MOUNTED, mem_format("is mounted at %s", a->mounted));
	else if (a->holders.len)
		in_use(d, DISK_HELD,
		       mem_format("is part of %s%s%s", a->holders.text, at, where));
}

void disk_use_find(struct attributes *read, const struct disk_tables *t, struct disk *d)
{
	struct above a = {.read = read, .tables = t};

	climb(&a, d->name, 0);
	use_from_above(&a, d);
	if (!d->use && is_swap(read, d))
		in_use(d, DISK_SWAP, mem_dup("is swap space"));
	if (!d->use && attribute_is_set(read, d->name, "ro"))
		in_use(d, DISK_READ_ONLY, mem_dup("is read-only"));
	if (read->fault && (!d->use || d->use > DISK_EBS)) {
		free(d->in_use);
		in_use(d, DISK_UNREADABLE,
		       mem_format("cannot be examined: %s", read->fault));
	}
	buf_done(&a.partitions);
	buf_done(&a.holders);
}
