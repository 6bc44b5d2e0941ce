/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * How the kernel queues requests to the drives of an item: attributes in
 * /sys/block/DEV/queue. Requests queue at the drives, also for an array. If the kernel
 * reaches a drive by several paths, they queue at each hidden path. The array or drive
 * above them only reads ahead.
 */
#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/suggest.h"
#include "doc/node.h"
#include "host/block_device.h"
#include "host/file.h"
#include "host/process/capabilities.h"
#include "resource/kinds.h"
#include "storage/queue_attribute.h"
#include "storage/queue_undo.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define UNSET UINT64_MAX

struct queue {
	struct resource r;
	char *scheduler;
	uint64_t numbers[QUEUE_ATTRS]; /* in bytes or ones; unused for the scheduler */

	struct queue_attr *list;
	size_t n, cap;
	struct queue_attr *undo; /* overwritten values, in the order of writing */
	size_t n_undo, cap_undo;
};

/* --- the profile ---------------------------------------------------------------------
 */

/* The kernel counts in pages, the smallest of which are 4 KiB. */
static void check_pages(const struct node *n, struct diagnostics *diag)
{
	uint64_t size;

	if (num_size(n->text, &size) == 0 && size % (QUEUE_PAGE_KIB * 1024) != 0)
		diag_error(diag, n->at, "%s \"%s\": must be a multiple of %dKiB", n->key,
		           n->text, QUEUE_PAGE_KIB);
}

