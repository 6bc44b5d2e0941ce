/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The health that the drives of an item report, checked before they are used. Read-only.
 * A drive that is read-only or unreliable is refused; lesser faults are only reported.
 */
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "host/block_device.h"
#include "host/host.h"
#include "host/process/capabilities.h"
#include "host/recorded.h"
#include "resource/kinds.h"
#include "storage/block/nvme.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define GRAVE (NVME_RELIABILITY | NVME_READ_ONLY)

struct drive {
	struct resource r;
	char *health; /* "check" or "ignore" */

	char *grave, *reported, *unknown; /* in words, per drive; NULL: none */
	size_t asked;                     /* drives that answered */
};

/* --- the profile ---------------------------------------------------------------------
 */

static const char *const choices[] = {"check", "ignore", NULL};

static const struct field fields[] = {
	{.name = "health",
         .type = FIELD_CHOICE,
         .offset = offsetof(struct drive, health),
         .choices = choices,
         .doc = "check (default): refuse a drive that reports that it is read-only or "
                "unreliable; ignore: only report it"},
	{0},
};

static struct drive *drive_of(struct resource *r)
{
	return CONTAINER_OF(r, struct drive, r);
}

static bool drive_health_parse(struct resource *r, const struct node *n,
                               struct diagnostics *diag)
{
	fields_parse(fields, n, drive_of(r), diag);
	r->spec.want = mem_dup("healthy");
	return true;
}

/* --- asking --------------------------------------------------------------------------
 */

static const struct {
	unsigned bit;
	const char *text;
} warnings[] = {
	{NVME_READ_ONLY, "media is read-only"},
	{NVME_RELIABILITY, "reliability is degraded"},
	{NVME_SPARE, "available spare is below the threshold"},
	{NVME_TEMPERATURE, "temperature is outside the limits"},
	{NVME_BACKUP, "volatile memory backup failed"},
};

/* Add "nvme1n1: reliability is degraded" to a text. */
static void drive_health_note(char **text, const char *drive, const char *what)
{
	mem_set(text, *text ? mem_format("%s, %s: %s", *text, drive, what)
	                    : mem_format("%s: %s", drive, what));
}

static void assess(struct drive *d, const char *name, const struct nvme_health *health)
{
	for (size_t i = 0; i < ARRAY_SIZE(warnings); i++)
		if (health->warnings & warnings[i].bit)
			drive_health_note(warnings[i].bit & GRAVE ? &d->grave
			                                          : &d->reported,
			                  name, warnings[i].text);
	if (health->used >= 100)
		drive_health_note(&d->reported, name, "rated endurance is used up");
	if (health->media_errors > 0) {
		_free_ char *text =
			mem_format("media errors: %" PRIu64, health->media_errors);

		drive_health_note(&d->reported, name, text);
	}
}

static void report_limit(struct buf *b, const char *what, uint64_t us)
{
	if (us)
		buf_addf(b, ", %" PRIu64 " ms %s", us / 1000, what);
}

/* Report counters as evidence: none of them is good or bad by itself. */
static void report_figures(const struct host *h, const char *name, const char *device,
                           const struct nvme_health *health, char **text)
{
	struct nvme_ec2 ec2;
	_buf_ struct buf b = {0};
	struct err ignored;

	buf_addf(&b, "%u%% used, %u%% spare", health->used, health->spare);
	if (nvme_ec2(h, device, &ec2, &ignored) == 0) {
		report_limit(&b, "above the drive's IOPS limit", ec2.volume_iops_us);
		report_limit(&b, "above the drive's throughput limit",
		             ec2.volume_throughput_us);
		report_limit(&b, "above the instance's IOPS limit", ec2.instance_iops_us);
		report_limit(&b, "above the instance's throughput limit",
		             ec2.instance_throughput_us);
		buf_addf(&b, ", queue length %" PRIu64, ec2.queue_length);
	}
	drive_health_note(text, name, b.text);
}

static void ask(struct drive *d, const struct host *h, const char *name)
{
	_free_ char *device = mem_format("/dev/%s", name);
	struct nvme_health health;
	struct err e = {0};

	if (nvme_health(h, device, &health, &e) < 0) {
		drive_health_note(&d->unknown, name,
		                  e.code == -ENOTTY ? "is not an NVMe drive" : e.text);
		return;
	}
	d->asked++;
	assess(d, name, &health);
	report_figures(h, name, device, &health, &d->r.seen.now);
}

static void drive_health_forget(struct drive *d)
{
	mem_set(&d->grave, NULL);
	mem_set(&d->reported, NULL);
	mem_set(&d->unknown, NULL);
	d->asked = 0;
}

/* Query all drives that a device consists of. */
static int ask_device(struct drive *d, const struct host *h, const char *device,
                      struct err *e)
{
	_block_device_ struct block_device dev = {0};
	int code = block_device_find(h, device, &dev, e);

	if (code < 0)
		return code;
	for (char **name = dev.drives; *name; name++)
		if (recorded_or_live(h))
			ask(d, h, *name);
		else
			drive_health_note(&d->unknown, *name,
			                  "unknown in a captured tree");
	return 0;
}

/* Includes the drives of an array that does not exist yet. */
static int drive_health_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct drive *d = drive_of(r);
	_free_ char *devices = mem_dup(resource_takes(r));
	char *rest = devices, *device;
	int code = 0;

	drive_health_forget(d);
	while (code == 0 && (device = strsep(&rest, " ")))
		code = ask_device(d, h, device, e);
	return code;
}

/* --- judging -------------------------------------------------------------------------
 */

static void drive_health_diff(const struct resource *r, struct change *ret)
{
	const struct drive *d = CONST_CONTAINER_OF(r, struct drive, r);
	const struct change *below = &r->spec.depends_on->run.change;
	bool ignore = d->health && strcmp(d->health, "ignore") == 0;
	_buf_ struct buf reported = {0};

	if (d->grave)
		buf_join(&reported, ", ", d->grave);
	if (d->reported)
		buf_join(&reported, ", ", d->reported);
	if (d->grave && !ignore) {
		change_set(ret, STATE_REFUSED, REASON_DRIVE_UNHEALTHY, "%s",
		           reported.text);
		change_remedy(ret, "replace the drive (on EC2: stop and start the "
		                   "instance), or set `health: ignore`");
	} else if (reported.len) {
		change_set(ret, STATE_OK, REASON_DRIVE_WARNS, "%s", reported.text);
	} else if (d->asked) {
		return;
	} else if (d->unknown) {
		change_set(ret, STATE_SKIPPED, REASON_HEALTH_UNKNOWN, "%s", d->unknown);
	} else if (below->state == STATE_DRIFT || below->state == STATE_PENDING) {
		change_set(ret, STATE_PENDING, REASON_WAITS,
		           "its drives are still unknown");
	} else {
		change_set(ret, STATE_SKIPPED, REASON_NO_DISKS, "its drive is missing");
	}
}

static void drive_health_done(struct resource *r)
{
	drive_health_forget(drive_of(r));
}

/* Commands to an NVMe controller. */
static uint64_t drive_health_capabilities(const char *name, bool acts)
{
	(void)name;
	(void)acts;
	return CAPABILITY(SYS_ADMIN);
}

const struct kind kind_drive_health = {
	.name = "drive-health",
	.section = "storage",
	.shape = SECTION_ITEMS,
	.fields = fields,
	.size = sizeof(struct drive),
	.flags = KIND_READ_ONLY,
	.parse = drive_health_parse,
	.observe = drive_health_observe,
	.diff = drive_health_diff,
	.capabilities = drive_health_capabilities,
	.done = drive_health_done,
};
