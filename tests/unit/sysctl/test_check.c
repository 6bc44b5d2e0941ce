/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the check reports for values of known sysctls; it needs no host. */
#include "doc/node.h"
#include "host/facts.h"
#include "sysctl/check.h"
#include "test.h"

#define COUNT(key, n, s, has)                                       \
	"1:2: sysctl " key ": must have " n " value" s ", not " has \
	" (the kernel accepts it silently)\n"
#define LOWERS(place, key, text, floor)                                                 \
	place ": warning: sysctl " key " \"" text "\": is lower than the default of a " \
	      "Bottlerocket node (use {min: " floor "})\n"
#define NODE_ONLY(key)                                                            \
	"1:2: note: sysctl " key ": applies to the node only: a pod has its own " \
	"value, which starts as the kernel's default\n"

static const struct row {
	const char *yaml, *reported;
} rows[] = {
	/* unknown keys */
	{"{vm.x: nonsense}", ""},
	{"{vm.drop_caches: 1}", ""},
	{"{net.ipv4.tcp_congestion_control: bbr}", ""},
	/* number of values */
	{"{net.ipv4.tcp_rmem: 4096 131072 6291456}", ""},
	{"{net.ipv4.tcp_rmem: 4096}", COUNT("net.ipv4.tcp_rmem", "3", "s", "1")},
	{"{kernel.sem: [1, 2, 3, 4, 5]}", COUNT("kernel.sem", "4", "s", "5")},
	{"{kernel.printk: 4 4 1 7}", ""},
	{"{kernel.acct: 4 2}", COUNT("kernel.acct", "3", "s", "2")},
	{"{vm.swappiness: 10 20}", COUNT("vm.swappiness", "1", "", "2")},
	{"{net.ipv4.ping_group_range: 1 0}", NODE_ONLY("net.ipv4.ping_group_range")},
	/* ascending values */
	{"{net.ipv4.udp_mem: 3 3 3}", ""},
	{"{net.ipv4.udp_mem: 3 1 2}",
         "1:20: sysctl net.ipv4.udp_mem \"1\": is less than the value before it, 3\n"},
	{"{net.ipv4.udp_mem: [3, {min: 1}, 2]}",
         "1:34: sysctl net.ipv4.udp_mem \"2\": is less than the value before it, 3\n"},
	{"{net.ipv4.udp_mem: [{max: 9}, {min: 8}, {min: 1}]}", ""},
	{"{net.ipv4.udp_mem: [{min: 9}, 10, {max: 8}]}",
         "1:41: sysctl net.ipv4.udp_mem \"8\": is less than the value before it, 10\n"},
	/* ranges */
	{"{vm.swappiness: 0}", ""},
	{"{vm.swappiness: 200}", ""},
	{"{vm.swappiness: 201}",
         "1:17: sysctl vm.swappiness \"201\": must be 0 to 200 (kernel/sysctl.c)\n"},
	{"{vm.swappiness: -1}",
         "1:17: sysctl vm.swappiness \"-1\": must be 0 to 200 (kernel/sysctl.c)\n"},
	{"{vm.swappiness: {max: 300}}",
         "1:23: sysctl vm.swappiness \"300\": must be 0 to 200 (kernel/sysctl.c)\n"},
	{"{vm.swappiness: '10%'}",
         "1:17: sysctl vm.swappiness \"10%\": must be a whole number\n"},
	{"{vm.dirty_bytes: 8191}",
         "1:18: sysctl vm.dirty_bytes \"8191\": must be 8192 or more (two pages: vm.rst)\n"},
	{"{vm.dirty_bytes: 99999999999999999999}",
         "1:18: sysctl vm.dirty_bytes \"99999999999999999999\": must be 8192 to "
         "9223372036854775807 (two pages: vm.rst)\n"},
	{"{net.core.netdev_max_backlog: -1}",
         "1:31: sysctl net.core.netdev_max_backlog \"-1\": must be 0 or more "
         "(packets: net/core/dev.c)\n"},
	/* limits of the kernel */
	{"{net.core.rmem_max: 1073741823}", ""},
	{"{net.core.wmem_max: {min: 1GiB}}",
         "1:27: warning: sysctl net.core.wmem_max \"1073741824\": the kernel uses at most 1073741823\n"},
	{"{net.core.rmem_max: {max: 1GiB}}", ""},
	/* the defaults of a node */
	{"{vm.max_map_count: 1048576}", ""},
	{"{vm.max_map_count: {min: 1}}", ""},
	{"{vm.max_map_count: 1048575}",
         LOWERS("1:20", "vm.max_map_count", "1048575", "1048576")},
	{"{vm.max_map_count: {max: 9}}",
         LOWERS("1:26", "vm.max_map_count", "9", "1048576")},
	{"{net.ipv4.tcp_wmem: [{min: 1}, 16384, 4194304]}",
         LOWERS("1:32", "net.ipv4.tcp_wmem", "16384", "20480")},
	/* per namespace; deprecated */
	{"{net.ipv4.tcp_sack: 1}", NODE_ONLY("net.ipv4.tcp_sack")},
	{"{net.ipv4.tcp_fack: 1}",
         "1:2: warning: sysctl net.ipv4.tcp_fack: deprecated: has no effect\n"},
	/* pairs */
	{"{vm.dirty_bytes: 8192, vm.dirty_background_ratio: 10}", ""},
	{"{vm.dirty_ratio: 20,\n vm.dirty_bytes: 8192}",
         "2:2: sysctl vm.dirty_bytes: excludes vm.dirty_ratio at test.yaml:1 (the kernel uses the one written last, the other reads 0)\n"},
	{"{vm.dirty_background_bytes: 8192,\n vm.dirty_background_ratio: {min: 1}}",
         "2:2: sysctl vm.dirty_background_ratio: excludes vm.dirty_background_bytes at "
         "test.yaml:1 (the kernel uses the one written last, the other reads 0)\n"},
	/* background below dirty */
	{"{vm.dirty_background_ratio: 9, vm.dirty_ratio: 10}", ""},
	{"{vm.dirty_ratio: 10,\n vm.dirty_background_ratio: 10}",
         "2:2: sysctl vm.dirty_background_ratio: 10 must be below vm.dirty_ratio, which is 10 at "
         "test.yaml:1 (the kernel would use half of that)\n"},
	{"{vm.dirty_background_bytes: {min: 9000}, vm.dirty_bytes: {max: 8192}}",
         "1:2: sysctl vm.dirty_background_bytes: 9000 must be below vm.dirty_bytes, which is 8192 "
         "at test.yaml:1 (the kernel would use half of that)\n"},
	{"{vm.dirty_background_bytes: {max: 9000}, vm.dirty_bytes: 8192}", ""},
	{"{vm.dirty_background_bytes: 9000, vm.dirty_bytes: {min: 8192}}", ""},
};

