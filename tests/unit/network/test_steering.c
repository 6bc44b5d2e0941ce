/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What steers packets to CPUs and queues, on a captured tree: an interface with queues
 * and interrupts as ENA has them. tests/vm/queues.sh has real drivers.
 */
#include "base/mem.h"
#include "doc/node.h"
#include "network/queues/placement.h"
#include "network/queues/steer.h"
#include "resource.h"
#include "resource/kinds.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <string.h>

#define NET  "/sys/class/net/eth0/"
#define CPU  "/sys/devices/system/cpu/"
#define ITEM "data: {name: a, interfaces: {name: eth0}, %s}"

static void put(const char *text, const char *fmt, ...) _printf_(2, 3);
static void put(const char *text, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tmproot_write(keep_text(mem_vformat(fmt, ap)), text);
	va_end(ap);
}

/* `n` queues of each direction, without any steering. */
static void queues(unsigned n)
{
	put("1500\n", NET "mtu");
	for (unsigned i = 0; i < n; i++) {
		put("0000\n", NET "queues/rx-%u/rps_cpus", i);
		put("0\n", NET "queues/rx-%u/rps_flow_cnt", i);
		put("0000\n", NET "queues/tx-%u/xps_cpus", i);
	}
}

/* An interrupt of the interface, served by one CPU. */
static void interrupt(unsigned number, const char *action, unsigned cpu)
{
	put("msix\n", NET "device/msi_irqs/%u", number);
	put(keep_text(mem_format("%s\n", action)), "/sys/kernel/irq/%u/actions", number);
	put(keep_text(mem_format("%u\n", cpu)), "/proc/irq/%u/effective_affinity_list",
	    number);
}

/* CPU i and i + n/2 are siblings, as on EC2. */
static void cpus(unsigned n)
{
	put(keep_text(mem_format("0-%u\n", n - 1)), CPU "online");
	for (unsigned i = 0; i < n; i++)
		put(keep_text(mem_format("%u,%u\n", i % (n / 2), i % (n / 2) + n / 2)),
		    CPU "cpu%u/topology/thread_siblings_list", i);
}

static void node_of_ena(unsigned n_queues, unsigned n_cpus)
{
	queues(n_queues);
	cpus(n_cpus);
	interrupt(30, "ena-mgmnt@pci:0000:00:05.0", n_cpus - 1);
	for (unsigned i = 0; i < n_queues; i++)
		interrupt(31 + i, keep_text(mem_format("eth0-Tx-Rx-%u", i)), i);
}

static const struct row {
	const char *name;
	unsigned queues, cpus;
	const struct kind *kind;
	const char *reported;
} rows[] = {
	{"rps: auto", 2, 16, &kind_rps,
         "drift LiveDiffers now=none: eth0: is none, should be 2-7,10-15"},
	{"rps: auto", 8, 16, &kind_rps,
         "drift LiveDiffers now=none: eth0: is none, should be 8-15"},
	{"rps: auto", 4, 4, &kind_rps, "ok  now=none: "},
	{"rps: \"1,4-5\"", 2, 4, &kind_rps,
         "failed NoSuchCpu now=none: eth0: this node has no CPU 4-5"},
	{"rps: off", 4, 4, &kind_rps, "ok  now=none: "},
	{"rps: \"3,0-1\"", 2, 4, &kind_rps,
         "drift LiveDiffers now=none: eth0: is none, should be 0-1,3"},
	{"xps: auto", 2, 8, &kind_xps,
         "drift LiveDiffers now=none: eth0: is none, should be 0,2,4,6 1,3,5,7"},
	{"xps: auto", 4, 8, &kind_xps,
         "drift LiveDiffers now=none: eth0: is none, should be 0,4 1,5 2,6 3,7"},
	{"xps: off", 4, 8, &kind_xps, "ok  now=none: "},
	{"rfs: auto", 4, 8, &kind_rfs,
         "drift LiveDiffers now=0: eth0: is 0, should be 8192"},
	{"rfs: auto", 3, 8, &kind_rfs,
         "drift LiveDiffers now=0: eth0: is 0, should be 16384"},
	{"rfs: 1", 4, 8, &kind_rfs, "drift LiveDiffers now=0: eth0: is 0, should be 1"},
	{"rfs: off", 4, 8, &kind_rfs, "ok  now=0: "},
};

