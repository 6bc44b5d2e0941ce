/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/node/queues.h"

#include "base/mem.h"
#include "base/num.h"
#include "host/file.h"
#include "storage/block/spec.h"
#include "storage/queue/attribute.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK "/sys/block"

/* Of the queue attributes that rules name. */
static const struct {
	enum measure_id id;
	enum queue_attr_id attribute;
	int64_t unit;
} numbers[] = {
	{MEASURE_READ_AHEAD, QUEUE_READ_AHEAD, 1024},
	{MEASURE_NR_REQUESTS, QUEUE_NR_REQUESTS, 1},
	{MEASURE_RQ_AFFINITY, QUEUE_RQ_AFFINITY, 1},
};

static void add_number(struct diagnose_run *run, const char *name, size_t i)
{
	struct queue_attr a = queue_attr_read(run->h, name, numbers[i].attribute, NULL);
	_free_ char *why = mem_format("%s: cannot be read", a.path);
	int64_t value;

	if (a.now && num_i64(a.now, &value) == 0)
		measure_add(&run->measures, numbers[i].id, name, value * numbers[i].unit,
		            a.path);
	else
		measure_add_absent(&run->measures, numbers[i].id, name, why);
	queue_attr_done(&a);
}

static void add_scheduler(struct diagnose_run *run, const char *name)
{
	struct queue_attr a = queue_attr_read(run->h, name, QUEUE_SCHEDULER, NULL);
	_free_ char *why = mem_format("%s: cannot be read", a.path);

	if (a.now)
		measure_add_text(&run->measures, MEASURE_SCHEDULER, name, a.now, a.path);
	else
		measure_add_absent(&run->measures, MEASURE_SCHEDULER, name, why);
	queue_attr_done(&a);
}

/*
 * Whether rules care for it: a drive, or an md array; not one of several paths to a
 * drive. Return: 1; 0; -errno: unknown.
 */
static int is_drive(const struct host *h, const char *name, struct err *e)
{
	_free_ char *model = mem_format(BLOCK "/%s/device/model", name);
	_free_ char *array = mem_format(BLOCK "/%s/md", name);
	_free_ char *hidden = mem_format(BLOCK "/%s/hidden", name), *text = NULL;
	int r = host_file_read_line(h, hidden, &text, e);

	/* Linux 4.15 has this file */
	if (r < 0 && r != -ENOENT)
		return r;
	if (r == 0 && strcmp(text, "1") == 0)
		return 0;
	r = host_file_find(h, model, e);
	return r == 0 ? host_file_find(h, array, e) : r;
}

static void add_model(struct diagnose_run *run, const char *name)
{
	_free_ char *path = mem_format(BLOCK "/%s/device/model", name), *model = NULL;
	struct err e;
	int r = host_file_read_line(run->h, path, &model, &e);

	if (r == -ENOENT || r == -ENOTDIR)
		measure_add(&run->measures, MEASURE_INSTANCE_STORE, name, false, path);
	else if (r < 0)
		measure_add_unread(&run->measures, MEASURE_INSTANCE_STORE, name, &e);
	else
		measure_add(&run->measures, MEASURE_INSTANCE_STORE, name,
		            strncmp(model, DISK_MODEL, strlen(DISK_MODEL)) == 0, path);
}

static void add_drive(struct diagnose_run *run, const char *name)
{
	add_model(run, name);
	add_scheduler(run, name);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		add_number(run, name, i);
}

static void drive_unread(struct diagnose_run *run, const char *name, const struct err *e)
{
	static const enum measure_id ids[] = {MEASURE_INSTANCE_STORE, MEASURE_SCHEDULER,
	                                      MEASURE_READ_AHEAD, MEASURE_NR_REQUESTS,
	                                      MEASURE_RQ_AFFINITY};

	measure_add_unread_all(&run->measures, ids, ARRAY_SIZE(ids), name, e);
}

static void queues_end(struct diagnose_run *run, void *first)
{
	_cleanup_(names_freep) char **names = NULL;
	struct err e;

	(void)first;
	if (host_file_list(run->h, BLOCK, &names, &e) < 0) {
		drive_unread(run, "", &e);
		return;
	}
	for (size_t i = 0; names[i]; i++) {
		int r = is_drive(run->h, names[i], &e);

		if (r < 0)
			drive_unread(run, names[i], &e);
		else if (r > 0)
			add_drive(run, names[i]);
	}
}

const struct diagnose_source source_queues = {
	.name = "queues", .needs_host = true, .end = queues_end};
