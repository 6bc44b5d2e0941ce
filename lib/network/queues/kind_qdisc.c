/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* How packets wait before an interface sends them (tc qdisc). */
#include "base/mem.h"
#include "doc/node.h"
#include "host/file.h"
#include "host/host.h"
#include "host/module/module.h"
#include "network/index.h"
#include "network/item.h"
#include "network/queues/qdisc.h"
#include "network/queues/queue_files.h"
#include "network/select.h"
#include "resource/kinds.h"
#include "resource/undo.h"

#include <errno.h>
#include <string.h>

struct qdisc {
	struct net_item item;
	char *kind; /* of the profile */
	char *target;
	unsigned queues; /* to send */
	enum host_module module;
	char *module_name; /* of `kind`; NULL: it needs none now */
};

static struct qdisc *qdisc_of(struct resource *r)
{
	return CONTAINER_OF(r, struct qdisc, item.r);
}

static const struct qdisc *qdisc_of_const(const struct resource *r)
{
	return CONST_CONTAINER_OF(r, struct qdisc, item.r);
}

static const struct field fields[] = {
	{.name = "qdisc",
         .type = FIELD_CHOICE,
         .offset = offsetof(struct qdisc, kind),
         .choices = qdisc_kinds,
         .doc = "queueing discipline; below mq, of each send queue"},
	{0},
};

static bool qdisc_parse(struct resource *r, const struct node *n,
                        struct diagnostics *diag)
{
	struct qdisc *q = qdisc_of(r);

	if (!fields_any(fields, n))
		return false;
	net_item_parse(&q->item, n, "qdisc", false, diag);
	fields_parse(fields, n, q, diag);
	r->spec.want = mem_dup(q->kind);
	return true;
}

/* --- looking ---------------------------------------------------------------------------
 */

/* net/sched: these belong to the core, which has no module of theirs. */
static bool is_core(const char *kind)
{
	static const char *const core[] = {"pfifo", "bfifo", "pfifo_fast", "mq",
	                                   "noqueue"};

	for (size_t i = 0; i < ARRAY_SIZE(core); i++)
		if (strcmp(core[i], kind) == 0)
			return true;
	return false;
}

static int look_for_module(struct qdisc *q, const struct host *h, struct err *e)
{
	q->module = HOST_MODULE_UNKNOWN;
	mem_set(&q->module_name, NULL);
	if (is_core(q->kind) || strcmp(q->target, q->item.r.seen.now) == 0)
		return 0;
	q->module_name = mem_format("sch_%s", q->kind);
	return host_module_find(h, q->module_name, &q->module, e);
}

static int qdisc_observe(struct resource *r, const struct host *h, struct err *e)
{
	struct qdisc *q = qdisc_of(r);
	int code = net_item_look(&q->item, h, e);

	if (code <= 0)
		return code;
	code = queue_count(h, q->item.interface, "tx", &q->queues, e);
	if (code == 0)
		code = qdisc_read(h, q->item.interface, &r->seen.now, e);
	if (code < 0)
		return net_item_seen(&q->item, code);
	mem_set(&q->target, qdisc_wanted(r->seen.now, q->kind, q->queues));
	return look_for_module(q, h, e);
}

static void diff_module(const struct qdisc *q, struct change *ret)
{
	bool missing = q->module == HOST_MODULE_MISSING;

	if (q->item.optional) {
		change_set(ret, STATE_SKIPPED, REASON_NOT_SUPPORTED,
		           "the kernel has no module %s, which is optional",
		           q->module_name);
		return;
	}
	change_set(ret, STATE_FAILED,
	           missing ? REASON_MODULE_MISSING : REASON_MODULE_DISABLED,
	           missing ? "this kernel has no module %s"
	                   : "modprobe.d disables the module %s",
	           q->module_name);
	change_remedy(ret, "choose a queueing discipline of this kernel, or add "
	                   "`optional: true`");
}

static void diff_values(const struct qdisc *q, struct change *ret)
{
	const char *now = q->item.r.seen.now;
	_free_ char *other = qdisc_configured(now), *command = NULL;

	if (other) {
		change_set(
			ret, STATE_FAILED, REASON_QDISC_CONFIGURED,
			"%s has the queueing discipline %s, whose configuration would be "
			"lost",
			q->item.interface, other);
		change_remedy(
			ret,
			"remove qdisc from the item, or run: tc qdisc del dev %s root",
			q->item.interface);
		return;
	}
	if (q->module == HOST_MODULE_MISSING || q->module == HOST_MODULE_DISABLED) {
		diff_module(q, ret);
		return;
	}
	command = qdisc_command(q->item.interface, q->target, q->queues);
	change_set(ret, STATE_DRIFT, REASON_LIVE_DIFFERS, "%s: is %s, should be %s",
	           q->item.interface, now, q->target);
	change_remedy(ret, "%s", command);
}

static void qdisc_diff(const struct resource *r, struct change *ret)
{
	const struct qdisc *q = qdisc_of_const(r);

	if (q->item.fault == -ENODEV)
		net_item_diff_absent(&q->item, ret);
	else if (q->item.fault)
		net_item_diff_unsupported(&q->item, "qdisc", ret);
	else if (strcmp(r->seen.now, q->target) != 0)
		diff_values(q, ret);
}

static void qdisc_differences(const struct resource *r, struct differences *ret)
{
	const struct qdisc *q = qdisc_of_const(r);

	if (!q->item.fault && q->target)
		difference_add(ret, NULL, mem_dup(r->seen.now), mem_dup(q->target));
}

