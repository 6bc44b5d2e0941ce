/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "sysctl/known/known.h"

#include "base/hash.h"
#include "base/macro.h"
#include "sysctl/known/relation.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* int and long of 64-bit kernels: Bottlerocket has no others */
#define INT  INT32_MAX
#define LONG INT64_MAX

/* the limit of SO_RCVBUF and SO_SNDBUF, which the kernel doubles: net/core/sock.c */
#define SOCKET_MAX (INT_MAX / 2)

/*
 * vm.rst, fs.rst, kernel.rst: Documentation/admin-guide/sysctl of the kernel.
 * ip-sysctl.rst: Documentation/networking. A floor comes from release-sysctl.conf in
 * packages/release of Bottlerocket's core kit, unless a row names another source.
 */
static const struct sysctl_known table[] = {
	/*
         * One key of each pair is in effect. 0 cannot be written; to undo a write, write
         * the other key (mm/page-writeback.c; tested on 6.18). The kernel accepts a
         * background limit that is not below the dirty limit, and uses half of the dirty
         * limit: domain_dirty_limits() there.
         */
	{.key = "vm.dirty_bytes",
         .excludes = "vm.dirty_ratio",
         .min = 8192,
         .max = LONG,
         .why = "two pages: vm.rst"},
	{.key = "vm.dirty_ratio",
         .excludes = "vm.dirty_bytes",
         .max = 100,
         .why = "percent: vm.rst"},
	{.key = "vm.dirty_background_bytes",
         .excludes = "vm.dirty_background_ratio",
         .below = "vm.dirty_bytes",
         .min = 1,
         .max = LONG,
         .why = "mm/page-writeback.c"},
	{.key = "vm.dirty_background_ratio",
         .excludes = "vm.dirty_background_bytes",
         .below = "vm.dirty_ratio",
         .max = 100,
         .why = "percent: vm.rst"},
	/* vm.rst: setting one disables the other, which then reads 0 */
	{.key = "vm.overcommit_kbytes", .excludes = "vm.overcommit_ratio"},
	{.key = "vm.overcommit_ratio", .excludes = "vm.overcommit_kbytes"},

	/* tcp_ca_find_autoload() in net/ipv4/tcp_cong.c, qdisc_set_default() in net/sched
         */
	{.key = "net.ipv4.tcp_congestion_control",
         .module_prefix = "tcp_",
         .available = "/proc/sys/net/ipv4/tcp_available_congestion_control"},
	{.key = "net.core.default_qdisc",
         .module_prefix = "sch_",
         /* net/sched/sch_generic.c, sch_mq.c, sch_fifo.c: built into NET_SCHED */
         .builtin = "pfifo_fast mq noqueue pfifo bfifo pfifo_head_drop"},

	/* --- memory: vm.rst, or the table of the file named */
	{.key = "vm.swappiness", .max = 200, .why = "kernel/sysctl.c"},
	{.key = "vm.watermark_scale_factor",
         .min = 1,
         .max = 3000,
         .why = "kernel/sysctl.c"},
	{.key = "vm.zone_reclaim_mode", .max = 7, .why = "three bits: vm.rst"},
	{.key = "vm.vfs_cache_pressure",
         .min = 1,
         .max = INT,
         .why = "0 can lead to out-of-memory: vm.rst"},
	{.key = "vm.min_free_kbytes",
         .min = 1024,
         .max = INT,
         .why = "lower values can deadlock: vm.rst"},
	{.key = "vm.dirty_writeback_centisecs",
         .min = 1,
         .max = INT,
         .why = "0 disables periodic writeback: vm.rst"},
	{.key = "vm.max_map_count", .floor = {1048576}},

	/* --- files. NR_FILE: the minimum of files_maxfiles_init() in fs/file_table.c.
         * The maximum of nr_open: fs/file.c; its floor: the kernel's default (fs.rst) */
	{.key = "fs.file-max",
         .min = 8192,
         .max = LONG,
         .why = "NR_FILE, the minimum of the kernel's own default"},
	{.key = "fs.nr_open",
         .min = 64,
         .max = 2147483584,
         .why = "fs/file.c",
         .floor = {1048576}},
	{.key = "fs.inotify.max_user_instances", .floor = {8192}},
	{.key = "fs.inotify.max_user_watches", .floor = {524288}},

	/* --- the kernel itself: kernel.rst, or the table of the file named */
	{.key = "kernel.watchdog_thresh", .max = 60, .why = "seconds: kernel/watchdog.c"},
	{.key = "kernel.softlockup_panic", .max = 1, .why = "kernel/watchdog.c"},
	{.key = "kernel.sem", .words = 4},
	{.key = "kernel.printk", .words = 4},
	{.key = "kernel.acct", .words = 3},
	{.key = "kernel.kptr_restrict", .floor = {1}},
	{.key = "kernel.dmesg_restrict", .floor = {1}},
	{.key = "kernel.unprivileged_bpf_disabled", .floor = {1}},
	{.key = "kernel.yama.ptrace_scope", .floor = {1}},

	/* --- sockets: SOCK_MIN_RCVBUF and SOCK_MIN_SNDBUF are in include/net/sock.h;
         * floors here are the kernel's defaults, which Bottlerocket does not change */
	{.key = "net.core.rmem_max",
         .min = 2304,
         .max = INT,
         .why = "SOCK_MIN_RCVBUF",
         .clamp = SOCKET_MAX,
         .floor = {212992}},
	{.key = "net.core.wmem_max",
         .min = 4608,
         .max = INT,
         .why = "SOCK_MIN_SNDBUF",
         .clamp = SOCKET_MAX,
         .floor = {212992}},
	{.key = "net.core.rmem_default",
         .min = 2304,
         .max = INT,
         .why = "SOCK_MIN_RCVBUF"},
	{.key = "net.core.wmem_default",
         .min = 4608,
         .max = INT,
         .why = "SOCK_MIN_SNDBUF"},
	{.key = "net.core.netdev_max_backlog",
         .max = INT,
         .why = "packets: net/core/dev.c",
         .floor = {1000}},
	/* sk_max_ack_backlog in include/net/sock.h of older kernels */
	{.key = "net.core.somaxconn",
         .max = 65535,
         .why = "16 bits",
         .floor = {4096},
         .node_only = true},
	{.key = "net.core.txrehash", .node_only = true},

	/* --- vectors: ip-sysctl.rst; buffers in bytes, the others in pages */
	{.key = "net.ipv4.tcp_rmem",
         .words = 3,
         .ascending = true,
         .min = 1,
         .max = INT,
         .why = "bytes: ip-sysctl.rst"},
	{.key = "net.ipv4.tcp_wmem",
         .words = 3,
         .ascending = true,
         .min = 1,
         .max = INT,
         .why = "bytes: ip-sysctl.rst",
         .floor = {4096, 20480, 4194304}},
	{.key = "net.ipv4.tcp_mem",
         .words = 3,
         .ascending = true,
         .min = 1,
         .max = LONG,
         .why = "pages: ip-sysctl.rst"},
	{.key = "net.ipv4.udp_mem",
         .words = 3,
         .ascending = true,
         .min = 1,
         .max = LONG,
         .why = "pages: ip-sysctl.rst"},
	{.key = "net.sctp.sctp_mem", .words = 3, .ascending = true},
	{.key = "net.sctp.sctp_rmem", .words = 3, .ascending = true},
	{.key = "net.sctp.sctp_wmem", .words = 3, .ascending = true},
	{.key = "net.ipv4.ip_local_port_range",
         .words = 2,
         .ascending = true,
         .min = 1,
         .max = 65535,
         .why = "ports",
         .node_only = true},
	/* its default, "1 0", allows no group */
	{.key = "net.ipv4.ping_group_range", .words = 2, .node_only = true},

	/*
         * --- one per network namespace; a new one has the kernel's default:
         * tcp_sk_init() in net/ipv4/tcp_ipv4.c, inet_init_net() in af_inet.c. The kernel
         * accepts 3 for tcp_mtu_probing, which ip-sysctl.rst does not list.
         */
	{.key = "net.ipv4.tcp_mtu_probing",
         .max = 2,
         .why = "ip-sysctl.rst",
         .node_only = true},
	{.key = "net.ipv4.tcp_slow_start_after_idle",
         .max = 1,
         .why = "ip-sysctl.rst",
         .node_only = true},
	{.key = "net.ipv4.ip_default_ttl",
         .min = 1,
         .max = 255,
         .why = "ip-sysctl.rst",
         .floor = {255},
         .node_only = true},
	{.key = "net.ipv4.tcp_autocorking", .node_only = true},
	{.key = "net.ipv4.tcp_base_mss", .node_only = true},
	{.key = "net.ipv4.tcp_ecn", .node_only = true},
	{.key = "net.ipv4.tcp_fastopen", .node_only = true},
	{.key = "net.ipv4.tcp_fin_timeout", .node_only = true},
	{.key = "net.ipv4.tcp_keepalive_intvl", .node_only = true},
	{.key = "net.ipv4.tcp_keepalive_probes", .node_only = true},
	{.key = "net.ipv4.tcp_keepalive_time", .node_only = true},
	{.key = "net.ipv4.tcp_limit_output_bytes", .node_only = true},
	{.key = "net.ipv4.tcp_max_syn_backlog", .node_only = true},
	{.key = "net.ipv4.tcp_max_tw_buckets", .node_only = true},
	{.key = "net.ipv4.tcp_moderate_rcvbuf", .node_only = true},
	{.key = "net.ipv4.tcp_no_metrics_save", .node_only = true},
	{.key = "net.ipv4.tcp_notsent_lowat", .node_only = true},
	{.key = "net.ipv4.tcp_retries2", .node_only = true},
	{.key = "net.ipv4.tcp_sack", .node_only = true},
	{.key = "net.ipv4.tcp_syn_retries", .node_only = true},
	{.key = "net.ipv4.tcp_syncookies", .node_only = true},
	{.key = "net.ipv4.tcp_timestamps", .node_only = true},
	{.key = "net.ipv4.tcp_tw_reuse", .node_only = true},
	{.key = "net.ipv4.tcp_window_scaling", .node_only = true},

	/* --- more of release-sysctl.conf */
	{.key = "net.core.bpf_jit_harden", .floor = {2}},
	{.key = "net.ipv4.conf.all.forwarding", .floor = {1}},
	{.key = "net.ipv6.conf.all.forwarding", .floor = {1}},
	{.key = "net.ipv4.neigh.default.gc_thresh2", .floor = {15360}},
	{.key = "net.ipv4.neigh.default.gc_thresh3", .floor = {16384}},
	{.key = "net.ipv6.neigh.default.gc_thresh2", .floor = {15360}},
	{.key = "net.ipv6.neigh.default.gc_thresh3", .floor = {16384}},
	{.key = "net.netfilter.nf_conntrack_max", .floor = {1048576}},

	/* --- deprecated: ip-sysctl.rst, vm.rst; kernel.sched_*: kernel/sched/debug.c */
	{.key = "net.ipv4.tcp_fack", .deprecated = "has no effect"},
	{.key = "net.ipv4.tcp_low_latency", .deprecated = "has no effect"},
	{.key = "net.ipv4.tcp_tw_recycle", .deprecated = "removed in Linux 4.12"},
	{.key = "net.ipv4.ipfrag_low_thresh", .deprecated = "obsolete since Linux 4.17"},
	{.key = "net.ipv4.route.max_size",
         .deprecated = "has no effect since Linux 3.6, which removed the route cache"},
	{.key = "net.ipv4.neigh.default.unres_qlen",
         .deprecated = "use net.ipv4.neigh.default.unres_qlen_bytes"},
	{.key = "vm.numa_zonelist_order", .deprecated = "the kernel has only one order"},
	{.key = "kernel.sched_latency_ns",
         .deprecated = "moved to debugfs in Linux 5.13"},
	{.key = "kernel.sched_min_granularity_ns",
         .deprecated = "moved to debugfs in Linux 5.13"},
	{.key = "kernel.sched_wakeup_granularity_ns",
         .deprecated = "moved to debugfs in Linux 5.13"},
	{.key = "kernel.sched_migration_cost_ns",
         .deprecated = "moved to debugfs in Linux 5.13"},
};

/* The table is in an order for people: this finds rows by the hash of their keys. */
static uint8_t slots[512]; /* the number of the row, from 1 on; 0: free */

_Static_assert(ARRAY_SIZE(table) < UINT8_MAX, "too many rows");

static uint8_t *slot_of(const char *key)
{
	size_t i = (size_t)hash_bytes(HASH_START, key, strlen(key)) % ARRAY_SIZE(slots);

	while (slots[i] && strcmp(table[slots[i] - 1].key, key) != 0)
		i = (i + 1) % ARRAY_SIZE(slots);
	return &slots[i];
}

const struct sysctl_known *sysctl_known_find(const char *key)
{
	static bool filled;
	uint8_t slot;

	for (size_t i = 0; !filled && i < ARRAY_SIZE(table); i++)
		*slot_of(table[i].key) = (uint8_t)(i + 1);
	filled = true;
	slot = *slot_of(sysctl_relation_primary(key));
	return slot ? &table[slot - 1] : NULL;
}
