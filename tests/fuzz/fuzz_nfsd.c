/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Any text as what the kernel tells of its NFS server, and advice on whatever that says.
 */
#include "fuzz.h"

#include "base/mem.h"
#include "host/host_nfsd.h"
#include "host/host_nfsd_netlink.h"
#include "host/host_nfsd_stats.h"
#include "host/host_nfsd_text.h"
#include "host/host_tcp.h"
#include "kinds/nfsd_advice.h"

#include <string.h>

static void check_versions(const char *text)
{
	struct host_nfsd s = {0}, again = {0};
	_free_ char *list = NULL;

	host_nfsd_text_parse(text, &s);
	assert((s.versions & ~s.versions_known) == 0);
	/* what would be written reads as the same */
	list = host_nfsd_text_format(s.versions, s.versions_known);
	host_nfsd_text_parse(list, &again);
	assert(again.versions == s.versions && again.versions_known == s.versions_known);
}

static void check_advice(const struct host_nfsd_stats *s, unsigned threads, unsigned cpus)
{
	struct nfsd_evidence e = {.stats = s,
	                          .interval_ms = s->cpu_ms,
	                          .threads = threads,
	                          .cpus = cpus,
	                          .lockup = s->running > 0};
	struct nfsd_advice a = nfsd_advice(&e);

	assert(*a.text && strlen(a.text) < sizeof(a.text));
	assert(!a.threads == (a.verdict == NFSD_UNKNOWN || a.verdict == NFSD_RIGHT));
	assert(a.verdict != NFSD_RAISE || a.threads > threads);
	assert(a.verdict != NFSD_LOWER || a.threads < threads);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *text = mem_dup_n((const char *)data, size);
	struct host_nfsd_stats s = {0}, since;
	struct host_nfsd server = {0};
	struct host_tcp tcp = {0};

	host_nfsd_netlink_parse_threads(data, size, &server);
	assert(server.has_min_threads || server.min_threads == 0);
	assert(host_nfsd_least(&server) <= server.threads);
	host_nfsd_stats_parse_rpc(text, &s);
	host_nfsd_stats_parse_pools(text, &s);
	host_nfsd_stats_parse_filecache(text, &s);
	host_nfsd_stats_parse_task(text, &s);
	host_tcp_parse(text, 2049, &tcp);
	s.has_open = true;
	s.open = tcp.established;
	s.open_max = s.lru;
	since = host_nfsd_stats_since(&s, &s);
	assert(since.arrived == 0 && since.cpu_ms == 0 && since.lru == s.lru);
	check_versions(text);
	check_advice(&s, (unsigned)s.inodes, (unsigned)s.pools);
	return 0;
}
