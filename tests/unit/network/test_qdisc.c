/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Queueing disciplines on a stub of rtnetlink, which does what Linux does with mq and
 * with its default. tests/vm/queues.sh has the real ones.
 */
#include "base/mem.h"
#include "base/text/buf.h"
#include "doc/node.h"
#include "network/queues/qdisc.h"
#include "network/queues/rtnetlink.h"
#include "resource.h"
#include "resource/kinds.h"
#include "resource/undo.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <linux/pkt_sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ETH0 7777 /* no interface of this machine */
#define LIB  "/lib/modules/6.12.0-test/"

/* --- the stub --------------------------------------------------------------------------
 */

static struct {
	struct rtnetlink_qdisc list[32];
	size_t n;
	unsigned queues, writes;
	uint32_t handle;     /* of the last one that was set */
	const char *natural; /* net.core.default_qdisc */
	bool gone;           /* the interface */
	bool stubborn;       /* a root that is set is not kept */
} kernel;

static void add(uint32_t parent, uint32_t handle, const char *kind)
{
	struct rtnetlink_qdisc *q = &kernel.list[kernel.n++];

	*q = (struct rtnetlink_qdisc){.parent = parent, .handle = handle};
	(void)snprintf(q->kind, sizeof(q->kind), "%s", kind);
}

/* What the kernel attaches below an mq cannot be named, unless the mq can. */
static void set_root(uint32_t handle, const char *kind)
{
	kernel.n = 0;
	add(TC_H_INGRESS, 0xffff0000, "clsact");
	add(TC_H_ROOT, handle, kind);
	for (unsigned i = 0; strcmp(kind, "mq") == 0 && i < kernel.queues; i++)
		add(handle | (i + 1), 0, kernel.natural);
}

static void set_default(void)
{
	set_root(0, kernel.queues > 1 ? "mq" : kernel.natural);
}

static int no_device(struct err *e)
{
	return err_set(e, -ENODEV, "eth0: No such device");
}

int rtnetlink_qdiscs(unsigned index, struct rtnetlink_qdiscs *ret, struct err *e)
{
	*ret = (struct rtnetlink_qdiscs){0};
	if (kernel.gone || index != ETH0)
		return no_device(e);
	ret->n = ret->cap = kernel.n;
	ret->list = mem_new(kernel.n, sizeof(*ret->list));
	/* in no order */
	for (size_t i = 0; i < kernel.n; i++)
		ret->list[i] = kernel.list[kernel.n - 1 - i];
	return 0;
}

void rtnetlink_qdiscs_done(struct rtnetlink_qdiscs *q)
{
	free(q->list);
	*q = (struct rtnetlink_qdiscs){0};
}

int rtnetlink_qdisc_replace(unsigned index, uint32_t parent, const char *kind,
                            struct err *e)
{
	assert_int_equal(index, ETH0);
	kernel.writes++;
	if (kernel.gone)
		return no_device(e);
	if (strcmp(kind, "cake") == 0)
		return err_set(e, -ENOENT, "Specified qdisc kind is unknown");
	kernel.handle += 0x10000;
	if (parent == TC_H_ROOT) {
		if (!kernel.stubborn)
			set_root(kernel.handle, kind);
		return 0;
	}
	for (size_t i = 0; TC_H_MAJ(parent) && i < kernel.n; i++)
		if (kernel.list[i].parent == parent) {
			kernel.n--;
			memmove(&kernel.list[i], &kernel.list[i + 1],
			        (kernel.n - i) * sizeof(kernel.list[0]));
			add(parent, kernel.handle, kind);
			return 0;
		}
	return err_set(e, -ENOENT, "Failed to find specified qdisc");
}

int rtnetlink_qdisc_delete_root(unsigned index, struct err *e)
{
	assert_int_equal(index, ETH0);
	kernel.writes++;
	for (size_t i = 0; i < kernel.n; i++)
		if (kernel.list[i].parent == TC_H_ROOT && kernel.list[i].handle) {
			set_default();
			return 0;
		}
	return err_set(e, -ENOENT, "Cannot delete qdisc with handle of zero");
}

/* --- the tests -------------------------------------------------------------------------
 */