static struct resource *new_steer(const struct kind *kind, const char *text)
{
	return resource_new(kind, keep_text(mem_format(ITEM, text)), NULL);
}

static void test_auto(void **state)
{
	const struct row *row = *state;

	node_of_ena(row->queues, row->cpus);
	assert_string_equal(resource_reported(new_steer(row->kind, row->name)),
	                    row->reported);
}

static const struct action_row {
	const char *name;
	int queue;
} action_rows[] = {
	{"eth0-Tx-Rx-3", 3},
	{"virtio0-input.0", 0},
	{"virtio0-output.12", 12},
	{"mlx5_comp3@pci:0000:00:06.0", 3},
	{"gve-ntfy-blk7@pci:0000:00:04.0", 7},
	{"ena-mgmnt@pci:0000:00:05.0", -1},
	{"virtio0-config", -1},
	{"mlx5_async0@pci:0000:00:06.0", -1},
	{"eth0-event-8", -1},
	{"eth0", -1},
	{"", -1},
	{"eth0-99999999999", -1},
};

static void test_action(void **state)
{
	const struct action_row *row = *state;

	assert_int_equal(placement_queue(row->name, "eth0"), row->queue);
}

/* CPUs that the kernel keeps free of such work, and those of another NUMA node. */
static void test_fewer_cpus(void **state)
{
	struct resource *r;

	(void)state;
	node_of_ena(2, 16);
	put("4-5\n", CPU "isolated");
	put(" (null)\n", CPU "nohz_full");
	r = new_steer(&kind_rps, "rps: auto");
	assert_part(resource_reported(r), "should be 2-3,6-7,10-15");
	put("0\n", NET "device/numa_node");
	put("0-3,8-11\n", "/sys/devices/system/node/node0/cpulist");
	assert_part(resource_reported(r), "should be 2-3,10-11");
	put("6\n", CPU "nohz_full");
	put("-1\n", NET "device/numa_node");
	assert_part(resource_reported(r), "should be 2-3,7,10-15");
}

/* Of each queue of the direction, once it is known which interface it is. */
static void test_files(void **state)
{
	struct resource *r;

	(void)state;
	node_of_ena(2, 16);
	r = new_steer(&kind_xps, "xps: auto");
	assert_null(kind_xps.files(r, NULL));
	resource_observe(r);
	assert_string_equal(keep_text(kind_xps.files(r, &tmproot.host)),
	                    NET "queues/tx-0/xps_cpus\n" NET "queues/tx-1/xps_cpus");
}

static void test_write(void **state)
{
	struct resource *r;
	struct err e;

	(void)state;
	node_of_ena(2, 64);
	r = new_steer(&kind_xps, "xps: auto");
	assert_part(resource_reported(r), "drift ");
	assert_int_equal(resource_apply(r, NULL, &e), 0);
	assert_string_equal(tmproot_read(NET "queues/tx-0/xps_cpus"),
	                    "55555555,55555555\n");
	assert_string_equal(tmproot_read(NET "queues/tx-1/xps_cpus"),
	                    "aaaaaaaa,aaaaaaaa\n");
	assert_part(resource_reported(r), "ok ");
	assert_int_equal(kind_xps.revert(r, &tmproot.host, &e), 0);
	assert_string_equal(tmproot_read(NET "queues/tx-0/xps_cpus"), "0\n");
}

static void test_unsupported(void **state)
{
	struct resource *r;

	(void)state;
	queues(1);
	cpus(4);
	r = new_steer(&kind_rps, "rps: auto");
	assert_string_equal(
		resource_reported(r),
		"failed InterfaceUnsupported now=none: the driver of eth0 has "
		"no interrupts");
	tmproot_remove(NET "queues/tx-0/xps_cpus");
	r = new_steer(&kind_xps, "xps: auto");
	assert_string_equal(
		resource_reported(r),
		"failed InterfaceUnsupported now=NULL: the driver of eth0 has no xps");
	r = new_steer(&kind_xps, "xps: auto, optional: true");
	assert_string_equal(
		resource_reported(r),
		"skipped NotSupported now=NULL: eth0 has no xps, which is optional");
}