/* Check the sysctls of a mapping, each by itself and then all together. */
static const char *reported_of(const struct node *n, const struct host_facts *facts)
{
	struct sysctl_value values[4] = {0};
	struct sysctl_wanted list[4];
	struct diagnostics *diag = new_diagnostics();

	assert_true(n->n <= ARRAY_SIZE(list));
	for (size_t i = 0; i < n->n; i++) {
		const struct node *item = n->items[i];

		sysctl_value_parse(&values[i], item->key, item, diag);
		list[i] = (struct sysctl_wanted){item->key, item->key_at, &values[i],
		                                 item->when};
		sysctl_check(&list[i], diag);
	}
	sysctl_check_all(list, n->n, facts, diag);
	for (size_t i = 0; i < n->n; i++)
		sysctl_value_done(&values[i]);
	diag_sort(diag);
	return diagnostics_text(diag);
}

static const char *reported(const struct node *n)
{
	return reported_of(n, NULL);
}

/* --- what depends on the node ------------------------------------------------------- */

#define FULL(key, each, all, default_, n)                                        \
	"1:2: warning: sysctl " key ": a connection can use " each               \
	" MiB (tcp_rmem and tcp_wmem) of " all " MiB in total (tcp_mem" default_ \
	"): enough for " n " connections, should be 20 or more\n"
#define DEFAULT ", the kernel's default"

