/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * How the kernel queues requests to the drives of an item: attributes in
 * /sys/block/DEV/queue.
 */
#include "base/diagnostics.h"
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "host/block_device.h"
#include "host/process/capabilities.h"
#include "resource/kinds.h"
#include "storage/block/spec.h"
#include "storage/per_drive.h"
#include "storage/queue/attributes.h"
#include "storage/queue/undo.h"
#include "storage/queue/values.h"
#include "storage/queue_capture.h"

#include <errno.h>
#include <string.h>

struct queue {
	struct resource r;
	struct queue_values values;
	struct disk_spec spec;           /* for a capture: without a device, too */
	struct queue_attrs attrs, saved; /* saved: overwritten values */
};

/* --- the profile ---------------------------------------------------------------------
 */

#define NUMBER(name_, type_, number, min_, max_, doc_)                         \
	.name = name_, .type = type_,                                          \
	.offset = offsetof(struct queue, values.numbers[number]), .min = min_, \
	.max = max_, .doc = doc_

static const struct field queue_fields[] = {
	{.name = "scheduler",
         .type = FIELD_TEXT,
         .offset = offsetof(struct queue, values.scheduler),
         .check = queue_values_check_scheduler,
         .doc = "I/O scheduler: none, mq-deadline, kyber or bfq, if the kernel has it"},
	{NUMBER("read-ahead", FIELD_SIZE, QUEUE_READ_AHEAD, 0, 1 << 30,
                "read-ahead of sequential reads, also of an array"),
         .check = queue_values_check_pages},
	{NUMBER("max-sectors", FIELD_SIZE, QUEUE_MAX_SECTORS, 4096, 1 << 30,
                "maximum size of a request, up to the limit of the drive"),
         .check = queue_values_check_pages},
	{NUMBER("nr-requests", FIELD_UINT, QUEUE_NR_REQUESTS, 4, 65536,
                "maximum number of queued requests, up to the limit of drive and "
                "scheduler")},
	{NUMBER("rq-affinity", FIELD_UINT, QUEUE_RQ_AFFINITY, 0, 2,
                "where requests are completed: 0 any CPU, 1 the group of the submitting "
                "CPU, 2 the submitting CPU")},
	{NUMBER("nomerges", FIELD_UINT, QUEUE_NOMERGES, 0, 2,
                "merging of requests: 0 all merges, 1 only simple merges, 2 none")},
	{NUMBER("wbt-lat-usec", FIELD_UINT, QUEUE_WBT, 0, 10000000,
                "target read latency of writeback throttling, in microseconds; 0: no "
                "throttling")},
	{0},
};

static const struct field fields[] = {
	{.name = "queue",
         .type = FIELD_OBJECT,
         .fields = queue_fields,
         .doc = "request queue settings of the drives"},
	{0},
};

static struct queue *queue_of(struct resource *r)
{
	return CONTAINER_OF(r, struct queue, r);
}

static bool queue_parse(struct resource *r, const struct node *n,
                        struct diagnostics *diag)
{
	struct queue *q = queue_of(r);
	_buf_ struct buf want = {0};

	for (size_t i = 0; i < QUEUE_ATTRS; i++)
		q->values.numbers[i] = QUEUE_UNSET;
	fields_parse(fields, n, q, diag);
	per_drive_spec(n, &q->spec);
	for (enum queue_attr_id id = 0; id < QUEUE_ATTRS; id++) {
		_free_ char *value = queue_value(&q->values, id);

		if (value)
			queue_value_message(&want, id, value);
	}
	if (!want.len)
		return false;
	r->spec.want = buf_take(&want);
	return true;
}

/* --- looking -------------------------------------------------------------------------
 */

static int queue_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct queue *q = queue_of(r);
	const char *device = resource_device(r);
	_block_device_ struct block_device dev = {0};
	int code;

	queue_attrs_done(&q->attrs);
	if (!device)
		return 0;
	code = block_device_find(h, device, &dev, e);
	if (code == -ENODEV && r->run.waits)
		return 0;
	if (code < 0)
		return code;
	code = queue_attrs_read(&q->attrs, h, &dev, &q->values, e);
	r->seen.now = queue_attrs_text(&q->attrs);
	return code;
}

/* Which drive it is, the profile does not say. */
static char *queue_files(const struct resource *r, const struct host *h)
{
	return h ? queue_attrs_files(&CONST_CONTAINER_OF(r, struct queue, r)->attrs)
	         : NULL;
}

/* --- comparing -----------------------------------------------------------------------
 */

/* Return: whether this kernel cannot set the attribute, with the reason in *ret. */
static bool queue_diff_impossible(const struct queue *q, const struct queue_attr *a,
                                  struct change *ret)
{
	const char *name = queue_attr_kinds[a->id].name;

	if (a->now && queue_attr_is_available(a))
		return false;
	if (q->r.run.waits) {
		change_set(ret, STATE_PENDING, REASON_WAITS,
		           "%s does not exist yet: waits for a module or a file system",
		           name);
	} else if (!a->now) {
		change_set(ret, STATE_FAILED, REASON_QUEUE_UNSUPPORTED,
		           "%s has no %s on this kernel", a->device, name);
	} else {
		change_set(ret, STATE_FAILED, REASON_QUEUE_UNSUPPORTED,
		           "%s has no scheduler \"%s\"; available: %s", a->device,
		           a->want, a->available);
		change_remedy(ret,
		              "choose an available scheduler, or load its module first");
	}
	return true;
}

