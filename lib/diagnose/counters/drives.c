/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Drives and arrays: requests, their latency, and what NVMe drives report of themselves.
 */
#include "base/clock.h"
#include "base/err.h"
#include "base/macro.h"
#include "base/mem.h"
#include "diagnose/counters/counters.h"
#include "diagnose/counters/drive_stat.h"
#include "diagnose/counters/files.h"
#include "host/file.h"
#include "host/recorded.h"
#include "storage/block/nvme.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK    "/sys/block"
#define NO_STATE "none"

/* What is measured of requests, of its health, and of its limits. */
static const enum measure_id request_ids[] = {
	MEASURE_READS,    MEASURE_WRITES,    MEASURE_COMPLETED, MEASURE_READ_MS,
	MEASURE_WRITE_MS, MEASURE_IN_FLIGHT, MEASURE_BUSY};
static const enum measure_id health_ids[] = {MEASURE_MEDIA_ERRORS, MEASURE_ENDURANCE_USED,
                                             MEASURE_HEALTH_WARNINGS};
static const enum measure_id limit_ids[] = {MEASURE_LIMITS_KNOWN, MEASURE_VOLUME_LIMITED,
                                            MEASURE_INSTANCE_LIMITED};

struct drive_reading {
	char *name, *path; /* of its stat file */
	int r;
	struct err e;
	struct drive_stat stat;
	int limits; /* 1: the limits are known; 0: it has none; -errno */
	struct err limits_e;
	uint64_t volume_us, instance_us;
};

struct drives_reading {
	int r;
	struct err e;
	int64_t ms;
	struct drive_reading *list;
	size_t n, cap;
};

static void drives_done(struct drives_reading *d)
{
	for (size_t i = 0; d && i < d->n; i++) {
		free(d->list[i].name);
		free(d->list[i].path);
	}
	free(d ? d->list : NULL);
	free(d);
}

/* --- reading -------------------------------------------------------------------------
 */

static bool is_nvme(const char *name)
{
	return strncmp(name, "nvme", 4) == 0;
}

/* Only a live host and a bundle have answers of drives. */
static int check_answers(const struct host *h, struct err *e)
{
	return recorded_or_live(h) ? 0
	                           : err_set(e, -ENODATA, "unknown in a captured tree");
}

static void read_limits(const struct host *h, struct drive_reading *d)
{
	_free_ char *device = mem_format("/dev/%s", d->name);
	struct nvme_ec2 ec2;

	if (!is_nvme(d->name))
		return;
	d->limits = check_answers(h, &d->limits_e);
	if (d->limits == 0)
		d->limits = nvme_ec2(h, device, &ec2, &d->limits_e);
	/* another maker's drive does not have this page */
	if (d->limits == -EOPNOTSUPP || d->limits == -ENOTTY)
		d->limits = 0;
	else if (d->limits == 0)
		d->limits = 1;
	if (d->limits <= 0)
		return;
	d->volume_us = ec2.volume_iops_us + ec2.volume_throughput_us;
	d->instance_us = ec2.instance_iops_us + ec2.instance_throughput_us;
}

static void drive_read(const struct host *h, const char *name, struct drive_reading *ret)
{
	_free_ char *text = NULL;

	*ret = (struct drive_reading){.name = mem_dup(name),
	                              .path = mem_format(BLOCK "/%s/stat", name)};
	ret->r = host_file_read_line(h, ret->path, &text, &ret->e);
	if (ret->r == 0 && !drive_stat_parse(text, &ret->stat))
		ret->r = err_set(&ret->e, -EBADMSG, "%s: cannot be parsed", ret->path);
	read_limits(h, ret);
}

static struct drives_reading *drives_read(const struct host *h)
{
	_cleanup_(names_freep) char **names = NULL;
	struct drives_reading *new = mem_new(1, sizeof(*new));

	new->ms = clock_now_ms();
	new->r = host_file_list(h, BLOCK, &names, &new->e);
	if (new->r < 0)
		return new;
	for (size_t i = 0; names[i]; i++) {
		if (!drive_is_measured(names[i]))
			continue;
		new->list = mem_grow(new->list, &new->cap, new->n, sizeof(*new->list));
		drive_read(h, names[i], &new->list[new->n++]);
	}
	return new;
}

static void *drives_begin(const struct diagnose_run *run)
{
	return drives_read(run->h);
}

/* --- measures ------------------------------------------------------------------------
 */

static int64_t average(uint64_t ms, uint64_t n)
{
	return n > 0 ? counter_value(ms / n) : 0;
}

static void add_requests(struct diagnose_run *run, const struct drive_reading *d,
                         const struct drive_stat *s, int64_t ms, const struct err *no_ms)
{
	struct measures *m = &run->measures;
	uint64_t done = s->reads + s->writes + s->others;
	int64_t busy = ms > 0 ? counter_value(s->busy_ms * 100 / (uint64_t)ms) : 0;

	measure_add(m, MEASURE_READS, d->name, counter_value(s->reads), d->path);
	measure_add(m, MEASURE_WRITES, d->name, counter_value(s->writes), d->path);
	measure_add(m, MEASURE_COMPLETED, d->name, counter_value(done), d->path);
	measure_add(m, MEASURE_READ_MS, d->name, average(s->read_ms, s->reads), d->path);
	measure_add(m, MEASURE_WRITE_MS, d->name, average(s->write_ms, s->writes),
	            d->path);
	measure_add(m, MEASURE_IN_FLIGHT, d->name, counter_value(s->in_flight), d->path);
	if (ms > 0)
		measure_add(m, MEASURE_BUSY, d->name, busy > 100 ? 100 : busy, d->path);
	else
		measure_add_unread(m, MEASURE_BUSY, d->name, no_ms);
}

