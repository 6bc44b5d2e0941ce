/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/known/relation.h"

#include "base/macro.h"
#include "base/mem.h"
#include "sysctl/known/name.h"
#include "sysctl/known/table.h"

#include <string.h>

#define N(key) SYSCTL_NAME(key)

/* --- names ----------------------------------------------------------------------------
 */

/* Found by tests/vm/sysctl-keys.sh relations: writing one changes the other. */
static const struct {
	struct sysctl_name primary, alias;
} aliases[] = {
	/* devinet_sysctl_forward() in net/ipv4/devinet.c */
	{N("net.ipv4.conf.all.forwarding"), N("net.ipv4.ip_forward")},
	/* nf_ct_netfilter_table in net/netfilter/nf_conntrack_standalone.c */
	{N("net.netfilter.nf_conntrack_max"), N("net.nf_conntrack_max")},
	/* hugetlb_sysctl_handler_common() in mm/hugetlb.c: of all nodes without a policy
         */
	{N("vm.nr_hugepages"), N("vm.nr_hugepages_mempolicy")},
	/* fs/xfs/xfs_sysctl.c: the older name */
	{N("fs.xfs.speculative_prealloc_lifetime"),
         N("fs.xfs.speculative_cow_prealloc_lifetime")},
};

const char *sysctl_relation_primary(const char *key)
{
	size_t len = strlen(key);

	for (size_t i = 0; i < ARRAY_SIZE(aliases); i++)
		if (sysctl_name_is(aliases[i].alias, key, len))
			return aliases[i].primary.text;
	return key;
}

const char *sysctl_relation_other_name(const char *key)
{
	size_t len = strlen(key);

	for (size_t i = 0; i < ARRAY_SIZE(aliases); i++) {
		if (sysctl_name_is(aliases[i].alias, key, len))
			return aliases[i].primary.text;
		if (sysctl_name_is(aliases[i].primary, key, len))
			return aliases[i].alias.text;
	}
	return NULL;
}

#define PARAMETER(module, name) "/sys/module/" module "/parameters/" name

/* Values that sysfs has, too. */
static const struct {
	struct sysctl_name key;
	const char *file;
} relation_files[] = {
	/* hugetlb_sysctl_handler_common() in mm/hugetlb.c */
	{N("vm.nr_hugepages"), "nr_hugepages"},
	{N("vm.nr_overcommit_hugepages"), "nr_overcommit_hugepages"},
	/* one variable each: net/sunrpc/xprtsock.c */
	{N("sunrpc.min_resvport"), PARAMETER("sunrpc", "min_resvport")},
	{N("sunrpc.max_resvport"), PARAMETER("sunrpc", "max_resvport")},
	{N("sunrpc.tcp_slot_table_entries"),
         PARAMETER("sunrpc", "tcp_slot_table_entries")},
	{N("sunrpc.tcp_max_slot_table_entries"),
         PARAMETER("sunrpc", "tcp_max_slot_table_entries")},
	{N("sunrpc.udp_slot_table_entries"),
         PARAMETER("sunrpc", "udp_slot_table_entries")},
	/* fs/lockd/svc.c */
	{N("fs.nfs.nlm_grace_period"), PARAMETER("lockd", "nlm_grace_period")},
	{N("fs.nfs.nlm_timeout"), PARAMETER("lockd", "nlm_timeout")},
	{N("fs.nfs.nlm_tcpport"), PARAMETER("lockd", "nlm_tcpport")},
	{N("fs.nfs.nlm_udpport"), PARAMETER("lockd", "nlm_udpport")},
	{N("fs.nfs.nsm_use_hostnames"), PARAMETER("lockd", "nsm_use_hostnames")},
	/* fs/nfs: namespace.c, super.c, nfs4idmap.c */
	{N("fs.nfs.nfs_mountpoint_timeout"),
         PARAMETER("nfs", "nfs_mountpoint_expiry_timeout")},
	{N("fs.nfs.nfs_callback_tcpport"), PARAMETER("nfs", "callback_tcpport")},
	{N("fs.nfs.idmap_cache_timeout"), PARAMETER("nfs", "nfs_idmap_cache_timeout")},
	/* nf_conntrack_set_hashsize() in net/netfilter/nf_conntrack_core.c */
	{N("net.netfilter.nf_conntrack_buckets"), PARAMETER("nf_conntrack", "hashsize")},
	/* kernel/panic.c */
	{N("kernel.panic"), PARAMETER("kernel", "panic")},
	{N("kernel.panic_on_warn"), PARAMETER("kernel", "panic_on_warn")},
	{N("kernel.panic_print"), PARAMETER("kernel", "panic_print")},
	/* drivers/scsi/scsi.c */
	{N("dev.scsi.logging_level"), PARAMETER("scsi_mod", "scsi_logging_level")},
};

