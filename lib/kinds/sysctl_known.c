/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "kinds/sysctl_known.h"

#include "base/macro.h"

#include <string.h>

static const struct sysctl_known table[] = {
	/* mode 0200 or, for stat_refresh, 0600 without a value: kernel/sysctl.c, mm/ */
	{.key = "vm.drop_caches", .write_only = true},
	{.key = "vm.compact_memory", .write_only = true},
	{.key = "vm.stat_refresh", .write_only = true},
	{.key = "net.ipv4.route.flush", .write_only = true},
	{.key = "net.ipv6.route.flush", .write_only = true},

	/*
         * Of each pair one is in force. 0 cannot be written back: the way back is to
         * write the other (mm/page-writeback.c; tried on 6.18).
         */
	{.key = "vm.dirty_bytes", .excludes = "/proc/sys/vm/dirty_ratio"},
	{.key = "vm.dirty_ratio", .excludes = "/proc/sys/vm/dirty_bytes"},
	{.key = "vm.dirty_background_bytes",
         .excludes = "/proc/sys/vm/dirty_background_ratio"},
	{.key = "vm.dirty_background_ratio",
         .excludes = "/proc/sys/vm/dirty_background_bytes"},

	/* tcp_ca_find_autoload() in net/ipv4/tcp_cong.c, qdisc_set_default() in net/sched
         */
	{.key = "net.ipv4.tcp_congestion_control",
         .module_prefix = "tcp_",
         .available = "/proc/sys/net/ipv4/tcp_available_congestion_control"},
	{.key = "net.core.default_qdisc",
         .module_prefix = "sch_",
         /* net/sched/sch_generic.c, sch_mq.c, sch_fifo.c: part of NET_SCHED itself */
         .builtin = "pfifo_fast mq noqueue pfifo bfifo pfifo_head_drop"},
};

const struct sysctl_known *sysctl_known_find(const char *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (strcmp(table[i].key, key) == 0)
			return &table[i];
	return NULL;
}