static void diff_values(const struct queue *q, struct change *ret)
{
	_buf_ struct buf text = {0}, remedy = {0};

	for (size_t i = 0; i < q->attrs.n; i++) {
		const struct queue_attr *a = &q->attrs.list[i];
		const struct queue_attr_kind *k = &queue_attr_kinds[a->id];
		_free_ char *command = mem_format("echo %s > /sys/block/%s/queue/%s",
		                                  a->want, a->device, k->file);
		_free_ char *line = NULL;

		if (queue_diff_impossible(q, a, ret))
			return;
		if (queue_attr_as_wanted(a))
			continue;
		line = mem_format("%s %s is %s, should be %s", a->device, k->name, a->now,
		                  a->want);
		buf_join(&text, "; ", line);
		buf_join(&remedy, "; ", command);
	}
	if (!text.len)
		return;
	change_set(ret, STATE_DRIFT, REASON_LIVE_DIFFERS, "%s", text.text);
	change_remedy(ret, "%s", remedy.text);
}

static void queue_diff(const struct resource *r, struct change *ret)
{
	const struct queue *q = CONST_CONTAINER_OF(r, struct queue, r);
	const struct change *below = &r->spec.depends_on->run.change;

	if (below->state == STATE_SKIPPED)
		change_set(ret, STATE_SKIPPED, below->reason, "its drive is missing");
	else if (!q->attrs.n)
		change_set(ret, STATE_PENDING, REASON_WAITS,
		           "its drive is still unknown");
	else
		diff_values(q, ret);
}

static void queue_differences(const struct resource *r, struct differences *ret)
{
	const struct queue *q = CONST_CONTAINER_OF(r, struct queue, r);

	for (size_t i = 0; i < q->attrs.n; i++) {
		const struct queue_attr *a = &q->attrs.list[i];

		if (a->now && !queue_attr_as_wanted(a))
			difference_add(ret,
			               mem_format(" %s %s", a->device,
			                          queue_attr_kinds[a->id].name),
			               mem_dup(a->now), mem_dup(a->want));
	}
}

/* --- writing -------------------------------------------------------------------------
 */

static int queue_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                       struct err *e)
{
	struct queue *q = queue_of(r);
	int code = queue_attrs_save(&q->attrs, h, &q->saved, e);

	for (size_t i = 0; code == 0 && i < q->attrs.n; i++) {
		code = queue_attr_set(&q->attrs.list[i], h, e);

		if (code == -EINVAL || code == -ERANGE)
			*ret_reason = REASON_REFUSED_BY_KERNEL;
		if (code < 0)
			return err_wrap(e, "%s %s", q->attrs.list[i].device,
			                queue_attr_kinds[q->attrs.list[i].id].name);
	}
	return code;
}

static int queue_revert(struct resource *r, struct host *h, struct err *e)
{
	return queue_attrs_restore(&queue_of(r)->saved, h, e);
}

/*
 * A new scheduler resets others, also if the profile does not name them. Restoring goes
 * backwards, so the scheduler comes after them.
 */
static void queue_undo_list(const struct resource *r, const struct host *h,
                            struct undo_values *ret)
{
	const struct queue *q = CONST_CONTAINER_OF(r, struct queue, r);

	for (size_t i = 0; i < q->attrs.n; i++)
		if (q->attrs.list[i].now && q->attrs.list[i].id != QUEUE_SCHEDULER &&
		    !queue_attr_as_wanted(&q->attrs.list[i]))
			queue_undo_add(&q->attrs.list[i], ret);
	for (size_t i = 0; i < q->attrs.n; i++)
		if (q->attrs.list[i].now && q->attrs.list[i].id == QUEUE_SCHEDULER &&
		    !queue_attr_as_wanted(&q->attrs.list[i]))
			queue_undo_add_scheduler(h, &q->attrs.list[i], ret);
}

static const struct undo undo = {
	.list = queue_undo_list,
	.read = queue_undo_read,
	.write = queue_undo_write,
	.command = queue_undo_command,
};

/* --- capturing ------------------------------------------------------------------------
 */

static bool queue_is_valid(const struct node *map, struct diagnostics *diag)
{
	struct queue scratch = {0};

	fields_parse(queue_fields, map, &scratch, diag);
	fields_done(queue_fields, &scratch);
	return diag_count_errors(diag) == 0;
}

static bool queue_capture_items(const struct resource *r, const struct host *h,
                                struct node *section, struct diagnostics *diag)
{
	const struct queue *q = CONST_CONTAINER_OF(r, struct queue, r);
	struct err e = {0};

	if (queue_capture(&q->spec, &q->values, h, section, queue_is_valid, diag, &e) < 0)
		diag_note(diag, r->spec.at, "queue: %s", e.text);
	return true;
}

static void queue_done(struct resource *r)
{
	struct queue *q = queue_of(r);

	per_drive_spec_done(&q->spec);
	queue_attrs_done(&q->attrs);
	queue_attrs_done(&q->saved);
}

/* Identifying a drive. Its attributes belong to root. */
static uint64_t queue_capabilities(const char *name, bool acts)
{
	(void)name;
	(void)acts;
	return CAPABILITY(SYS_ADMIN);
}

const struct kind kind_queue = {
	.name = "queue",
	.section = "storage",
	.shape = SECTION_ITEMS,
	.fields = fields,
	.after = "module",
	.size = sizeof(struct queue),
	.parse = queue_parse,
	.observe = queue_observe,
	.diff = queue_diff,
	.files = queue_files,
	.capabilities = queue_capabilities,
	.differences = queue_differences,
	.apply = queue_apply,
	.revert = queue_revert,
	.undo = &undo,
	.capture = queue_capture_items,
	.done = queue_done,
};