/* An interface as the kernel made it. */
static void interface(unsigned queues, const char *natural)
{
	memset(&kernel, 0, sizeof(kernel));
	kernel.queues = queues;
	kernel.natural = natural;
	kernel.handle = 0x80000000;
	set_default();
	tmproot_write("/sys/class/net/eth0/mtu", "1500\n");
	tmproot_write("/sys/class/net/eth0/ifindex", "7777\n");
	for (unsigned i = 0; i < queues; i++)
		tmproot_write(
			keep_text(mem_format("/sys/class/net/eth0/queues/tx-%u/x", i)),
			"");
	tmproot_link("/proc/1/net/dev", "/proc/self/net/dev");
	tmproot.host.live = true;
}

static int teardown(void **state)
{
	tmproot.host.live = false;
	return tmproot_teardown(state);
}

static struct resource *new_qdisc(const char *text)
{
	return resource_new(
		&kind_qdisc,
		keep_text(mem_format("data: {name: a, interfaces: {name: eth0}, %s}",
	                             text)),
		NULL);
}

static const char *live(void)
{
	char *text = NULL;
	struct err e;

	assert_int_equal(qdisc_read(&tmproot.host, "eth0", &text, &e), 0);
	return keep_text(text);
}

static const struct row {
	const char *name; /* wanted */
	unsigned queues;
	const char *natural, *set; /* a root that was set before, or NULL */
	const char *now, *then;
} rows[] = {
	{"fq", 1, "fq_codel", NULL, "fq_codel", "fq"},
	{"fq", 4, "fq_codel", NULL, "mq fq_codel", "mq fq"},
	{"fq", 4, "fq_codel", "mq", "mq fq_codel", "mq fq"},
	{"fq", 4, "fq_codel", "pfifo", "pfifo", "mq fq"},
	{"fq", 1, "fq_codel", "mq", "mq fq_codel", "mq fq"},
	{"noqueue", 4, "fq_codel", NULL, "mq fq_codel", "noqueue"},
	{"mq", 4, "fq_codel", "pfifo", "pfifo", "mq fq_codel"},
	{"bfifo", 1, "noqueue", NULL, "noqueue", "bfifo"},
};

static void test_change(void **state)
{
	const struct row *row = *state;
	struct resource *r;
	struct err e;

	interface(row->queues, row->natural);
	if (row->set)
		set_root(0x10000, row->set);
	r = new_qdisc(keep_text(mem_format("qdisc: %s", row->name)));
	assert_part(
		resource_reported(r),
		keep_text(mem_format("drift LiveDiffers now=%s: eth0: is %s, should be ",
	                             row->now, row->now)));
	assert_int_equal(kernel.writes, 0);
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(live(), row->then);
	assert_part(resource_reported(r), "ok ");
	assert_int_equal(kind_qdisc.revert(r, &tmproot.host, &e), 0);
	assert_string_equal(live(), row->now);
}

static const struct same_row {
	const char *name;
	unsigned queues;
	const char *natural, *set;
} same_rows[] = {
	{"fq", 1, "fq", NULL},       {"fq", 4, "fq", NULL},
	{"fq", 4, "fq_codel", "fq"}, /* one for all queues */
	{"mq", 4, "fq_codel", NULL}, {"noqueue", 1, "noqueue", NULL},
};

static void test_same(void **state)
{
	const struct same_row *row = *state;

	interface(row->queues, row->natural);
	if (row->set)
		set_root(0x10000, row->set);
	assert_part(resource_reported(
			    new_qdisc(keep_text(mem_format("qdisc: %s", row->name)))),
	            "ok ");
	assert_int_equal(kernel.writes, 0);
}

/* Each queue has its kind, before and after; queue 10 is not before queue 2. */
static void test_mixed(void **state)
{
	struct resource *r;
	struct err e;

	(void)state;
	interface(11, "fq_codel");
	set_root(0x20000, "mq");
	assert_int_equal(rtnetlink_qdisc_replace(ETH0, 0x2000b, "sfq", &e), 0);
	assert_string_equal(live(), "mq fq_codel,fq_codel,fq_codel,fq_codel,fq_codel,"
	                            "fq_codel,fq_codel,fq_codel,fq_codel,fq_codel,sfq");
	r = new_qdisc("qdisc: fq");
	assert_part(resource_reported(r), "should be mq fq");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(live(), "mq fq");
	assert_int_equal(kind_qdisc.revert(r, &tmproot.host, &e), 0);
	assert_string_equal(live(), r->seen.had);
}

