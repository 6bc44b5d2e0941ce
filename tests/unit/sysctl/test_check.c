/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the check reports for values of known sysctls; it needs no host. */
#include "base/mem.h"
#include "doc/node.h"
#include "host/facts.h"
#include "sysctl/check.h"
#include "sysctl/known/table.h"
#include "test.h"

#include <stdlib.h>

#define COUNT(key, n, s, has)                                       \
	"1:2: sysctl " key ": must have " n " value" s ", not " has \
	" (the kernel accepts it silently)\n"
#define LOWERS(place, key, text, floor)                                                 \
	place ": warning: sysctl " key " \"" text "\": is lower than the default of a " \
	      "Bottlerocket node (use {min: " floor "})\n"
#define NODE_ONLY_AT(place, key)                                                     \
	place ": note: sysctl " key ": applies to the node only: a pod has its own " \
	      "value, which starts as the kernel's default\n"
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
	/* types: keys.def */
	{"{vm.swapiness: 1}",
         "1:2: sysctl vm.swapiness: no such key (did you mean \"vm.swappiness\"?)\n"},
	{"{net.ipv4.conf.eth0.rp_fliter: 1}",
         "1:2: sysctl net.ipv4.conf.eth0.rp_fliter: no such key (did you mean "
         "\"net.ipv4.conf.eth0.rp_filter\"?)\n"},
	{"{kernel.pid_max: abc}",
         "1:18: sysctl kernel.pid_max \"abc\": must be a whole number\n"},
	{"{vm.max_map_count: 1_048_576}",
         "1:20: sysctl vm.max_map_count \"1_048_576\": must be a whole number (write "
         "1048576)\n"},
	{"{fs.file-max: '4194304;'}",
         "1:15: sysctl fs.file-max \"4194304;\": must be a whole number (write "
         "4194304)\n"},
	{"{kernel.pid_max: '1,000,000'}",
         "1:18: sysctl kernel.pid_max \"1,000,000\": must be a whole number (write "
         "1000000)\n"},
	{"{kernel.sem: '1,2,3,4 2 3 4'}",
         "1:14: sysctl kernel.sem \"1,2,3,4\": must be a whole number\n"},
	{"{kernel.panic_on_warn: yes}",
         "1:24: sysctl kernel.panic_on_warn \"yes\": must be a whole number (write 1)\n"},
	{"{kernel.panic_on_warn: off}",
         "1:24: sysctl kernel.panic_on_warn \"off\": must be a whole number (write 0)\n"},
	{"{kernel.panic_on_warn: 2}",
         "1:24: sysctl kernel.panic_on_warn \"2\": must be 0 to 1 (the kernel refuses "
         "others)\n"},
	{"{kernel.sysrq: 0x1b0}", ""},
	{"{kernel.printk_devkmsg: on}", ""},
	{"{kernel.printk_devkmsg: ~}",
         "1:25: sysctl kernel.printk_devkmsg \"~\": is null in YAML (quote it, or write "
         "\"\" for an empty value)\n"},
	{"{net.ipv4.ip_local_reserved_ports: a-b}",
         "1:36: sysctl net.ipv4.ip_local_reserved_ports \"a-b\": must be a list of "
         "numbers and ranges such as 0-3,8\n"},
	{"{net.core.flow_limit_cpu_bitmap: xyz}",
         "1:34: sysctl net.core.flow_limit_cpu_bitmap \"xyz\": must be hex digits, in "
         "groups of eight separated by commas\n"},
	{"{fs.inode-nr: 1}",
         "1:2: warning: sysctl fs.inode-nr: is read-only: hosttune compares it, but cannot "
         "set it\n"},
	/* two names of one value */
	{"{net.ipv4.ip_forward: 1, net.ipv4.conf.all.forwarding: 1}", ""},
	{"{net.ipv4.ip_forward: {min: 1}, net.ipv4.conf.all.forwarding: 2}",
         "1:33: sysctl net.ipv4.conf.all.forwarding: is another name of "
         "net.ipv4.ip_forward, which has another value at test.yaml:1 (remove one)\n"
         "1:63: warning: sysctl net.ipv4.conf.all.forwarding \"2\": Cilium, or kube-proxy in "
         "IPVS mode, sets it to 1 when it starts\n"},
	{"{net.nf_conntrack_max: 200000}",
         LOWERS("1:24", "net.nf_conntrack_max", "200000", "1048576")},
	{"{net.ipv4.neigh.lo.retrans_time: 1, net.ipv4.neigh.lo.retrans_time_ms: 10}",
         "1:37: sysctl net.ipv4.neigh.lo.retrans_time_ms: sets the same value as "
         "net.ipv4.neigh.lo.retrans_time at test.yaml:1, in another unit (remove one)\n"},
	{"{net.ipv4.neigh.lo.retrans_time: 1, net.ipv4.neigh.eth0.retrans_time_ms: 10}",
         ""},
	/* limits */
	{"{net.sctp.rto_max: 2000, net.sctp.rto_min: 3000}",
         "1:26: sysctl net.sctp.rto_min: 3000 is above net.sctp.rto_max, which is 2000 at "
         "test.yaml:1 (the kernel refuses that: net/sctp/sysctl.c)\n"},
	{"{net.sctp.rto_max: 2000, net.sctp.rto_min: 2000}", ""},
	{"{kernel.watchdog: 0, kernel.soft_watchdog: 1}",
         "1:22: sysctl kernel.soft_watchdog: 1 is above kernel.watchdog, which is 0 at "
         "test.yaml:1 (the lower one then reads 0: kernel/watchdog.c)\n"},
	{"{kernel.watchdog: 0, kernel.nmi_watchdog: 0}", ""},
	{"{kernel.watchdog: 1, kernel.nmi_watchdog: 0}", ""},
	{"{net.ipv4.ip_unprivileged_port_start: 1024, net.ipv4.ip_local_port_range: 1000 2000}",
         "1:2: sysctl net.ipv4.ip_unprivileged_port_start: 1024 is above "
         "net.ipv4.ip_local_port_range, which is 1000 at test.yaml:1 (the kernel refuses "
         "that: net/ipv4/sysctl_net_ipv4.c)\n" NODE_ONLY_AT(
		 "1:45", "net.ipv4.ip_local_port_range")},
	/* 0 beside the other key of a pair */
	{"{vm.dirty_bytes: 0, vm.dirty_ratio: 20}", ""},
	{"{vm.dirty_ratio: 20, vm.dirty_bytes: 0}", ""},
	{"{vm.dirty_bytes: 8192, vm.dirty_ratio: 0}", ""},
	{"{vm.dirty_bytes: 0, vm.dirty_ratio: 20, vm.dirty_background_bytes: 0, "
         "vm.dirty_background_ratio: 10}",
         ""},
	{"{vm.dirty_bytes: 0}",
         "1:18: sysctl vm.dirty_bytes: 0 cannot be written (set vm.dirty_ratio, which "
         "makes it 0)\n"},
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
	struct sysctl_wanted list[4] = {0};
	struct diagnostics *diag = new_diagnostics();

	assert_true(n->n <= ARRAY_SIZE(list));
	for (size_t i = 0; i < n->n; i++) {
		const struct node *item = n->items[i];

		sysctl_value_parse(&values[i], item->key, item, diag);
		list[i] = (struct sysctl_wanted){.key = item->key,
		                                 .at = item->key_at,
		                                 .value = &values[i],
		                                 .when = item->when};
		sysctl_check(&list[i], diag);
	}
	sysctl_check_all(list, n->n, facts, diag);
	for (size_t i = 0; i < n->n; i++)
		sysctl_value_done(&values[i]);
	diag_sort(diag);
	return diagnostics_text(diag);
}

