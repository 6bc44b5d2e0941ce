/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Drives and arrays, and how the kernel queues requests to them. */
#include "base/mem.h"
#include "base/num.h"
#include "baseline/part.h"
#include "doc/node.h"
#include "host/block_device.h"
#include "host/file.h"
#include "storage/block/attribute.h"
#include "storage/queue/attribute.h"

#include <stdlib.h>
#include <string.h>

/* The unit of the size attribute, whatever the drive's sector size. */
#define SECTOR_BYTES 512

/* Further attributes of a queue, which a profile cannot set. */
static const char *const more[] = {"write_cache", "io_timeout", "rotational"};

static void add_attribute(struct node *queue, const struct host *h, const char *device,
                          enum queue_attr_id id)
{
	struct queue_attr a = queue_attr_read(h, device, id, NULL);

	if (a.now || a.fault)
		node_set(queue, queue_attr_kinds[id].file,
		         a.now ? node_new_word(a.now) : part_missing(a.fault));
	queue_attr_done(&a);
}

static void add_more(struct node *queue, const struct host *h, const char *device)
{
	_free_ char *dir = block_device_sysfs(h, device);

	for (size_t i = 0; i < ARRAY_SIZE(more); i++) {
		_free_ char *path = mem_format("%s/queue/%s", dir, more[i]);

		part_set_line(queue, more[i], h, path, node_new_word);
	}
}

/*
 * The device that queues the requests of a drive: a path, if it has several. NULL with
 * `e`: unknown. Owned by the caller.
 */
static char *queueing_device(const struct host *h, const struct disk *d, struct err *e)
{
	_cleanup_(names_freep) char **paths = NULL;

	if (block_device_paths(h, d->name, &paths, e) < 0)
		return NULL;
	return mem_dup(paths[0] ? paths[0] : d->name);
}

/* As in kind_queue.c: an array only reads ahead, and its drives queue the requests. */
static struct node *queue_node(const struct host *h, const struct disk *d)
{
	struct err e = {0};
	_free_ char *device = queueing_device(h, d, &e);
	struct node *queue;

	if (!device)
		return part_missing(e.text);
	queue = node_new(NODE_MAP);
	for (enum queue_attr_id id = 0; id < QUEUE_ATTRS; id++) {
		if (queue_attr_kinds[id].ahead)
			add_attribute(queue, h, d->name, id);
		else if (!d->array)
			add_attribute(queue, h, device, id);
	}
	if (!d->array)
		add_more(queue, h, device);
	return queue;
}

static void add_array(struct node *n, const struct host *h, const struct disk *d)
{
	static const char *const attributes[] = {"level", "chunk_size", "raid_disks"};

	for (size_t i = 0; i < ARRAY_SIZE(attributes); i++) {
		_free_ char *path =
			mem_format("/sys/block/%s/md/%s", d->name, attributes[i]);

		part_set_line(n, attributes[i], h, path, node_new_word);
	}
}

/* Set what could not be read of a disk; the reason is that of a second attempt. */
static void set_unread(struct node *n, const char *key, const struct host *h,
                       const char *disk, const char *name)
{
	struct attributes a = {.h = h};

	free(attribute_text(&a, disk, name));
	attribute_unknown(&a, "it could not be read");
	node_set(n, key, part_missing(a.fault));
	free(a.fault);
}

static struct node *drive_node(const struct host *h, const struct disk *d)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "name", d->name);
	node_set_text(n, "model", d->model && *d->model ? d->model : NULL);
	if (d->unread & DISK_NO_MODEL)
		set_unread(n, "model", h, d->name, "device/model");
	part_set_number(n, "bytes", d->size_bytes);
	if (d->unread & DISK_NO_SIZE)
		set_unread(n, "bytes", h, d->name, "size");
	if (d->array)
		add_array(n, h, d);
	node_set(n, "queue", queue_node(h, d));
	return n;
}

/* Whether it is hardware that nobody lists yet: a virtual drive has no model. */
static bool is_other_drive(struct attributes *a, const struct node *all, const char *name)
{
	return attribute_exists(a, name, "device") &&
	       !attribute_is_set(a, name, "hidden") && !node_get(all, name);
}

static bool is_listed(const struct disks *disks, const char *name)
{
	for (size_t i = 0; i < disks->n; i++)
		if (strcmp(disks->list[i].name, name) == 0)
			return true;
	return false;
}

/* Without a model and a serial, the kernel's name is all that there is. */
static void add_other(struct node *all, const struct baseline_source *s, char *name)
{
	struct attributes a = {.h = s->h};
	struct disk d = {.name = name, .unread = DISK_NO_SIZE};
	bool other = is_other_drive(&a, all, name);
	_free_ char *size = other ? attribute_text(&a, name, "size") : NULL;
	uint64_t sectors;

	if (size && num_u64(size, &sectors) == 0 &&
	    !__builtin_mul_overflow(sectors, (uint64_t)SECTOR_BYTES, &d.size_bytes))
		d.unread = 0;
	if (other)
		node_set(all, name, drive_node(s->h, &d));
	else if (a.fault)
		node_set(all, name, part_missing(a.fault));
	free(a.fault);
}

static void add_others(struct node *all, const struct baseline_source *s)
{
	struct attributes a = {.h = s->h};
	_cleanup_(names_freep) char **names = attribute_list(&a, "", "");

	for (size_t i = 0; names && names[i]; i++)
		if (!is_listed(&s->disks, names[i]))
			add_other(all, s, names[i]);
	free(a.fault);
}

struct node *part_drives(const struct baseline_source *s)
{
	struct node *all;

	if (s->disks_code < 0)
		return part_missing(s->disks_err.text);
	all = node_new(NODE_MAP);
	for (size_t i = 0; i < s->disks.n; i++) {
		const struct disk *d = &s->disks.list[i];
		struct attributes a = {.h = s->h};
		_free_ char *name = part_disk(s, &a, d);

		node_set(all, name ? name : d->name,
		         name ? drive_node(s->h, d) : part_missing(a.fault));
		free(a.fault);
	}
	add_others(all, s);
	return all;
}