const char *sysctl_relation_file(const char *key)
{
	const char *primary = sysctl_relation_primary(key);
	size_t len = strlen(primary);

	for (size_t i = 0; i < ARRAY_SIZE(relation_files); i++)
		if (sysctl_name_is(relation_files[i].key, primary, len))
			return relation_files[i].file;
	return NULL;
}

/* net/core/neighbour.c, net/ipv4/route.c, net/ipv6/route.c. "*" is any interface. */
static const struct {
	struct sysctl_name one, other;
} units[] = {
	{N("net.ipv4.neigh.*.retrans_time"), N("net.ipv4.neigh.*.retrans_time_ms")},
	{N("net.ipv6.neigh.*.retrans_time"), N("net.ipv6.neigh.*.retrans_time_ms")},
	{N("net.ipv4.neigh.*.base_reachable_time"),
         N("net.ipv4.neigh.*.base_reachable_time_ms")},
	{N("net.ipv6.neigh.*.base_reachable_time"),
         N("net.ipv6.neigh.*.base_reachable_time_ms")},
	{N("net.ipv4.neigh.*.unres_qlen"), N("net.ipv4.neigh.*.unres_qlen_bytes")},
	{N("net.ipv6.neigh.*.unres_qlen"), N("net.ipv6.neigh.*.unres_qlen_bytes")},
	{N("net.ipv4.route.gc_min_interval"), N("net.ipv4.route.gc_min_interval_ms")},
	{N("net.ipv6.route.gc_min_interval"), N("net.ipv6.route.gc_min_interval_ms")},
};

#undef N

/* The key `other`, of the interface of `key`. The parts after it differ only at the end.
 */
static char *with_end_of(const char *key, const char *other)
{
	return mem_format("%.*s%s", (int)(strrchr(key, '.') - key), key,
	                  strrchr(other, '.'));
}

char *sysctl_relation_other_unit(const char *key)
{
	char buffer[SYSCTL_PATTERN_MAX];
	const char *pattern = sysctl_table_pattern_in(buffer, key);
	size_t len = strlen(pattern);

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (sysctl_name_is(units[i].one, pattern, len))
			return with_end_of(key, units[i].other.text);
		if (sysctl_name_is(units[i].other, pattern, len))
			return with_end_of(key, units[i].one.text);
	}
	return NULL;
}

/* --- limits ---------------------------------------------------------------------------
 */

/*
 * All whose accepted range has another key's value as its edge in
 * tests/vm/sysctl-keys.sh: extra1 or extra2 of their ctl_table, or a check in their
 * handler.
 */