static void test_never_up(void **state)
{
	struct resource *r;
	struct err e;

	(void)state;
	interface(1, "fq_codel");
	kernel.n = 0;
	r = new_qdisc("qdisc: fq");
	assert_part(resource_reported(r), "drift LiveDiffers now=noop: ");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(live(), "fq");
	assert_int_equal(kind_qdisc.revert(r, &tmproot.host, &e), 0);
	assert_string_equal(live(), "fq_codel");
}

static void test_configured(void **state)
{
	struct resource *r;

	(void)state;
	interface(1, "fq_codel");
	set_root(0x50000, "htb");
	r = new_qdisc("qdisc: fq");
	assert_string_equal(resource_reported(r),
	                    "failed QdiscConfigured now=htb: eth0 has the queueing "
	                    "discipline htb, whose configuration would be lost");
	assert_string_equal(
		r->run.change.remedy,
		"remove qdisc from the item, or run: tc qdisc del dev eth0 root");
}

/* Known before anything is changed, where the host lists its modules. */
static void test_module(void **state)
{
	enum reason reason = REASON_FAILED;
	struct resource *r;
	struct err e;

	(void)state;
	interface(1, "fq_codel");
	tmproot_write("/proc/modules", "");
	tmproot_write(LIB "modules.builtin", "");
	tmproot_write(LIB "modules.dep", "kernel/net/sched/sch_fq.ko:\n");
	assert_part(resource_reported(new_qdisc("qdisc: fq")), "drift ");
	assert_part(resource_reported(new_qdisc("qdisc: pfifo")), "drift ");
	assert_string_equal(
		resource_reported(new_qdisc("qdisc: pie")),
		"failed ModuleMissing now=fq_codel: this kernel has no module sch_pie");
	assert_string_equal(resource_reported(new_qdisc("optional: true, qdisc: pie")),
	                    "skipped NotSupported now=fq_codel: the kernel has no module "
	                    "sch_pie, which is optional");
	tmproot_write(LIB "modules.dep", "kernel/net/sched/sch_cake.ko:\n");
	r = new_qdisc("qdisc: cake");
	assert_part(resource_reported(r), "drift ");
	assert_int_equal(resource_apply(r, &reason, &e), -ENOENT);
	assert_int_equal(reason, REASON_MODULE_MISSING);
	assert_string_equal(live(), "fq_codel");
}

static void test_disappears(void **state)
{
	enum reason reason = REASON_FAILED;
	struct resource *r;
	struct err e;

	(void)state;
	interface(4, "fq_codel");
	r = new_qdisc("qdisc: fq");
	assert_part(resource_reported(r), "drift ");
	kernel.gone = true;
	r->run.begun = true;
	assert_int_equal(resource_apply(r, &reason, &e), -ENODEV);
	assert_int_equal(reason, REASON_INTERFACE_GONE);
	assert_part(resource_reported(r), "failed InterfaceGone ");
	assert_int_equal(kind_qdisc.revert(r, &tmproot.host, &e), 0);
}

static void test_not_kept(void **state)
{
	struct resource *r;
	struct err e;

	(void)state;
	interface(4, "fq_codel");
	r = new_qdisc("qdisc: fq");
	resource_observe(r);
	kernel.stubborn = true;
	assert_int_equal(resource_apply(r, NULL, &e), -EIO);
	assert_string_equal(e.text, "eth0: mq was set, but is not there");
}

/* A captured tree, and a process in another namespace, do not know. */
static void test_unknown(void **state)
{
	struct resource *r = new_qdisc("qdisc: fq");

	(void)state;
	interface(1, "fq_codel");
	tmproot_remove("/proc/1/net/dev");
	assert_part(resource_reported(r),
	            "failed NotReadable now=NULL: find the host's ");
	tmproot_write("/proc/1/net/dev", "");
	assert_part(resource_reported(r),
	            "failed NotReadable now=NULL: hosttune is not in the host's network "
	            "namespace");
	tmproot.host.live = false;
	r->run.observed = false;
	assert_part(resource_reported(r),
	            "failed NotReadable now=NULL: eth0: unknown in a captured tree");
}

/* --- revert ----------------------------------------------------------------------------
 */

