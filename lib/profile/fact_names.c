/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "profile/fact_names.h"

#include "host/facts.h"

#include <string.h>

const char *const facts_host_names[FACTS_OF_HOST] = {
	"cpus", "memory", "page_size", "numa_nodes", "nic_gbps", "kernel",
};

size_t facts_host_index(const char *name)
{
	size_t i = 0;

	while (i < FACTS_OF_HOST && strcmp(facts_host_names[i], name) != 0)
		i++;
	return i;
}

const struct text_fact facts_texts[FACTS_OF_TEXT] = {
	{"arch", "unknown on this node (it has no /proc/sys/kernel/arch)",
         offsetof(struct host_facts, arch)},
	{"instance_type",
         "unknown on this node (/sys/class/dmi/id does not name the type)",
         offsetof(struct host_facts, instance_type)},
	{"variant", "unknown on this node (/etc/os-release cannot be read)",
         offsetof(struct host_facts, variant)},
	{"hostname", "unknown on this node (it has no /etc/hostname)",
         offsetof(struct host_facts, hostname)},
};

size_t facts_count_of(const struct kind *kind)
{
	size_t n = 0;

	while (kind->facts && kind->facts->names[n])
		n++;
	return n;
}
