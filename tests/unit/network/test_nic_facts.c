/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What formulas of a network item know of its interfaces. */
#include "base/mem.h"
#include "bundle/bundle.h"
#include "doc/node.h"
#include "host/facts.h"
#include "network/nic_facts.h"
#include "resource/kind.h"
#include "test.h"
#include "tmproot.h"

#include <errno.h>
#include <string.h>

/* e0 and e1 are cards; q0 cannot change its queues and has no rings; p0 is of a pod. */
static const char *const answers =
	"e0 channels: {combined: 2, max combined: 8, max rx: 0, max tx: 0}\n"
	"e0 rings: {rx: 256, max rx: 4096, tx: 256, max tx: 512}\n"
	"e1 channels: {rx: 1, tx: 1, max combined: 0, max rx: 4, max tx: 6}\n"
	"e1 rings: {rx: 256, max rx: 8192}\n"
	"q0 channels: {error: EOPNOTSUPP, message: not supported}\n"
	"q0 rings: {error: EOPNOTSUPP, message: not supported}\n"
	"p0 channels: {combined: 1, max combined: 0, max rx: 0, max tx: 0}\n"
	"p0 rings: {rx: 0, max rx: 0}\n";

static const struct row {
	const char *name;
	int64_t queues, ring_max, gbps;
} rows[] = {
	{"{name: e0}", 8, 4096, 25},
	{"{name: e1}", 6, 8192, HOST_FACTS_NIC_GBPS},
	{"{name: \"e*\"}", 6, 4096, HOST_FACTS_NIC_GBPS},
	{"{name: q0}", 3, KIND_FACT_NONE, HOST_FACTS_NIC_GBPS},
	{"{name: p0}", KIND_FACT_NONE, KIND_FACT_NONE, HOST_FACTS_NIC_GBPS},
	{"{name: [e0, q0]}", 3, 4096, HOST_FACTS_NIC_GBPS},
	{"{driver: igb}", KIND_FACT_NONE, KIND_FACT_NONE, KIND_FACT_NONE},
	{"{name: none}", KIND_FACT_NONE, KIND_FACT_NONE, KIND_FACT_NONE},
	{"{default-route: true}", 8, 4096, 25},
	{"NULL", 8, 4096, 25},
};

static void free_bundle(void *b)
{
	bundle_free(b);
}

static int setup(void **state)
{
	static const char *const names[] = {"e0", "e1", "q0", "p0"};
	struct bundle *b = keep(bundle_new(), free_bundle);
	struct node *known = node_get_map(bundle_part(b, "answers"), "net");

	if (tmproot_setup(state) != 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		tmproot_write(keep_text(mem_format("/sys/class/net/%s/mtu", names[i])),
		              "1500\n");
	tmproot_write("/sys/class/net/e0/device/uevent", "DRIVER=ena\n");
	tmproot_write("/sys/class/net/e0/speed", "25000\n");
	for (size_t i = 0; i < 3; i++)
		tmproot_write(keep_text(mem_format(
				      "/sys/class/net/q0/queues/rx-%zu/rps_cpus", i)),
		              "0\n");
	tmproot_write("/sys/class/net/q0/queues/tx-0/xps_cpus", "0\n");
	tmproot_write("/proc/net/route",
	              "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n"
	              "e0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\n");
	node_for_each (answer, yaml(answers))
		node_set(known, answer->key, node_copy(answer));
	tmproot.host.record = b;
	return 0;
}

static int teardown(void **state)
{
	tmproot.host.record = NULL;
	return tmproot_teardown(state);
}

static void test_row(void **state)
{
	const struct row *row = *state;
	const struct node *item =
		strcmp(row->name, "NULL") == 0
			? NULL
			: yaml(keep_text(
				  mem_format("{name: a, interfaces: %s}", row->name)));
	int64_t ret[3] = {0};
	struct err e = {0};

	assert_int_equal(nic_facts.read(&tmproot.host, NULL, item, ret, &e), 0);
	assert_int_equal(ret[0], row->queues);
	assert_int_equal(ret[1], row->ring_max);
	assert_int_equal(ret[2], row->gbps);
}

/* What cannot be read is no interface without queues. */
static void test_unreadable(void **state)
{
	int64_t ret[3] = {7, 7, 7};
	struct err e = {0};

	(void)state;
	tmproot_remove("/proc/net/route");
	assert_int_equal(nic_facts.read(&tmproot.host, NULL, NULL, ret, &e), -ENOENT);
	for (size_t i = 0; i < ARRAY_SIZE(ret); i++)
		assert_int_equal(ret[i], KIND_FACT_NONE);
}

/* The lowest of two, of which one is unknown, is unknown; the other facts are not. */
static void test_one_unknown(void **state)
{
	const struct node *item = yaml("{name: a, interfaces: {name: [e0, e1]}}");
	int64_t ret[3] = {0};
	struct err e;

	(void)state;
	node_set(node_get_map(bundle_part(tmproot.host.record, "answers"), "net"),
	         "e1 channels",
	         node_copy(yaml("{error: EPERM, message: not permitted}")));
	tmproot_link("/sys/class/net/e1/device", "device");
	assert_int_equal(nic_facts.read(&tmproot.host, NULL, item, ret, &e), 0);
	assert_int_equal(ret[0], KIND_FACT_NONE);
	assert_int_equal(ret[1], 4096);
	assert_int_equal(ret[2], KIND_FACT_NONE);
}

int main(void)
{
	static struct suite s;

	suite_fixture(setup, teardown);
	suite_rows(&s, rows, test_row);
	suite_test(&s, "unreadable routes", test_unreadable);
	suite_test(&s, "one interface that cannot be read", test_one_unknown);
	return suite_run(&s);
}
