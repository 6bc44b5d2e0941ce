/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Any text as what the kernel reports about its NFS server, and advice based on it. */
#include "fuzz.h"

#include "base/mem.h"
#include "diagnose/nfs/exports.h"
#include "nfsd/advice.h"
#include "nfsd/netlink.h"
#include "nfsd/server.h"
#include "nfsd/stats.h"
#include "nfsd/tcp.h"
#include "nfsd/versions_file.h"

#include <string.h>

static void check_versions(const char *text)
{
	struct nfsd_server s = {0}, again = {0};
	_free_ char *list = NULL;

	nfsd_versions_file_parse(text, &s);
	assert((s.versions & ~s.versions_known) == 0);
	/* the formatted list parses to the same versions */
	list = nfsd_versions_file_format(s.versions, s.versions_known);
	nfsd_versions_file_parse(list, &again);
	assert(again.versions == s.versions && again.versions_known == s.versions_known);
}

static void check_advice(const struct nfsd_stats *s, unsigned threads, unsigned cpus)
{
	struct nfsd_measurement e = {.stats = s,
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

/* A text in a file of exports: each path that was read is absolute, and listed once. */
static void check_exports(const char *text)
{
	struct nfs_exports e = {0};

	nfs_exports_parse_table(text, "T", &e);
	for (size_t i = 0; i < e.n; i++)
		for (size_t j = 0; j < i; j++)
			assert(strcmp(e.list[i].path, e.list[j].path) != 0);
	nfs_exports_parse_file(text, "F", &e);
	for (size_t i = 0; i < e.n; i++)
		assert(*e.list[i].path == '/');
	nfs_exports_done(&e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *text = mem_dup_n((const char *)data, size);
	struct nfsd_stats s = {0}, since;
	struct nfsd_server server = {0};
	struct tcp_sockets tcp = {0};

	nfsd_netlink_parse_threads(data, size, &server);
	assert(server.has_min_threads || server.min_threads == 0);
	assert(nfsd_server_least(&server) <= server.threads);
	nfsd_stats_parse_rpc(text, &s);
	nfsd_stats_parse_pools(text, &s);
	nfsd_stats_parse_filecache(text, &s);
	nfsd_stats_parse_task(text, &s);
	tcp_sockets_parse(text, 2049, &tcp);
	s.has_open = true;
	s.open = tcp.established;
	s.open_max = s.lru;
	since = nfsd_stats_since(&s, &s);
	assert(since.arrived == 0 && since.cpu_ms == 0 && since.lru == s.lru);
	check_versions(text);
	check_exports(text);
	check_advice(&s, (unsigned)s.inodes, (unsigned)s.pools);
	return 0;
}