/* What is unknown is neither in sync nor written. */
static void test_unreadable(void **state)
{
	_placement_ struct placement p = {0};
	struct resource *r;
	struct err e;

	(void)state;
	node_of_ena(2, 4);
	put("what\n", NET "queues/rx-1/rps_cpus");
	r = new_steer(&kind_rps, "rps: auto");
	assert_string_equal(
		resource_reported(r),
		"failed NotReadable now=NULL: rps_cpus of eth0: \"what\" is not "
		"understood");
	put("0\n", NET "queues/rx-1/rps_cpus");
	put("what\n", "/proc/irq/31/effective_affinity_list");
	assert_part(resource_reported(r), "failed NotReadable ");
	put("0\n", "/proc/irq/31/effective_affinity_list");
	put("what\n", CPU "isolated");
	assert_part(resource_reported(r), "failed NotReadable ");
	put("\n", CPU "isolated");
	tmproot_link("/sys/class/net/eth1/device", "device");
	assert_int_equal(placement_read(&tmproot.host, "eth1", &p, &e), -ELOOP);
}

static void test_disappears(void **state)
{
	struct resource *r;
	enum reason reason = REASON_FAILED;
	struct err e;

	(void)state;
	tmproot_dir("/sys/devices/pci0/net/eth0");
	tmproot_dir("/sys/class/net");
	tmproot_link("/sys/class/net/eth0", "../../devices/pci0/net/eth0");
	node_of_ena(1, 4);
	r = new_steer(&kind_rps, "rps: auto");
	assert_part(resource_reported(r), "drift ");
	tmproot_remove("/sys/class/net/eth0");
	r->run.begun = true;
	assert_int_equal(resource_apply(r, &reason, &e), -ENODEV);
	assert_int_equal(reason, REASON_INTERFACE_GONE);
	assert_part(resource_reported(r), "failed InterfaceGone ");
	assert_int_equal(kind_rps.revert(r, &tmproot.host, &e), 0);
}

/* RFS needs a table of all flows. */
static void test_table(void **state)
{
	struct resource *r;

	(void)state;
	node_of_ena(1, 4);
	put("0\n", "/proc/sys/net/core/rps_sock_flow_entries");
	r = new_steer(&kind_rfs, "rfs: auto");
	assert_part(resource_reported(r), "drift ");
	put("32768\n", NET "queues/rx-0/rps_flow_cnt");
	assert_part(resource_reported(r), "ok NoFlowTable now=32768: ");
	put("32768\n", "/proc/sys/net/core/rps_sock_flow_entries");
	assert_part(resource_reported(r), "ok ");
}

static const struct problem_row {
	const char *name;
	const struct kind *kind;
	const char *problem;
} problem_rows[] = {
	{"rps: most", &kind_rps,
         "rps \"most\": should be auto, off, or a list of CPUs such as 4-7,12"},
	{"rps: 7-4", &kind_rps, "rps \"7-4\": should be"},
	{"rps: [1]", &kind_rps, "rps: is a list"},
	{"xps: 1-3", &kind_xps, "xps \"1-3\": unknown"},
	{"rfs: 0", &kind_rfs,
         "rfs \"0\": should be auto, off, or a number of flows (1 to 1073741824)"},
	{"rfs: on", &kind_rfs, "rfs \"on\": should be"},
};

static void test_problem(void **state)
{
	const struct problem_row *row = *state;
	struct diagnostics *diag = new_diagnostics();

	(void)resource_new(row->kind, keep_text(mem_format(ITEM, row->name)), diag);
	assert_part(diagnostics_text(diag), row->problem);
}

/* --- revert ----------------------------------------------------------------------------
 */

