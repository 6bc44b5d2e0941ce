/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* TCP and UDP of the node's network namespace, the memory of TCP, connection tracking. */
#include "base/err.h"
#include "base/macro.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/text/words.h"
#include "diagnose/counters/counters.h"
#include "diagnose/counters/files.h"
#include "host/facts.h"
#include "host/file.h"

#define TCP_MEM   "/proc/sys/net/ipv4/tcp_mem"
#define NETFILTER "/proc/sys/net/netfilter/nf_conntrack_"

static const struct counter_row netstat[] = {
	{MEASURE_LISTEN_OVERFLOWS, COUNTER, "TcpExt.ListenOverflows"},
	{MEASURE_TCP_PRESSURES, COUNTER, "TcpExt.TCPMemoryPressures"},
	{MEASURE_TCP_PRUNED, COUNTER, "TcpExt.PruneCalled"},
	{MEASURE_TCP_COLLAPSED, COUNTER, "TcpExt.TCPRcvCollapsed"},
	{MEASURE_TCP_TIMEOUTS, COUNTER, "TcpExt.TCPTimeouts"},
	{MEASURE_TCP_ABORTED, COUNTER, "TcpExt.TCPAbortOnMemory"},
};

static const struct counter_row snmp[] = {
	{MEASURE_TCP_SENT, COUNTER, "Tcp.OutSegs"},
	{MEASURE_TCP_RETRANSMITTED, COUNTER, "Tcp.RetransSegs"},
	{MEASURE_UDP_RECEIVED, COUNTER, "Udp.InDatagrams"},
	{MEASURE_UDP_DROPPED, COUNTER, "Udp.RcvbufErrors"},
	{MEASURE_UDP_SEND_DROPPED, COUNTER, "Udp.SndbufErrors"},
};

static const struct counter_row sockstat[] = {
	{MEASURE_TCP_MEMORY, GAUGE_PAGES, "TCP.mem"},
	{MEASURE_TCP_ORPHANS, GAUGE, "TCP.orphan"},
};

static const struct counter_file files[] = {
	{"/proc/net/netstat", tally_parse_pairs, netstat, ARRAY_SIZE(netstat)},
	{"/proc/net/snmp", tally_parse_pairs, snmp, ARRAY_SIZE(snmp)},
	{"/proc/net/sockstat", tally_parse_groups, sockstat, ARRAY_SIZE(sockstat)},
};

/* --- limits --------------------------------------------------------------------------
 */

/* Number `at` of a sysctl, times `scale`. Without the module there is no such file. */
static void add_limit(struct diagnose_run *run, enum measure_id id, const char *path,
                      size_t at, int64_t scale)
{
	_free_ char *text = NULL, *word = NULL;
	const char *rest, *p = NULL;
	struct err e = {0};
	int64_t value;
	size_t len = 0;

	if (host_file_read_line(run->h, path, &text, &e) < 0) {
		measure_add_unread(&run->measures, id, "", &e);
		return;
	}
	rest = text;
	for (size_t i = 0; i <= at; i++)
		p = words_next(&rest, '\t', &len);
	word = p ? mem_dup_n(p, len) : NULL;
	if (!word || num_i64(word, &value) < 0 || value < 0 ||
	    __builtin_mul_overflow(value, scale, &value)) {
		_free_ char *why =
			mem_format("%s: \"%s\" has no such number", path, text);

		measure_add_absent(&run->measures, id, "", why);
	} else {
		measure_add(&run->measures, id, "", value, path);
	}
}

/* Without its module, nothing is tracked and there is no limit. */
static void add_conntrack(struct diagnose_run *run)
{
	static const char count[] = NETFILTER "count", max[] = NETFILTER "max";
	struct err ignored;

	/* an error is that of add_limit(), too */
	if (host_file_find(run->h, max, &ignored) == 0 &&
	    host_file_exists(run->h, TCP_MEM)) {
		measure_add(&run->measures, MEASURE_CONNTRACK, "", 0, NULL);
		measure_add(&run->measures, MEASURE_CONNTRACK_MAX, "", 0, NULL);
		return;
	}
	add_limit(run, MEASURE_CONNTRACK, count, 0, 1);
	add_limit(run, MEASURE_CONNTRACK_MAX, max, 0, 1);
}

static void *protocol_begin(const struct diagnose_run *run)
{
	return counter_files_begin(run, files, ARRAY_SIZE(files));
}

static void protocol_end(struct diagnose_run *run, void *first)
{
	int64_t page = host_page_size(run->h);

	counter_files_end(run, first, files, ARRAY_SIZE(files));
	add_limit(run, MEASURE_TCP_MEMORY_PRESSURE, TCP_MEM, 1, page);
	add_limit(run, MEASURE_TCP_MEMORY_MAX, TCP_MEM, 2, page);
	add_limit(run, MEASURE_TCP_ORPHANS_MAX, "/proc/sys/net/ipv4/tcp_max_orphans", 0,
	          1);
	add_limit(run, MEASURE_BACKLOG_MAX, "/proc/sys/net/core/netdev_max_backlog", 0,
	          1);
	add_limit(run, MEASURE_SOMAXCONN, "/proc/sys/net/core/somaxconn", 0, 1);
	add_conntrack(run);
}

const struct diagnose_source source_protocol = {.name = "protocol",
                                                .needs_host = true,
                                                .begin = protocol_begin,
                                                .end = protocol_end};
