/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "storage/queue/attribute.h"

#include "base/mem.h"
#include "base/num.h"
#include "host/block_device.h"
#include "host/facts.h"
#include "host/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct queue_attr_kind queue_attr_kinds[QUEUE_ATTRS] = {
	[QUEUE_SCHEDULER] = {"scheduler", "scheduler", 0, false},
	[QUEUE_READ_AHEAD] = {"read-ahead", "read_ahead_kb", 1024, true},
	[QUEUE_MAX_SECTORS] = {"max-sectors", "max_sectors_kb", 1024, false},
	[QUEUE_NR_REQUESTS] = {"nr-requests", "nr_requests", 1, false},
	[QUEUE_RQ_AFFINITY] = {"rq-affinity", "rq_affinity", 1, false},
	[QUEUE_NOMERGES] = {"nomerges", "nomerges", 1, false},
	[QUEUE_WBT] = {"wbt-lat-usec", "wbt_lat_usec", 1, false},
};

/* "mq-deadline [none] kyber" -> "none"; a drive without schedulers shows just "none". */
static char *chosen(const char *text)
{
	const char *from = strchr(text, '[');

	return from ? mem_dup_n(from + 1, strcspn(from + 1, "]")) : mem_dup(text);
}

static void queue_attr_observe(struct queue_attr *a, const struct host *h)
{
	struct err e;
	int code;

	mem_set(&a->now, NULL);
	mem_set(&a->fault, NULL);
	mem_set(&a->available, NULL);
	code = host_file_read_line(h, a->path, &a->now, &e);
	if (code == 0 && a->id == QUEUE_SCHEDULER) {
		a->available = a->now;
		a->now = chosen(a->available);
	} else if (code == -EINVAL && a->id == QUEUE_WBT) {
		/* block/blk-sysfs.c: throttling was never enabled */
		a->now = mem_dup("0");
	} else if (code < 0 && code != -ENOENT && code != -ENOTDIR) {
		a->fault = mem_dup(e.text);
	}
}

struct queue_attr queue_attr_read(const struct host *h, const char *device,
                                  enum queue_attr_id id, char *want)
{
	_free_ char *dir = block_device_sysfs(h, device);
	struct queue_attr a = {
		.id = id,
		.device = mem_dup(device),
		.path = mem_format("%s/queue/%s", dir, queue_attr_kinds[id].file),
		.want = want,
		.page_kib = (uint64_t)host_page_size(h) / 1024,
	};

	queue_attr_observe(&a, h);
	return a;
}

void queue_attr_done(struct queue_attr *a)
{
	free(a->device);
	free(a->path);
	free(a->want);
	free(a->now);
	free(a->fault);
	free(a->available);
}

bool queue_attr_as_wanted(const struct queue_attr *a)
{
	uint64_t page_kib = a->page_kib, want, now;

	if (strcmp(a->want, a->now) == 0)
		return true;
	return a->id == QUEUE_READ_AHEAD && num_u64(a->want, &want) == 0 &&
	       num_u64(a->now, &now) == 0 && page_kib > QUEUE_PAGE_KIB &&
	       want / page_kib * page_kib == now;
}

bool queue_attr_is_available(const struct queue_attr *a)
{
	size_t len = strlen(a->want);

	if (!a->available)
		return true;
	for (const char *p = a->available; (p = strstr(p, a->want)); p += len)
		if ((p == a->available || strchr(" [", p[-1])) &&
		    (p[len] == '\0' || strchr(" ]", p[len])))
			return true;
	return false;
}

int queue_attr_check(const struct queue_attr *a, struct err *e)
{
	return a->fault ? err_set(e, -EIO, "%s", a->fault) : 0;
}

int queue_attr_set(struct queue_attr *a, struct host *h, struct err *e)
{
	int code;

	queue_attr_observe(a, h);
	code = queue_attr_check(a, e);
	if (code < 0 || (a->now && queue_attr_as_wanted(a)))
		return code;
	return host_file_write(h, a->path, a->want, e);
}