/* "live" of NVMe, "running" of SCSI; other drivers have no such file. */
static void add_state(struct diagnose_run *run, const char *name)
{
	_free_ char *path = mem_format(BLOCK "/%s/device/state", name), *text = NULL;
	struct err e;
	int r = host_file_read_line(run->h, path, &text, &e);

	if (r == 0)
		measure_add_text(&run->measures, MEASURE_DRIVE_STATE, name, text, path);
	else if (r == -ENOENT || r == -ENOTDIR)
		measure_add_text(&run->measures, MEASURE_DRIVE_STATE, name, NO_STATE,
		                 NULL);
	else
		measure_add_unread(&run->measures, MEASURE_DRIVE_STATE, name, &e);
}

static void add_health(struct diagnose_run *run, const char *name)
{
	_free_ char *device = mem_format("/dev/%s", name);
	struct measures *m = &run->measures;
	struct nvme_health health;
	struct err e;

	measure_add(m, MEASURE_NVME, name, is_nvme(name), NULL);
	if (!is_nvme(name))
		return;
	if (check_answers(run->h, &e) == 0 &&
	    nvme_health(run->h, device, &health, &e) == 0) {
		measure_add(m, MEASURE_MEDIA_ERRORS, name,
		            counter_value(health.media_errors), device);
		measure_add(m, MEASURE_ENDURANCE_USED, name, health.used, device);
		measure_add(m, MEASURE_HEALTH_WARNINGS, name, health.warnings, device);
		return;
	}
	measure_add_unread_all(m, health_ids, ARRAY_SIZE(health_ids), name, &e);
}

static void add_limits(struct diagnose_run *run, const struct drive_reading *now,
                       const struct drive_reading *before)
{
	const struct err *fault = now->limits < 0                ? &now->limits_e
	                          : before && before->limits < 0 ? &before->limits_e
	                                                         : NULL;
	bool known = now->limits > 0 && (!before || before->limits > 0);
	uint64_t volume = before ? before->volume_us : 0,
		 instance = before ? before->instance_us : 0;

	if (fault)
		measure_add_unread_all(&run->measures, limit_ids, ARRAY_SIZE(limit_ids),
		                       now->name, fault);
	else
		measure_add(&run->measures, MEASURE_LIMITS_KNOWN, now->name, known, NULL);
	if (fault || !known)
		return;
	measure_add(&run->measures, MEASURE_VOLUME_LIMITED, now->name,
	            counter_value(counter_since(volume, now->volume_us, 64) / 1000),
	            now->name);
	measure_add(&run->measures, MEASURE_INSTANCE_LIMITED, now->name,
	            counter_value(counter_since(instance, now->instance_us, 64) / 1000),
	            now->name);
}

/* Milliseconds in which the counters grew; 0: unknown, with `e` set. */
static int64_t elapsed(const struct diagnose_run *run, const struct drives_reading *now,
                       const struct drives_reading *before, struct err *e)
{
	double seconds;

	(void)err_set(e, -ETIME, "no time has passed");
	if (before)
		return now->ms - before->ms;
	return counter_uptime(run->h, &seconds, e) < 0 ? 0 : (int64_t)(seconds * 1000.0);
}

static const struct drive_reading *same_drive(const struct drives_reading *d,
                                              const char *name)
{
	for (size_t i = 0; d && i < d->n; i++)
		if (strcmp(d->list[i].name, name) == 0)
			return &d->list[i];
	return NULL;
}

static void requests_unread(struct diagnose_run *run, const char *name,
                            const struct err *e)
{
	measure_add_unread_all(&run->measures, request_ids, ARRAY_SIZE(request_ids), name,
	                       e);
}

static void add_stat(struct diagnose_run *run, const struct drive_reading *now,
                     const struct drive_reading *before, int64_t ms,
                     const struct err *no_ms)
{
	struct drive_stat zero = {0}, since;

	if (now->r < 0 || (before && before->r < 0)) {
		requests_unread(run, now->name, now->r < 0 ? &now->e : &before->e);
		return;
	}
	since = drive_stat_since(before ? &before->stat : &zero, &now->stat);
	add_requests(run, now, &since, ms, no_ms);
}

/* Of the drives that cannot be listed. */
static void drives_unread(struct diagnose_run *run, const struct err *e)
{
	struct measures *m = &run->measures;

	requests_unread(run, "", e);
	measure_add_unread(m, MEASURE_DRIVE_STATE, "", e);
	measure_add_unread(m, MEASURE_NVME, "", e);
	measure_add_unread_all(m, health_ids, ARRAY_SIZE(health_ids), "", e);
	measure_add_unread_all(m, limit_ids, ARRAY_SIZE(limit_ids), "", e);
}

static void drives_end(struct diagnose_run *run, void *first)
{
	struct drives_reading *before = first, *now = drives_read(run->h);
	const struct err *fault = now->r < 0                ? &now->e
	                          : before && before->r < 0 ? &before->e
	                                                    : NULL;
	struct err no_ms;
	int64_t ms = elapsed(run, now, before, &no_ms);

	if (fault)
		drives_unread(run, fault);
	for (size_t i = 0; !fault && i < now->n; i++) {
		struct drive_reading *d = &now->list[i];
		const struct drive_reading *had = same_drive(before, d->name);

		add_stat(run, d, had, ms, &no_ms);
		add_state(run, d->name);
		add_health(run, d->name);
		add_limits(run, d, had);
	}
	drives_done(now);
	drives_done(before);
}

const struct diagnose_source source_drives = {
	.name = "drives", .needs_host = true, .begin = drives_begin, .end = drives_end};