static void test_undo(void **state)
{
	char *value = NULL;
	struct err e;

	(void)state;
	queues(3);
	assert_int_equal(steer_undo.write(&tmproot.host, "eth0 rps", "0-3 none 32", &e),
	                 0);
	assert_string_equal(tmproot_read(NET "queues/rx-0/rps_cpus"), "f\n");
	assert_string_equal(tmproot_read(NET "queues/rx-2/rps_cpus"), "1,00000000\n");
	assert_int_equal(steer_undo.read(&tmproot.host, "eth0 rps", &value, &e), 0);
	assert_string_equal(keep_text(value), "0-3 none 32");
	assert_int_equal(steer_undo.write(&tmproot.host, "eth0 rfs", "64", &e), 0);
	assert_string_equal(tmproot_read(NET "queues/rx-2/rps_flow_cnt"), "64\n");
	assert_string_equal(
		keep_text(steer_undo.command(&tmproot.host, "eth0 xps", "0 1")),
		"echo 1 >/sys/class/net/eth0/queues/tx-0/xps_cpus; echo 2 "
		">/sys/class/net/eth0/queues/tx-1/xps_cpus");
	assert_int_equal(steer_undo.read(&tmproot.host, "eth7 rps", &value, &e), 0);
	assert_null(value);
}

static const char *const hostile_objects[] = {
	"",       "eth0", "eth0 ",      "eth0 qdisc",   "../eth0 rps",
	".. rps", " rps", "eth0/x rps", "eth0 rps xps",
};
static const char *const hostile_values[] = {
	"", " ", "f;reboot", "0-99999", "-1", "none,1", "$(reboot)", "1 2 x",
};

static void test_hostile(void **state)
{
	char *value;
	struct err e;

	(void)state;
	queues(1);
	for (size_t i = 0; i < ARRAY_SIZE(hostile_objects); i++) {
		const char *object = hostile_objects[i];

		assert_int_equal(steer_undo.read(&tmproot.host, object, &value, &e),
		                 -EINVAL);
		assert_int_equal(steer_undo.write(&tmproot.host, object, "0", &e),
		                 -EINVAL);
		assert_null(steer_undo.command(&tmproot.host, object, "0"));
	}
	for (size_t i = 0; i < ARRAY_SIZE(hostile_values); i++) {
		assert_int_equal(steer_undo.write(&tmproot.host, "eth0 rps",
		                                  hostile_values[i], &e),
		                 -EINVAL);
		assert_null(
			steer_undo.command(&tmproot.host, "eth0 rps", hostile_values[i]));
	}
	assert_string_equal(tmproot_read(NET "queues/rx-0/rps_cpus"), "0000\n");
}

static void test_capture(void **state)
{
	struct node *list = node_new(NODE_LIST);
	struct diagnostics *diag = new_diagnostics();
	struct resource *r;

	(void)state;
	node_of_ena(2, 4);
	r = new_steer(&kind_rps, "rps: auto");
	resource_observe(r);
	assert_true(kind_rps.capture(r, &tmproot.host, list, diag));
	assert_string_equal(node_get(list->items[0], "rps")->text, "off");
	put("c\n", NET "queues/rx-0/rps_cpus");
	put("c\n", NET "queues/rx-1/rps_cpus");
	resource_observe(r);
	assert_true(kind_rps.capture(r, &tmproot.host, list, diag));
	assert_string_equal(node_get(list->items[0], "rps")->text, "auto");
	put("8\n", NET "queues/rx-1/rps_cpus");
	resource_observe(r);
	assert_true(kind_rps.capture(r, &tmproot.host, list, diag));
	assert_part(diagnostics_text(diag), "rps data: is 2-3 3");
	node_free(list);
}

int main(void)
{
	static struct suite s;

	suite_fixture(tmproot_setup, tmproot_teardown);
	suite_rows(&s, rows, test_auto);
	suite_rows(&s, action_rows, test_action);
	suite_rows(&s, problem_rows, test_problem);
	suite_test(&s, "fewer CPUs", test_fewer_cpus);
	suite_test(&s, "files", test_files);
	suite_test(&s, "writing", test_write);
	suite_test(&s, "what an interface lacks", test_unsupported);
	suite_test(&s, "what cannot be read", test_unreadable);
	suite_test(&s, "an interface that disappears", test_disappears);
	suite_test(&s, "the table of flows", test_table);
	suite_test(&s, "revert", test_undo);
	suite_test(&s, "hostile objects and values", test_hostile);
	suite_test(&s, "capture", test_capture);
	return suite_run(&s);
}
