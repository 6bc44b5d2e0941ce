/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/queue/attributes.h"

#include "base/mem.h"
#include "host/block_device.h"
#include "host/file.h"

#include <stdlib.h>
#include <string.h>

void queue_attrs_done(struct queue_attrs *l)
{
	for (size_t i = 0; i < l->n; i++)
		queue_attr_done(&l->list[i]);
	free(l->list);
	*l = (struct queue_attrs){0};
}

/* Takes ownership of `a`. Return: 0, or -EIO if it cannot be read. */
static int attrs_add(struct queue_attrs *l, struct queue_attr a, struct err *e)
{
	l->list = mem_grow(l->list, &l->cap, l->n, sizeof(*l->list));
	l->list[l->n++] = a;
	return queue_attr_check(&a, e);
}

/* --- reading -------------------------------------------------------------------------
 */

/* Add the attributes of a device that reads `ahead`, queues `requests`, or both. */
static int add_device(struct queue_attrs *l, const struct host *h, const char *device,
                      const struct queue_values *v, bool ahead, bool requests,
                      struct err *e)
{
	int code = 0;

	for (enum queue_attr_id id = 0; code == 0 && id < QUEUE_ATTRS; id++) {
		bool concerned = queue_attr_kinds[id].ahead ? ahead : requests;
		char *want = concerned ? queue_value(v, id) : NULL;

		if (want)
			code = attrs_add(l, queue_attr_read(h, device, id, want), e);
	}
	return code;
}

static int add_drive(struct queue_attrs *l, const struct host *h, const char *drive,
                     const struct queue_values *v, struct err *e)
{
	_cleanup_(names_freep) char **paths = NULL;
	int code = block_device_paths(h, drive, &paths, e);

	if (code == 0)
		code = add_device(l, h, drive, v, true, !paths[0], e);
	for (char **path = paths; code == 0 && *path; path++)
		code = add_device(l, h, *path, v, false, true, e);
	return code;
}

int queue_attrs_read(struct queue_attrs *l, const struct host *h,
                     const struct block_device *dev, const struct queue_values *v,
                     struct err *e)
{
	int code = 0;

	if (strcmp(dev->drives[0], dev->name) != 0)
		code = add_device(l, h, dev->name, v, true, false, e);
	for (char **name = dev->drives; *name && code == 0; name++)
		code = add_drive(l, h, *name, v, e);
	return code;
}

char *queue_attrs_text(const struct queue_attrs *l)
{
	_buf_ struct buf now = {0};
	const char *device = NULL;

	for (size_t i = 0; i < l->n; i++) {
		const struct queue_attr *a = &l->list[i];

		if (!device || strcmp(device, a->device) != 0)
			buf_join(&now, "; ", a->device);
		device = a->device;
		queue_value_message(&now, a->id, a->now ? a->now : "?");
	}
	return buf_take(&now);
}

char *queue_attrs_files(const struct queue_attrs *l)
{
	_buf_ struct buf b = {0};

	for (size_t i = 0; i < l->n; i++)
		buf_join(&b, "\n", l->list[i].path);
	return b.len ? buf_take(&b) : NULL;
}

/* --- the rollback --------------------------------------------------------------------
 */

static int save(struct queue_attrs *saved, const struct host *h, const char *device,
                enum queue_attr_id id, struct err *e)
{
	struct queue_attr a = queue_attr_read(h, device, id, NULL);
	int code;

	if (a.now) {
		a.want = mem_dup(a.now);
		return attrs_add(saved, a, e);
	}
	code = queue_attr_check(&a, e);
	queue_attr_done(&a);
	return code;
}

int queue_attrs_save(const struct queue_attrs *l, const struct host *h,
                     struct queue_attrs *ret, struct err *e)
{
	int code = 0;

	queue_attrs_done(ret);
	for (size_t i = 0; code == 0 && i < l->n; i++) {
		const struct queue_attr *a = &l->list[i];

		code = save(ret, h, a->device, a->id, e);
		if (a->id != QUEUE_SCHEDULER)
			continue;
		/* a new scheduler resets these, also if the profile does not name them */
		if (code == 0)
			code = save(ret, h, a->device, QUEUE_NR_REQUESTS, e);
		if (code == 0)
			code = save(ret, h, a->device, QUEUE_WBT, e);
	}
	return code;
}

int queue_attrs_restore(struct queue_attrs *saved, struct host *h, struct err *e)
{
	int code = 0;

	for (size_t i = 0; i < saved->n; i++) {
		struct err ignored;
		int one = queue_attr_set(&saved->list[i], h, code < 0 ? &ignored : e);

		code = code < 0 ? code : one;
	}
	return code;
}
