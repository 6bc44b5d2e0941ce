/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "diagnose/node/node.h"

#include "host/facts.h"

static void node_end(struct diagnose_run *run, void *first)
{
	struct measures *m = &run->measures;
	const struct host_size *size;
	struct host_facts facts;
	struct err e = {0};

	(void)first;
	host_facts_read(run->h, &facts);
	if (host_facts_size(&facts, &size, &e) < 0) {
		measure_add_unread(m, MEASURE_CPUS, "", &e);
		measure_add_unread(m, MEASURE_MEMORY, "", &e);
	} else {
		measure_add(m, MEASURE_CPUS, "", size->cpus,
		            "/sys/devices/system/cpu/online");
		measure_add(m, MEASURE_MEMORY, "", size->memory, "/proc/meminfo");
	}
	if (facts.kernel)
		measure_add(m, MEASURE_KERNEL, "", facts.kernel,
		            "/proc/sys/kernel/osrelease");
	host_facts_done(&facts);
}

const struct diagnose_source source_node = {
	.name = "node", .needs_host = true, .end = node_end};