/* --- programs of the node -------------------------------------------------------------
 */

#define ERROR(key, text, value)                             \
	"1:16: sysctl " key " \"" text "\": must be " value \
	": with another value the kubelet of a Bottlerocket node does not start\n"
#define WARNS(key, text, value)                     \
	"1:16: warning: sysctl " key " \"" text     \
	"\": on a Kubernetes node of Bottlerocket " \
	"it must be " value ": with another value the kubelet does not start\n"
#define SETS                                                                         \
	"1:28: warning: sysctl net.ipv4.tcp_early_demux \"0\": the VPC CNI (0 with " \
	"DISABLE_TCP_EARLY_DEMUX) sets it to 1 when it starts\n"

static const char k8s[] = "aws-k8s-1.31", ecs[] = "aws-ecs-2", none[] = "";

static const struct node_row {
	const char *name, *yaml, *variant; /* variant NULL: unknown */
	bool persist;
	const char *reported;
} node_rows[] = {
	{"offline, persisted", "{kernel.panic: 0}", NULL, true,
         ERROR("kernel.panic", "0", "10")},
	{"offline, not persisted", "{kernel.panic: 0}", NULL, false,
         WARNS("kernel.panic", "0", "10")},
	{"on Kubernetes", "{kernel.panic: 0}", k8s, false,
         ERROR("kernel.panic", "0", "10")},
	{"on ECS", "{kernel.panic: 0}", ecs, true, WARNS("kernel.panic", "0", "10")},
	{"elsewhere", "{kernel.panic: 0}", none, true, WARNS("kernel.panic", "0", "10")},
	{"the required value", "{kernel.panic: 10}", k8s, true, ""},
	{"a bound that allows it", "{kernel.panic: {min: 5}}", k8s, true, ""},
	{"set by a CNI, on Kubernetes", "{net.ipv4.tcp_early_demux: 0}", k8s, false,
         SETS},
	{"set by a CNI, elsewhere", "{net.ipv4.tcp_early_demux: 0}", none, false, ""},
	{"below the default, on Bottlerocket", "{vm.max_map_count: 65530}", ecs, false,
         LOWERS("1:20", "vm.max_map_count", "65530", "1048576")},
	{"below the default, elsewhere", "{vm.max_map_count: 65530}", none, false, ""},
	{"raised by kube-proxy",
         "{net.netfilter.nf_conntrack_tcp_timeout_close_wait: 60}", k8s, false,
         "1:53: warning: sysctl net.netfilter.nf_conntrack_tcp_timeout_close_wait \"60\": "
         "kube-proxy (conntrack.tcpCloseWaitTimeout) raises it to 3600 when it starts\n"},
	{"set by several, under the name of an alias", "{net.ipv4.ip_forward: 0}", k8s,
         false,
         "1:23: warning: sysctl net.ipv4.ip_forward \"0\": is lower than the default of a "
         "Bottlerocket node (use {min: 1})\n"
         "1:23: warning: sysctl net.ipv4.ip_forward \"0\": Cilium, or kube-proxy in IPVS mode, "
         "sets it to 1 when it starts\n"},
	{"set on an interface", "{net.ipv6.conf.eth0.accept_ra: 0}", k8s, false,
         "1:32: warning: sysctl net.ipv6.conf.eth0.accept_ra \"0\": the VPC CNI (on the primary "
         "interface, in IPv6 clusters or with ENABLE_V6_EGRESS) sets it to 2 when it starts\n"},
	{"set on an interface, not on all", "{net.ipv6.conf.all.accept_ra: 0}", k8s,
         false, ""},
	{"higher than what kube-proxy raises it to",
         "{net.netfilter.nf_conntrack_tcp_timeout_close_wait: 7200}", k8s, false, ""},
};