static const struct sysctl_limit limits[] = {
	{"net.ipv4.ipfrag_low_thresh", "net.ipv4.ipfrag_high_thresh",
         "net/ipv4/ip_fragment.c", false},
	{"net.ipv6.ip6frag_low_thresh", "net.ipv6.ip6frag_high_thresh",
         "net/ipv6/reassembly.c", false},
	{"net.netfilter.nf_conntrack_frag6_low_thresh",
         "net.netfilter.nf_conntrack_frag6_high_thresh",
         "net/ipv6/netfilter/nf_conntrack_reasm.c", false},
	{"net.ieee802154.6lowpan.6lowpanfrag_low_thresh",
         "net.ieee802154.6lowpan.6lowpanfrag_high_thresh",
         "net/ieee802154/6lowpan/reassembly.c", false},
	{"net.ipv4.ip_unprivileged_port_start", "net.ipv4.ip_local_port_range",
         "net/ipv4/sysctl_net_ipv4.c", false},
	{"net.sctp.rto_min", "net.sctp.rto_max", "net/sctp/sysctl.c", false},
	{"net.sctp.pf_retrans", "net.sctp.ps_retrans", "net/sctp/sysctl.c", false},
	{"kernel.sched_rt_runtime_us", "kernel.sched_rt_period_us", "kernel/sched/rt.c",
         false},
	{"kernel.sched_deadline_period_min_us", "kernel.sched_deadline_period_max_us",
         "kernel/sched/deadline.c", false},
	/* CONFIG_UCLAMP_TASK, which Debian's kernels lack */
	{"kernel.sched_util_clamp_min", "kernel.sched_util_clamp_max",
         "kernel/sched/core.c", false},
	/* proc_watchdog_common(): on only while kernel.watchdog is 1 */
	{"kernel.soft_watchdog", "kernel.watchdog", "kernel/watchdog.c", true},
	{"kernel.nmi_watchdog", "kernel.watchdog", "kernel/watchdog.c", true},
};

const char *sysctl_relation_otherwise(const struct sysctl_limit *l)
{
	return l->reads_zero ? "the lower one then reads 0" : "the kernel refuses that";
}

const struct sysctl_limit *sysctl_relation_limit(const char *key,
                                                 const struct sysctl_limit *after)
{
	for (const struct sysctl_limit *l = after ? after + 1 : limits;
	     l < limits + ARRAY_SIZE(limits); l++)
		if (strcmp(l->lower, key) == 0 || strcmp(l->upper, key) == 0)
			return l;
	return NULL;
}

static const struct {
	const char *key, *why;
} refusals[] = {
	/* perf_event_max_sample_rate_handler() in kernel/events/core.c */
	{"kernel.perf_event_max_sample_rate",
         "while kernel.perf_cpu_time_max_percent is 0 or 100"},
	/* flow_limit_table_len_sysctl() in net/core/sysctl_net_core.c */
	{"net.core.flow_limit_table_len",
         "unless it is a power of two, and while net.core.flow_limit_cpu_bitmap is in use"},
	/* perf_event_max_stack_handler() in kernel/events/callchain.c */
	{"kernel.perf_event_max_stack", "while perf records call chains"},
	{"kernel.perf_event_max_contexts_per_stack", "while perf records call chains"},
	/* proc_dointvec_minmax_bpf_stats() and bpf_unpriv_handler() in
           kernel/bpf/syscall.c */
	{"kernel.unprivileged_bpf_disabled", "once it is 1, until the next boot"},
	/* proc_dointvec_minmax with extra1 = extra2 = 1: kernel/sysctl.c */
	{"kernel.modules_disabled", "once it is 1, until the next boot"},
	{"kernel.kexec_load_disabled", "once it is 1, until the next boot"},
	/* nf_hooks_lwtunnel_sysctl_handler() in net/netfilter/nf_hooks_lwtunnel.c */
	{"net.netfilter.nf_hooks_lwtunnel", "once it is 1, until the next boot"},
	/* yama_dointvec_minmax() in security/yama/yama_lsm.c */
	{"kernel.yama.ptrace_scope", "once it is 3, until the next boot"},
	/* devkmsg_sysctl_set_loglvl() in kernel/printk/printk.c */
	{"kernel.printk_devkmsg", "if the kernel command line sets printk.devkmsg"},
	/* addrconf_sysctl_mtu() in net/ipv6/addrconf.c */
	{"net.ipv6.conf.*.mtu", "if it is larger than the MTU of the interface"},
	{"kernel.watchdog_cpumask", "if it names a CPU that the machine does not have"},
	{"net.ipv4.vs.est_cpulist", "if it names a CPU that the machine does not have"},
	{"kernel.nmi_watchdog", "on a machine without a performance counter for it"},
};

const char *sysctl_relation_refusal(const char *key)
{
	char buffer[SYSCTL_PATTERN_MAX];
	const char *pattern = sysctl_table_pattern_in(buffer, key);

	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++)
		if (strcmp(pattern, refusals[i].key) == 0)
			return refusals[i].why;
	return NULL;
}
