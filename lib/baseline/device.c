/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Block devices by names that persist across reboots: numbers and kernel names do not. */
#include "base/mem.h"
#include "base/text/buf.h"
#include "baseline/part.h"
#include "host/file.h"
#include "storage/block/attribute.h"
#include "storage/block/identity.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct disk *disk_named(const struct baseline_source *s, const char *name)
{
	for (size_t i = 0; i < s->disks.n; i++)
		if (strcmp(s->disks.list[i].name, name) == 0)
			return &s->disks.list[i];
	return NULL;
}

static const struct disk *disk_numbered(const struct baseline_source *s, unsigned major,
                                        unsigned minor)
{
	for (size_t i = 0; i < s->disks.n; i++)
		if (s->disks.list[i].major == major && s->disks.list[i].minor == minor)
			return &s->disks.list[i];
	return NULL;
}

static int compare_words(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The members of an array, sorted by their lasting names. */
static char *array_name(const struct baseline_source *s, struct attributes *a,
                        const struct disk *d)
{
	_cleanup_(names_freep) char **names = attribute_list(a, d->name, "slaves");
	_buf_ struct buf b = {0};
	size_t n = 0;

	for (; names && names[n]; n++) {
		const struct disk *member = disk_named(s, names[n]);

		if (member && !member->array)
			mem_set(&names[n], part_disk(s, a, member));
		if (!names[n])
			return NULL;
	}
	if (!names && a->fault)
		return NULL;
	if (n)
		qsort(names, n, sizeof(*names), compare_words);
	for (size_t i = 0; i < n; i++)
		buf_join(&b, " ", names[i]);
	return mem_format("array of %s", b.len ? b.text : "nothing");
}

/* Whether its name does not depend on what cannot be read. */
static bool is_identified(const struct disk *d)
{
	if (d->unread & DISK_NO_SERIAL)
		return false;
	return !(d->unread & DISK_NO_ID) ||
	       (*d->serial && strcmp(disk_title(d), d->serial) == 0);
}

char *part_disk(const struct baseline_source *s, struct attributes *a,
                const struct disk *d)
{
	static const char *const ids[] = {"device/serial", "nsid", "wwid", "device/wwid"};
	const char *title = disk_title(d);

	if (d->array)
		return array_name(s, a, d);
	if (is_identified(d))
		return mem_dup(*title ? title : *d->wwid ? d->wwid : d->name);
	(void)attribute_exists(a, d->name, "md");
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		free(attribute_text(a, d->name, ids[i]));
	attribute_unknown(a, "its serial or wwid could not be read");
	return NULL;
}

/* Read an attribute of the device in sysfs. NULL: there is none. Owned by the caller. */
static char *device_attribute(struct attributes *a, unsigned major, unsigned minor,
                              const char *name)
{
	_free_ char *path = mem_format("/sys/dev/block/%u:%u/%s", major, minor, name);
	char *text = NULL;
	struct err e = {0};
	int r = host_file_read_line(a->h, path, &text, &e);

	if (r < 0 && r != -ENOENT && r != -ENOTDIR)
		attribute_unknown(a, e.text);
	return text;
}

/* Whether the directory NAME of the disk is a partition with that device number. */
static bool is_partition(struct attributes *a, const char *disk, const char *name,
                         unsigned major, unsigned minor)
{
	_free_ char *path = mem_format("%s/%s", disk, name), *dev = NULL;
	unsigned m, n;

	if (strncmp(name, disk, strlen(disk)) != 0)
		return false;
	dev = attribute_text(a, path, "dev");
	return dev && sscanf(dev, "%u:%u", &m, &n) == 2 && m == major && n == minor;
}

/* "AWS1111 partition 2"; NULL if it is not a partition of a listed disk. */
static char *partition_of(const struct baseline_source *s, struct attributes *a,
                          const struct disk *d, unsigned major, unsigned minor)
{
	_cleanup_(names_freep) char **names = attribute_list(a, d->name, "");

	for (size_t i = 0; names && names[i]; i++) {
		_free_ char *path = mem_format("%s/%s", d->name, names[i]);
		_free_ char *disk = NULL, *number = NULL;
		struct attributes its = {.h = s->h};

		if (!is_partition(a, d->name, names[i], major, minor))
			continue;
		disk = part_disk(s, a, d);
		number = attribute_text(&its, path, "partition");
		if (!its.fault && disk)
			return mem_format("%s partition %s", disk,
			                  number ? number : names[i]);
		if (its.fault)
			attribute_unknown(a, its.fault);
		free(its.fault);
		return NULL;
	}
	return NULL;
}

/* Of a listed disk. NULL: there is none, or, with a fault of `a`, that is unknown. */
static char *disk_or_partition(const struct baseline_source *s, struct attributes *a,
                               unsigned major, unsigned minor)
{
	const struct disk *d = disk_numbered(s, major, minor);
	char *found = NULL;

	if (d)
		return part_disk(s, a, d);
	if (s->disks_code < 0)
		attribute_unknown(a, s->disks_err.text);
	for (size_t i = 0; i < s->disks.n && !found; i++) {
		free(attribute_text(a, s->disks.list[i].name, "dev"));
		found = partition_of(s, a, &s->disks.list[i], major, minor);
	}
	return found;
}

/* The name in the line "DEVNAME=loop0" of its uevent. */
static char *kernel_name(struct attributes *a, unsigned major, unsigned minor)
{
	_free_ char *text = device_attribute(a, major, minor, "uevent");
	const char *name = text ? strstr(text, "DEVNAME=") : NULL;

	if (!name)
		return NULL;
	name += strlen("DEVNAME=");
	return mem_dup_n(name, strcspn(name, "\n"));
}

char *part_device(const struct baseline_source *s, struct attributes *a, unsigned major,
                  unsigned minor)
{
	char *disk = disk_or_partition(s, a, major, minor);
	_free_ char *loop = NULL, *dm = NULL;

	/* it may be what cannot be read */
	if (disk || a->fault)
		return disk;
	loop = device_attribute(a, major, minor, "loop/backing_file");
	if (loop)
		return mem_format("loop %s", loop);
	dm = device_attribute(a, major, minor, "dm/name");
	if (dm)
		return mem_format("dm %s", dm);
	return a->fault ? NULL : kernel_name(a, major, minor);
}
