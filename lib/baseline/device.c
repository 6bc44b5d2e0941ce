/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Block devices by names that persist across reboots: numbers and kernel names do not. */
#include "base/mem.h"
#include "base/text/buf.h"
#include "base/text/words.h"
#include "baseline/part.h"
#include "host/file.h"
#include "storage/block/attribute.h"
#include "storage/block/identity.h"

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
static char *array_name(const struct baseline_source *s, const struct disk *d)
{
	_cleanup_(names_freep) char **names = NULL;
	_buf_ struct buf b = {0};
	const char *rest = d->members, *word;
	size_t len, n = 0, cap = 0;

	names = mem_grow(names, &cap, 1, sizeof(*names));
	while ((word = words_next(&rest, ' ', &len))) {
		_free_ char *name = mem_dup_n(word, len);
		const struct disk *member = disk_named(s, name);

		names = mem_grow(names, &cap, n + 1, sizeof(*names));
		names[n++] =
			member && !member->array ? part_disk(s, member) : TAKE_PTR(name);
	}
	qsort(names, n, sizeof(*names), compare_words);
	names[n] = NULL;
	for (size_t i = 0; i < n; i++)
		buf_join(&b, " ", names[i]);
	return mem_format("array of %s", b.len ? b.text : "nothing");
}

char *part_disk(const struct baseline_source *s, const struct disk *d)
{
	const char *title = disk_title(d);

	if (d->array)
		return array_name(s, d);
	return mem_dup(*title ? title : *d->wwid ? d->wwid : d->name);
}

/* Read an attribute of the device in sysfs. NULL: there is none. Owned by the caller. */
static char *device_attribute(const struct host *h, unsigned major, unsigned minor,
                              const char *name)
{
	_free_ char *path = mem_format("/sys/dev/block/%u:%u/%s", major, minor, name);
	char *text = NULL;
	struct err ignored;

	return host_file_read_line(h, path, &text, &ignored) < 0 ? NULL : text;
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
static char *partition_of(const struct baseline_source *s, const struct disk *d,
                          unsigned major, unsigned minor)
{
	struct attributes a = {.h = s->h};
	_cleanup_(names_freep) char **names = attribute_list(&a, d->name, "");
	char *found = NULL;

	for (size_t i = 0; names && names[i] && !found; i++) {
		_free_ char *path = mem_format("%s/%s", d->name, names[i]);
		_free_ char *disk = NULL, *number = NULL;

		if (!is_partition(&a, d->name, names[i], major, minor))
			continue;
		disk = part_disk(s, d);
		number = attribute_text(&a, path, "partition");
		found = mem_format("%s partition %s", disk, number ? number : names[i]);
	}
	free(a.fault);
	return found;
}

static char *partition_name(const struct baseline_source *s, unsigned major,
                            unsigned minor)
{
	char *found = NULL;

	for (size_t i = 0; i < s->disks.n && !found; i++)
		found = partition_of(s, &s->disks.list[i], major, minor);
	return found;
}

/* The name in the line "DEVNAME=loop0" of its uevent. */
static char *kernel_name(const struct host *h, unsigned major, unsigned minor)
{
	_free_ char *text = device_attribute(h, major, minor, "uevent");
	const char *name = text ? strstr(text, "DEVNAME=") : NULL;

	if (!name)
		return NULL;
	name += strlen("DEVNAME=");
	return mem_dup_n(name, strcspn(name, "\n"));
}

char *part_device(const struct baseline_source *s, unsigned major, unsigned minor)
{
	const struct disk *d = disk_numbered(s, major, minor);
	_free_ char *loop = NULL, *dm = NULL;
	char *partition;

	if (d)
		return part_disk(s, d);
	partition = partition_name(s, major, minor);
	if (partition)
		return partition;
	loop = device_attribute(s->h, major, minor, "loop/backing_file");
	if (loop)
		return mem_format("loop %s", loop);
	dm = device_attribute(s->h, major, minor, "dm/name");
	return dm ? mem_format("dm %s", dm) : kernel_name(s->h, major, minor);
}