/* A kernel may have others, but none whose name is nearly one of these. */
static void check_known_scheduler(const struct node *n, struct diagnostics *diag)
{
	static const char *const known[] = {"none", "mq-deadline", "kyber", "bfq"};
	/* removed in Linux 5.0, with the code that they were for */
	static const char *const old[][2] = {
		{"noop", "none"}, {"deadline", "mq-deadline"}, {"cfq", "bfq"}};
	struct suggest near = {.typed = n->text};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (strcmp(n->text, known[i]) == 0)
			return;
		suggest_offer(&near, known[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(old); i++)
		if (strcmp(n->text, old[i][0]) == 0)
			near.best = old[i][1];
	if (near.best)
		diag_error(diag, n->at,
		           "scheduler \"%s\": unknown (did you mean \"%s\"?)", n->text,
		           near.best);
}

static void check_word(const struct node *n, struct diagnostics *diag)
{
	if (n->text[strspn(n->text, "abcdefghijklmnopqrstuvwxyz0123456789-_")])
		diag_error(diag, n->at, "scheduler: is not the name of a scheduler");
	else
		check_known_scheduler(n, diag);
}

#define NUMBER(name_, type_, number, min_, max_, doc_)                                   \
	.name = name_, .type = type_, .offset = offsetof(struct queue, numbers[number]), \
	.min = min_, .max = max_, .doc = doc_

static const struct field queue_fields[] = {
	{.name = "scheduler",
         .type = FIELD_TEXT,
         .offset = offsetof(struct queue, scheduler),
         .check = check_word,
         .doc = "I/O scheduler: none, mq-deadline, kyber or bfq, if the kernel has it"},
	{NUMBER("read-ahead", FIELD_SIZE, QUEUE_READ_AHEAD, 0, 1 << 30,
                "read-ahead of sequential reads, also of an array"),
         .check = check_pages},
	{NUMBER("max-sectors", FIELD_SIZE, QUEUE_MAX_SECTORS, 4096, 1 << 30,
                "maximum size of a request, up to the limit of the drive"),
         .check = check_pages},
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

/* The value in the profile, as written to sysfs; NULL: none. */
static char *wanted(const struct queue *q, enum queue_attr_id id)
{
	if (id == QUEUE_SCHEDULER)
		return mem_dup(q->scheduler);
	if (q->numbers[id] == UNSET)
		return NULL;
	return mem_format("%" PRIu64, q->numbers[id] / queue_attr_kinds[id].unit);
}

static void queue_message(struct buf *b, enum queue_attr_id id, const char *value)
{
	const struct queue_attr_kind *k = &queue_attr_kinds[id];
	_free_ char *text =
		mem_format("%s=%s%s", k->name, value, k->unit == 1024 ? "KiB" : "");

	buf_join(b, " ", text);
}

static bool queue_parse(struct resource *r, const struct node *n,
                        struct diagnostics *diag)
{
	struct queue *q = queue_of(r);
	_buf_ struct buf want = {0};

	for (size_t i = 0; i < QUEUE_ATTRS; i++)
		q->numbers[i] = UNSET;
	fields_parse(fields, n, q, diag);
	for (enum queue_attr_id id = 0; id < QUEUE_ATTRS; id++) {
		_free_ char *value = wanted(q, id);

		if (value)
			queue_message(&want, id, value);
	}
	if (!want.len)
		return false;
	r->spec.want = buf_take(&want);
	return true;
}

/* --- looking -------------------------------------------------------------------------
 */

static void attrs_free(struct queue_attr *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		queue_attr_done(&list[i]);
	free(list);
}

static void queue_forget(struct queue *q)
{
	attrs_free(q->list, q->n);
	q->list = NULL;
	q->n = q->cap = 0;
}

static void queue_add(struct queue *q, const struct host *h, const char *device,
                      enum queue_attr_id id)
{
	char *want = wanted(q, id);

	if (!want)
		return;
	q->list = mem_grow(q->list, &q->cap, q->n, sizeof(*q->list));
	q->list[q->n++] = queue_attr_read(h, device, id, want);
}

/* Add the attributes of a device that reads `ahead`, queues `requests`, or both. */
static void add_device(struct queue *q, const struct host *h, const char *device,
                       bool ahead, bool requests)
{
	for (enum queue_attr_id id = 0; id < QUEUE_ATTRS; id++)
		if (queue_attr_kinds[id].ahead ? ahead : requests)
			queue_add(q, h, device, id);
}

static int add_drive(struct queue *q, const struct host *h, const char *drive,
                     struct err *e)
{
	_cleanup_(names_freep) char **paths = NULL;
	int code = block_device_paths(h, drive, &paths, e);

	if (code < 0)
		return code;
	add_device(q, h, drive, true, !paths[0]);
	for (char **path = paths; *path; path++)
		add_device(q, h, *path, false, true);
	return 0;
}

static void report_now(struct queue *q)
{
	_buf_ struct buf now = {0};
	const char *device = NULL;

	for (size_t i = 0; i < q->n; i++) {
		const struct queue_attr *a = &q->list[i];

		if (!device || strcmp(device, a->device) != 0)
			buf_join(&now, "; ", a->device);
		device = a->device;
		queue_message(&now, a->id, a->now ? a->now : "?");
	}
	q->r.seen.now = buf_take(&now);
}

static int queue_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct queue *q = queue_of(r);
	const char *device = resource_device(r);
	_block_device_ struct block_device dev = {0};
	int code;

	queue_forget(q);
	if (!device)
		return 0;
	code = block_device_find(h, device, &dev, e);
	if (code == -ENODEV && r->run.waits)
		return 0;
	if (code < 0)
		return code;
	if (strcmp(dev.drives[0], dev.name) != 0)
		add_device(q, h, dev.name, true, false);
	for (char **name = dev.drives; *name && code == 0; name++)
		code = add_drive(q, h, *name, e);
	report_now(q);
	return code;
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

	for (size_t i = 0; i < q->n; i++) {
		const struct queue_attr *a = &q->list[i];
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
	else if (!q->n)
		change_set(ret, STATE_PENDING, REASON_WAITS,
		           "its drive is still unknown");
	else
		diff_values(q, ret);
}

static void queue_differences(const struct resource *r, struct differences *ret)
{
	const struct queue *q = CONST_CONTAINER_OF(r, struct queue, r);

	for (size_t i = 0; i < q->n; i++) {
		const struct queue_attr *a = &q->list[i];

		if (a->now && !queue_attr_as_wanted(a))
			difference_add(ret,
			               mem_format(" %s %s", a->device,
			                          queue_attr_kinds[a->id].name),
			               mem_dup(a->now), mem_dup(a->want));
	}
}

/* --- writing -------------------------------------------------------------------------
 */

/* Save the current value for the rollback. */
static void remember(struct queue *q, const struct host *h, const char *device,
                     enum queue_attr_id id)
{
	struct queue_attr a = queue_attr_read(h, device, id, NULL);

	if (!a.now) {
		queue_attr_done(&a);
		return;
	}
	a.want = mem_dup(a.now);
	q->undo = mem_grow(q->undo, &q->cap_undo, q->n_undo, sizeof(*q->undo));
	q->undo[q->n_undo++] = a;
}

static int queue_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                       struct err *e)
{
	struct queue *q = queue_of(r);

	attrs_free(q->undo, q->n_undo);
	q->undo = NULL;
	q->n_undo = q->cap_undo = 0;
	for (size_t i = 0; i < q->n; i++) {
		const struct queue_attr *a = &q->list[i];

		remember(q, h, a->device, a->id);
		if (a->id != QUEUE_SCHEDULER)
			continue;
		/* a new scheduler resets these, also if the profile does not name them */
		remember(q, h, a->device, QUEUE_NR_REQUESTS);
		remember(q, h, a->device, QUEUE_WBT);
	}
	for (size_t i = 0; i < q->n; i++) {
		int code = queue_attr_set(&q->list[i], h, e);

		if (code == -EINVAL || code == -ERANGE)
			*ret_reason = REASON_REFUSED_BY_KERNEL;
		if (code < 0)
			return err_wrap(e, "%s %s", q->list[i].device,
			                queue_attr_kinds[q->list[i].id].name);
	}
	return 0;
}

static int queue_revert(struct resource *r, struct host *h, struct err *e)
{
	struct queue *q = queue_of(r);
	int code = 0;

	for (size_t i = 0; i < q->n_undo; i++) {
		struct err ignored;
		int one = queue_attr_set(&q->undo[i], h, code < 0 ? &ignored : e);

		code = code < 0 ? code : one;
	}
	return code;
}

/*
 * A new scheduler resets others, also if the profile does not name them. Restoring goes
 * backwards, so the scheduler comes after them.
 */
static void queue_undo_list(const struct resource *r, const struct host *h,
                            struct undo_values *ret)
{
	const struct queue *q = CONST_CONTAINER_OF(r, struct queue, r);

	for (size_t i = 0; i < q->n; i++)
		if (q->list[i].now && q->list[i].id != QUEUE_SCHEDULER &&
		    !queue_attr_as_wanted(&q->list[i]))
			queue_undo_add(&q->list[i], ret);
	for (size_t i = 0; i < q->n; i++)
		if (q->list[i].now && q->list[i].id == QUEUE_SCHEDULER &&
		    !queue_attr_as_wanted(&q->list[i]))
			queue_undo_add_scheduler(h, &q->list[i], ret);
}

static const struct undo undo = {
	.list = queue_undo_list,
	.read = queue_undo_read,
	.write = queue_undo_write,
	.command = queue_undo_command,
};

static void queue_done(struct resource *r)
{
	struct queue *q = queue_of(r);

	queue_forget(q);
	attrs_free(q->undo, q->n_undo);
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
	.capabilities = queue_capabilities,
	.differences = queue_differences,
	.apply = queue_apply,
	.revert = queue_revert,
	.undo = &undo,
	.done = queue_done,
};
