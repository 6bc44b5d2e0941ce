/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/queue_capture.h"

#include "base/diagnostics.h"
#include "base/mem.h"
#include "doc/node.h"
#include "host/block_device.h"
#include "storage/block/scan.h"
#include "storage/block/spec.h"
#include "storage/capture.h"
#include "storage/queue/attributes.h"

#include <string.h>

static const struct place nowhere = {.file = ""};

/* --- what a profile names -------------------------------------------------------------
 */

/* Find the attribute: all paths of a drive have one value in a profile. */
static const struct queue_attr *find_attr(const struct queue_attrs *l,
                                          enum queue_attr_id id)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->list[i].id == id)
			return &l->list[i];
	return NULL;
}

static bool is_same_on_all(const struct queue_attrs *l, const struct queue_attr *a)
{
	for (size_t i = 0; i < l->n; i++) {
		const char *now = l->list[i].now;

		if (l->list[i].id == a->id && (!now || strcmp(now, a->now) != 0))
			return false;
	}
	return true;
}

static struct node *attr_map(const struct queue_attr *a)
{
	const struct queue_attr_kind *k = &queue_attr_kinds[a->id];
	_free_ char *size = mem_format("%sKiB", a->now);
	struct node *map = node_new(NODE_MAP);

	node_set(map, k->name,
	         k->unit == 1024 ? node_new_plain(size) : node_new_word(a->now));
	return map;
}

static void capture_attr(const struct queue_attrs *l, const struct queue_attr *a,
                         struct node *item, queue_accepts *accepts,
                         struct diagnostics *diag)
{
	const char *name = queue_attr_kinds[a->id].name;
	_diagnostics_ struct diagnostics problems = {0};
	_node_ struct node *map = NULL;

	if (!a->now) {
		diag_note(diag, nowhere, "queue: %s has no %s on this kernel", a->device,
		          name);
		return;
	}
	if (!is_same_on_all(l, a)) {
		diag_note(diag, nowhere, "queue: %s: the paths to the drive differ in %s",
		          a->device, name);
		return;
	}
	map = attr_map(a);
	if (accepts(map, &problems))
		node_set(node_get_map(item, "queue"), name,
		         node_copy(node_get(map, name)));
	else
		diag_note(diag, nowhere, "queue: %s: %s", a->device,
		          problems.list[0].text);
}

static int capture_drive(const struct disk *d, const struct queue_values *v,
                         const struct host *h, struct node *item, queue_accepts *accepts,
                         struct diagnostics *diag, struct err *e)
{
	_block_device_ struct block_device dev = {0};
	struct queue_attrs attrs = {0};
	int code = block_device_find(h, d->device, &dev, e);

	if (code == 0)
		code = queue_attrs_read(&attrs, h, &dev, v, e);
	for (enum queue_attr_id id = 0; code == 0 && id < QUEUE_ATTRS; id++) {
		const struct queue_attr *a = find_attr(&attrs, id);

		if (a)
			capture_attr(&attrs, a, item, accepts, diag);
	}
	queue_attrs_done(&attrs);
	return code;
}

int queue_capture(const struct disk_spec *spec, const struct queue_values *v,
                  const struct host *h, struct node *items, queue_accepts *accepts,
                  struct diagnostics *diag, struct err *e)
{
	_disks_ struct disks disks = {0};
	int code = disks_read(h, &disks, e);

	if (code < 0)
		return code;
	node_for_each (item, items) {
		const struct disk *d = disk_captured(&disks, item);

		if (d && disk_matches(spec, d))
			code = capture_drive(d, v, h, item, accepts, diag, e);
		if (code < 0)
			return code;
	}
	return 0;
}

/* --- without a profile ----------------------------------------------------------------
 */

/*
 * The defaults that are the same for all drives: QUEUE_FLAG_MQ_DEFAULT of
 * include/linux/blkdev.h has SAME_COMP, and neither SAME_FORCE nor NOMERGES. Read-ahead
 * follows the drive's optimal_io_size, its driver limits nr_requests and max_sectors_kb,
 * and the scheduler and wbt_lat_usec depend on the configuration of the kernel and on
 * udev.
 */
static struct queue_values usual_values(void)
{
	struct queue_values v = {0};

	for (size_t i = 0; i < QUEUE_ATTRS; i++)
		v.numbers[i] = QUEUE_UNSET;
	v.numbers[QUEUE_RQ_AFFINITY] = 1;
	v.numbers[QUEUE_NOMERGES] = 0;
	return v;
}

/* Name what was set since. The values do not matter, but must be valid. */
static int survey_queue(const struct host *h, const struct disk *d, struct node *queue,
                        struct err *e)
{
	_block_device_ struct block_device dev = {0};
	const struct queue_values usual = usual_values();
	struct queue_attrs attrs = {0};
	int code = block_device_find(h, d->device, &dev, e);

	if (code == 0)
		code = queue_attrs_read(&attrs, h, &dev, &usual, e);
	for (size_t i = 0; code == 0 && i < attrs.n; i++) {
		const struct queue_attr *a = &attrs.list[i];

		if (a->now && !queue_attr_as_wanted(a))
			node_set(queue, queue_attr_kinds[a->id].name,
			         node_new_uint(usual.numbers[a->id]));
	}
	queue_attrs_done(&attrs);
	return code;
}

static void survey_drive(struct node *storage, const struct host *h, const struct disk *d,
                         struct diagnostics *diag)
{
	_node_ struct node *item = node_new(NODE_MAP);
	struct node *disks = node_get_map(item, "disks");
	struct err e;

	node_set(item, "name", node_new_text(d->name));
	node_set(disks, "model", node_new_text(d->model));
	node_set(disks, "serial", node_new_text(d->serial));
	if (survey_queue(h, d, node_get_map(item, "queue"), &e) < 0)
		diag_note(diag, nowhere, "queue: %s", e.text);
	else if (node_get(item, "queue")->n > 0)
		node_append(storage, TAKE_PTR(item));
}

void queue_survey(struct node *storage, const struct host *h, struct diagnostics *diag)
{
	_disks_ struct disks disks = {0};
	struct err e;

	/* then the profiles report that the drives cannot be listed */
	if (disks_read(h, &disks, &e) < 0)
		return;
	for (size_t i = 0; i < disks.n; i++) {
		const struct disk *d = &disks.list[i];

		if (strcmp(d->model, DISK_MODEL) == 0 && *d->serial)
			survey_drive(storage, h, d, diag);
	}
}