static void test_undo(void **state)
{
	const struct undo *u = kind_qdisc.undo;
	char *value = NULL;
	struct err e;

	(void)state;
	interface(2, "fq_codel");
	assert_int_equal(u->write(&tmproot.host, "eth0", "mq fq,pfifo", &e), 0);
	assert_int_equal(u->read(&tmproot.host, "eth0", &value, &e), 0);
	assert_string_equal(keep_text(value), "mq fq,pfifo");
	assert_int_equal(u->write(&tmproot.host, "eth0", "mq fq_codel", &e), 0);
	assert_string_equal(live(), "mq fq_codel");
	/* the default again: without a handle */
	assert_int_equal(kernel.list[1].handle, 0);
	assert_string_equal(
		keep_text(u->command(&tmproot.host, "eth0", "mq fq")),
		"tc qdisc replace dev eth0 root handle 1: mq && tc qdisc replace dev eth0 "
		"parent 1:1 fq && tc qdisc replace dev eth0 parent 1:2 fq");
	assert_string_equal(keep_text(u->command(&tmproot.host, "eth0", "fq")),
	                    "tc qdisc replace dev eth0 root fq");
	assert_int_equal(u->read(&tmproot.host, "eth7", &value, &e), 0);
	assert_null(value);
}

static const char *const hostile_values[] = {
	"",         "htb",          "mq ",     "mq htb", "mq fq,htb",
	"fq,pfifo", "mq fq;reboot", "fq root", "mqfq",   "mq  fq",
};

static void test_hostile(void **state)
{
	static const char *const objects[] = {"", "../eth0", "eth0 root", "eth0/x", "."};
	const struct undo *u = kind_qdisc.undo;
	char *value;
	struct err e;

	(void)state;
	interface(1, "fq_codel");
	for (size_t i = 0; i < ARRAY_SIZE(objects); i++) {
		assert_int_equal(u->read(&tmproot.host, objects[i], &value, &e), -EINVAL);
		assert_int_equal(u->write(&tmproot.host, objects[i], "fq", &e), -EINVAL);
		assert_null(u->command(&tmproot.host, objects[i], "fq"));
	}
	for (size_t i = 0; i < ARRAY_SIZE(hostile_values); i++) {
		if (u->write(&tmproot.host, "eth0", hostile_values[i], &e) != -EINVAL)
			fail_msg("\"%s\" was taken", hostile_values[i]);
		assert_null(u->command(&tmproot.host, "eth0", hostile_values[i]));
	}
	assert_int_equal(kernel.writes, 0);
}

static void test_capture(void **state)
{
	struct node *list = node_new(NODE_LIST);
	struct diagnostics *diag = new_diagnostics();
	struct resource *r;
	struct err e;

	(void)state;
	interface(4, "fq");
	r = new_qdisc("qdisc: fq");
	resource_observe(r);
	assert_true(kind_qdisc.capture(r, &tmproot.host, list, diag));
	assert_string_equal(node_get(list->items[0], "qdisc")->text, "fq");
	/* the value in the profile does not matter */
	r = new_qdisc("qdisc: sfq");
	resource_observe(r);
	assert_true(kind_qdisc.capture(r, &tmproot.host, list, diag));
	assert_string_equal(node_get(list->items[0], "qdisc")->text, "fq");
	assert_int_equal(diag->n, 0);
	set_root(0x20000, "mq");
	assert_int_equal(rtnetlink_qdisc_replace(ETH0, 0x20004, "sfq", &e), 0);
	r = new_qdisc("qdisc: fq");
	resource_observe(r);
	assert_true(kind_qdisc.capture(r, &tmproot.host, list, diag));
	assert_int_equal(list->n, 1);
	assert_int_equal(diag->n, 1);
	assert_part(diag->list[0].text, ": is mq fq,fq,fq,sfq");
	node_free(list);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, teardown);
	suite_rows(&s, rows, test_change);
	suite_rows(&s, same_rows, test_same);
	suite_test(&s, "several kinds below mq", test_mixed);
	suite_test(&s, "an interface that was never up", test_never_up);
	suite_test(&s, "a foreign configuration", test_configured);
	suite_test(&s, "a module that is missing", test_module);
	suite_test(&s, "an interface that disappears", test_disappears);
	suite_test(&s, "a kernel that does not keep it", test_not_kept);
	suite_test(&s, "unknown", test_unknown);
	suite_test(&s, "revert", test_undo);
	suite_test(&s, "hostile objects and values", test_hostile);
	suite_test(&s, "capture", test_capture);
	return suite_run(&s);
}
