/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "nfsd/details.h"

#include "base/mem.h"
#include "doc/node.h"
#include "host/facts.h"
#include "nfsd/advice.h"
#include "nfsd/stats.h"

#include <stdlib.h>

static void add_number(struct node *n, bool known, const char *key, uint64_t value)
{
	if (known)
		node_set(n, key, node_new_uint(value));
}

static struct node *stats_node(const struct nfsd_stats *s)
{
	struct node *n = node_new(NODE_MAP);

	add_number(n, s->has_rpc, "threads-of-all-namespaces", s->all_threads);
	add_number(n, s->has_rpc, "packets", s->packets);
	add_number(n, s->has_rpc, "v3-calls", s->v3_calls);
	add_number(n, s->has_rpc, "v4-calls", s->v4_calls);
	add_number(n, s->has_pools, "pools", s->pools);
	add_number(n, s->has_pools, "packets-arrived", s->arrived);
	add_number(n, s->has_pools, "packets-queued", s->enqueued);
	add_number(n, s->has_pools, "threads-woken", s->woken);
	add_number(n, s->has_filecache, "filecache-inodes", s->inodes);
	add_number(n, s->has_filecache, "filecache-lru", s->lru);
	add_number(n, s->has_tasks, "tasks-running", s->running);
	add_number(n, s->has_tasks, "tasks-blocked", s->blocked);
	add_number(n, s->has_tasks, "cpu-ms", s->cpu_ms);
	add_number(n, s->has_open, "connections", s->open);
	add_number(n, s->open_max > 0, "connections-max", s->open_max);
	return n;
}

static struct node *advice_node(const struct nfsd_advice *a)
{
	struct node *n = node_new(NODE_MAP);

	node_set_text(n, "verdict", nfsd_verdict_word(a->verdict));
	if (a->threads)
		node_set(n, "threads", node_new_uint(a->threads));
	node_set_text(n, "why", a->text);
	return n;
}

struct node *nfsd_details(const struct host *h, unsigned threads)
{
	_cleanup_(host_facts_done) struct host_facts facts = {0};
	const struct host_size *size;
	struct nfsd_stats stats;
	struct nfsd_measurement e = {.stats = &stats, .threads = threads};
	struct nfsd_advice advice;
	_free_ char *text = NULL;
	_node_ struct node *counted = NULL;
	struct err ignored;
	struct node *n;

	if (threads == 0)
		return NULL;
	host_facts_read(h, &facts);
	if (host_facts_size(&facts, &size, &ignored) == 0)
		e.cpus = (unsigned)size->cpus;
	nfsd_stats_read(h, threads, &stats);
	counted = stats_node(&stats);
	if (counted->n == 0)
		return NULL;
	advice = nfsd_advice(&e);
	text = advice.threads ? mem_format("%s to %u threads: %s",
	                                   nfsd_verdict_word(advice.verdict),
	                                   advice.threads, advice.text)
	                      : mem_dup(advice.text);
	n = node_new(NODE_MAP);
	node_set_text(n, "text", text);
	node_set(n, "counted", TAKE_PTR(counted));
	node_set(n, "advice", advice_node(&advice));
	return n;
}