static const struct memory_row {
	const char *yaml;
	int64_t memory_mib, page_size; /* memory 0: no facts */
	const char *reported;
} memory_rows[] = {
	/* 9.37 % of memory: 640 and 639 MiB, for 20 connections of 32 MiB */
	{"{net.ipv4.tcp_rmem: 4096 131072 16777216, net.ipv4.tcp_wmem: 4096 20480 16777216}",
         6848, 4096, ""},
	{"{net.ipv4.tcp_rmem: 4096 131072 16777216, net.ipv4.tcp_wmem: 4096 20480 16777216}",
         6816, 4096, FULL("net.ipv4.tcp_rmem", "32", "639", DEFAULT, "19")},
	{"{net.ipv4.tcp_rmem: 4096 131072 16777216, net.ipv4.tcp_wmem: 4096 20480 16777216}",
         0, 0, ""},
	{"{net.ipv4.tcp_wmem: 4096 20480 1073741824}", 65536, 4096,
         FULL("net.ipv4.tcp_wmem", "1024", "6144", DEFAULT, "6")},
	{"{net.ipv4.tcp_rmem: [4096, 131072, {min: 1073741824}]}", 65536, 4096,
         FULL("net.ipv4.tcp_rmem", "1024", "6144", DEFAULT, "6")},
	{"{net.ipv4.tcp_rmem: [4096, 131072, {max: 1073741824}]}", 65536, 4096, ""},
	/* pages from the profile: 2 GiB for 20 times 100 MiB; 4 KiB without facts */
	{"{net.ipv4.tcp_rmem: 4096 131072 104857600, net.ipv4.tcp_mem: 1 2 524288}", 1024,
         4096, ""},
	{"{net.ipv4.tcp_rmem: 4096 131072 104857600, net.ipv4.tcp_mem: 1 2 511999}", 1024,
         4096, FULL("net.ipv4.tcp_rmem", "100", "1999", "", "19")},
	{"{net.ipv4.tcp_rmem: 4096 131072 104857600, net.ipv4.tcp_mem: 1 2 511999}", 0, 0,
         FULL("net.ipv4.tcp_rmem", "100", "1999", "", "19")},
	{"{net.ipv4.tcp_rmem: 4096 131072 104857600, net.ipv4.tcp_mem: 1 2 511999}", 1024,
         65536, ""},
	{"{net.ipv4.tcp_rmem: 4096 131072 104857600, net.ipv4.tcp_mem: [1, 2, {min: 3}]}",
         1024, 4096, ""},
	{"{net.ipv4.tcp_rmem: 4096 131072 104857600, net.ipv4.tcp_mem: 1 2 9223372036854775807}",
         1024, 4096, ""},
};

static void test_memory(void **state)
{
	const struct memory_row *row = *state;
	const struct host_facts facts = {.memory = row->memory_mib << 20,
	                                 .page_size = row->page_size};

	assert_string_equal(reported_of(yaml(row->yaml), row->memory_mib ? &facts : NULL),
	                    row->reported);
}

/* Two keys that exclude each other may be for different nodes. */
static void test_conditions(void **state)
{
	struct node *n = yaml("{vm.dirty_bytes: 10000, vm.dirty_ratio: 10}");
	char one[] = "cpus > 1", other[] = "cpus == 1";

	(void)state;
	n->items[0]->when = one;
	assert_part(reported(n), "excludes");
	n->items[1]->when = one;
	assert_part(reported(n), "excludes");
	n->items[1]->when = other;
	assert_string_equal(reported(n), "");
	n->items[0]->when = n->items[1]->when = NULL;
}

static void test_row(void **state)
{
	const struct row *row = *state;

	assert_string_equal(reported(yaml(row->yaml)), row->reported);
}

static void mark_formulas(struct node *n)
{
	n->unknown = n->type == NODE_SCALAR && n->text[0] == '=';
	node_for_each (item, n)
		mark_formulas(item);
}

/* A formula that is not computed counts as one value, and its value is not checked. */
static void test_unknown(void **state)
{
	struct node *n = yaml("{net.ipv4.udp_mem: [9, '= a b', {max: = c}],\n"
	                      " vm.dirty_bytes: = a,\n"
	                      " vm.dirty_background_bytes: {min: = a},\n"
	                      " vm.max_map_count: {max: = a}}");

	(void)state;
	mark_formulas(n);
	assert_string_equal(reported(n), "");
}

int main(void)
{
	static struct suite s;

	suite_rows(&s, rows, test_row);
	suite_rows(&s, memory_rows, test_memory);
	suite_test(&s, "conditions", test_conditions);
	suite_test(&s, "formulas that are not computed", test_unknown);
	return suite_run(&s);
}
