/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef PROFILE_FACT_NAMES_H
#define PROFILE_FACT_NAMES_H

/* The names of facts. */

#include "resource/kinds.h"

#include <stddef.h>

#define FACTS_OF_TEXT      4 /* of the host, too */
#define FACTS_OF_KINDS_MAX 8
#define FACTS_MAX          (FACTS_OF_HOST + FACTS_OF_TEXT + FACTS_OF_KINDS_MAX)

/* Numbers of the host; the last one is its version. */
enum {
	FACTS_CPUS,
	FACTS_MEMORY,
	FACTS_PAGE_SIZE,
	FACTS_NUMA_NODES,
	FACTS_NIC_GBPS,
	FACTS_KERNEL,
	FACTS_OF_HOST
};
extern const char *const facts_host_names[FACTS_OF_HOST];

/* Return: FACTS_OF_HOST for a name that is none of them. */
size_t facts_host_index(const char *name);

struct text_fact {
	const char *name, *absent; /* why its value is unknown */
	size_t offset;             /* in struct host_facts */
};
extern const struct text_fact facts_texts[FACTS_OF_TEXT];

size_t facts_count_of(const struct kind *kind);

/* Each kind that offers facts; `first` is the index of its first in facts.of_kinds. */
#define for_each_kind_facts(k, first)                        \
	for (size_t first = 0, k##_i = 0; kinds[k##_i];      \
	     first += facts_count_of(kinds[k##_i]), k##_i++) \
		for (const struct kind_facts *k = kinds[k##_i]->facts; k; k = NULL)

#endif