static void test_node(void **state)
{
	const struct node_row *row = *state;
	const struct host_facts facts = {.variant = row->variant ? mem_dup(row->variant)
	                                                         : NULL};
	const struct node *n = yaml(row->yaml)->items[0];
	_cleanup_(sysctl_value_done) struct sysctl_value value = {0};
	struct diagnostics *diag = new_diagnostics();
	struct sysctl_wanted wanted = {
		.key = n->key, .at = n->key_at, .value = &value, .persist = row->persist};

	sysctl_value_parse(&value, n->key, n, diag);
	sysctl_check_all(&wanted, 1, row->variant ? &facts : NULL, diag);
	free(facts.variant);
	assert_string_equal(diagnostics_text(diag), row->reported);
}

/* It is searched by halves. */
static void test_table(void **state)
{
	(void)state;
	for (const struct sysctl_row *row = NULL; (row = sysctl_table_next(row));)
		assert_ptr_equal(sysctl_table_find(row->key), row);
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
	struct host_size size = {.memory = row->memory_mib << 20};
	const struct host_facts facts = {.size = &size, .page_size = row->page_size};

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

	suite_rows(&s, node_rows, test_node);
	suite_rows(&s, rows, test_row);
	suite_rows(&s, memory_rows, test_memory);
	suite_test(&s, "each key is found", test_table);
	suite_test(&s, "conditions", test_conditions);
	suite_test(&s, "formulas that are not computed", test_unknown);
	return suite_run(&s);
}