/* --- writing ---------------------------------------------------------------------------
 */

static int qdisc_apply(struct resource *r, struct host *h, enum reason *ret_reason,
                       struct err *e)
{
	struct qdisc *q = qdisc_of(r);
	int code = net_item_check(&q->item, h, e);

	if (code == 0)
		code = qdisc_write(h, q->item.interface, q->item.index, q->target, false,
		                   e);
	*ret_reason = code == -ENOENT ? REASON_MODULE_MISSING
	                              : net_item_reason(code, *ret_reason);
	return code;
}

/* An interface that is gone has nothing to restore. */
static int qdisc_revert(struct resource *r, struct host *h, struct err *e)
{
	struct qdisc *q = qdisc_of(r);
	int code = net_item_check(&q->item, h, e);

	if (code == 0)
		code = qdisc_write(h, q->item.interface, q->item.index, r->seen.had, true,
		                   e);
	return code == -ENODEV ? 0 : code;
}

/*
 * Find the word of a profile for the current ones; NULL: several kinds below mq, or one
 * that needs parameters.
 */
static const char *qdisc_kind_now(const struct qdisc *q)
{
	const char *now = q->item.r.seen.now;

	for (size_t i = 0; qdisc_kinds[i]; i++) {
		_free_ char *line = qdisc_wanted(now, qdisc_kinds[i], q->queues);
		/* "mq" keeps whatever is below it */
		bool any = strcmp(qdisc_kinds[i], "mq") == 0 && strcmp(now, "mq") != 0;

		if (!any && strcmp(line, now) == 0)
			return qdisc_kinds[i];
	}
	return NULL;
}

static bool qdisc_capture(const struct resource *r, const struct host *h,
                          struct node *section, struct diagnostics *diag)
{
	const struct qdisc *q = qdisc_of_const(r);
	const char *kind;

	(void)h;
	if (q->item.fault || !r->seen.now)
		return false;
	kind = qdisc_kind_now(q);
	if (kind)
		node_set(net_item_captured(section, &q->item), "qdisc",
		         node_new_word(kind));
	else
		diag_note(diag, r->spec.at, "qdisc %s: is %s", r->name, r->seen.now);
	return true;
}

static void qdisc_done(struct resource *r)
{
	struct qdisc *q = qdisc_of(r);

	net_item_done(r);
	mem_set(&q->target, NULL);
	mem_set(&q->module_name, NULL);
}

/* --- revert: the object is the interface, the value is the line ------------------------
 */

static void qdisc_undo_list(const struct resource *r, const struct host *h,
                            struct undo_values *ret)
{
	const struct qdisc *q = qdisc_of_const(r);

	(void)h;
	undo_add(ret, net_index_word(q->item.interface, q->item.index),
	         mem_dup(r->seen.now), mem_dup(q->target));
}

static int qdisc_undo_read(const struct host *h, const char *object, char **ret_value,
                           struct err *e)
{
	_free_ char *name = NULL;
	int r = net_index_name(h, object, &name, e);

	*ret_value = NULL;
	if (r == 0)
		r = qdisc_read(h, name, ret_value, e);
	return r == -ENODEV ? 0 : r;
}

static int qdisc_undo_write(struct host *h, const char *object, const char *value,
                            struct err *e)
{
	_free_ char *name = NULL;
	unsigned index = 0;
	int r = net_index_name(h, object, &name, e);

	if (r == 0 && !qdisc_is_text(value))
		r = err_set(e, -EINVAL, "\"%s\": is no queueing discipline", value);
	if (r == 0)
		r = net_index_read(h, name, &index, e);
	return r < 0 ? r : qdisc_write(h, name, index, value, true, e);
}

static char *qdisc_undo_command(const struct host *h, const char *object,
                                const char *value)
{
	_free_ char *name = NULL;
	unsigned queues = 0;
	struct err ignored;

	if (net_index_name(h, object, &name, &ignored) < 0 || !qdisc_is_text(value))
		return NULL;
	(void)queue_count(h, name, "tx", &queues, &ignored);
	return qdisc_command(name, value, queues);
}

static const struct undo qdisc_undo = {
	.list = qdisc_undo_list,
	.read = qdisc_undo_read,
	.write = qdisc_undo_write,
	.overlaps = net_index_is_same,
	.command = qdisc_undo_command,
};

/* ---------------------------------------------------------------------------------------
 */

static void qdisc_record(const struct host *h)
{
	char all[] = "*";
	const struct net_select every = {.names = all};
	_cleanup_(names_freep) char **names = NULL;
	struct err ignored;

	(void)net_select_list(&every, h, &names, &ignored);
	for (size_t i = 0; names[i]; i++) {
		_free_ char *text = NULL;

		(void)qdisc_read(h, names[i], &text, &ignored);
	}
}

const struct kind kind_qdisc = {
	NET_ITEM_KIND,
	.name = "qdisc",
	.size = sizeof(struct qdisc),
	.fields = fields,
	.record = qdisc_record,
	.parse = qdisc_parse,
	.observe = qdisc_observe,
	.diff = qdisc_diff,
	.differences = qdisc_differences,
	.apply = qdisc_apply,
	.revert = qdisc_revert,
	.undo = &qdisc_undo,
	.capture = qdisc_capture,
	.done = qdisc_done,
};
