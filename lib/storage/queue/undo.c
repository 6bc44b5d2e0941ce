/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/queue/undo.h"

#include "base/mem.h"
#include "base/text/shell.h"
#include "host/block_device.h"
#include "storage/queue/attribute.h"

#include <errno.h>
#include <string.h>

static char *object_of(const char *device, enum queue_attr_id id)
{
	return mem_format("%s %s", device, queue_attr_kinds[id].name);
}

static bool is_added(const struct undo_values *v, const char *object)
{
	for (size_t i = 0; i < v->n; i++)
		if (strcmp(v->list[i].object, object) == 0)
			return true;
	return false;
}

void queue_undo_add(const struct queue_attr *a, struct undo_values *ret)
{
	undo_add(ret, object_of(a->device, a->id), mem_dup(a->now), mem_dup(a->want));
}

/*
 * Its value afterwards is the kernel's choice. One that cannot be read stops the apply
 * before it writes: see queue_attrs_save().
 */
static void add_reset(const struct host *h, const char *device, enum queue_attr_id id,
                      struct undo_values *ret)
{
	_free_ char *object = object_of(device, id);
	struct queue_attr a;

	if (is_added(ret, object))
		return;
	a = queue_attr_read(h, device, id, NULL);
	if (a.now)
		undo_add(ret, TAKE_PTR(object), TAKE_PTR(a.now), NULL);
	queue_attr_done(&a);
}

void queue_undo_add_scheduler(const struct host *h, const struct queue_attr *a,
                              struct undo_values *ret)
{
	add_reset(h, a->device, QUEUE_NR_REQUESTS, ret);
	add_reset(h, a->device, QUEUE_WBT, ret);
	queue_undo_add(a, ret);
}

/* Split an object. Return: its device, owned by the caller; NULL if it is none. */
static char *split(const char *object, enum queue_attr_id *ret_id)
{
	size_t len = strspn(object, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                            "0123456789_-");

	if (len == 0 || object[len] != ' ')
		return NULL;
	for (enum queue_attr_id id = 0; id < QUEUE_ATTRS; id++)
		if (strcmp(object + len + 1, queue_attr_kinds[id].name) == 0) {
			*ret_id = id;
			return mem_dup_n(object, len);
		}
	return NULL;
}

int queue_undo_read(const struct host *h, const char *object, char **ret_value,
                    struct err *e)
{
	enum queue_attr_id id = QUEUE_SCHEDULER;
	_free_ char *device = split(object, &id);
	struct queue_attr a;
	int r;

	*ret_value = NULL;
	if (!device)
		return err_set(e, -EINVAL, "\"%s\": is no attribute of a queue", object);
	a = queue_attr_read(h, device, id, NULL);
	r = queue_attr_check(&a, e);
	*ret_value = TAKE_PTR(a.now);
	queue_attr_done(&a);
	return r;
}

int queue_undo_write(struct host *h, const char *object, const char *value, struct err *e)
{
	enum queue_attr_id id = QUEUE_SCHEDULER;
	_free_ char *device = split(object, &id);
	struct queue_attr a = queue_attr_read(h, device, id, mem_dup(value));
	int r = queue_attr_set(&a, h, e);

	queue_attr_done(&a);
	return r;
}

char *queue_undo_command(const struct host *h, const char *object, const char *value)
{
	enum queue_attr_id id = QUEUE_SCHEDULER;
	_free_ char *device = split(object, &id), *dir = NULL, *quoted = NULL;

	if (!device)
		return NULL;
	dir = block_device_sysfs(h, device);
	quoted = shell_quote(value);
	return mem_format("echo %s > %s/queue/%s", quoted, dir,
	                  queue_attr_kinds[id].file);
}
