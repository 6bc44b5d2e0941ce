/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_COUNTERS_IRQ_TABLE_H
#define DIAGNOSE_COUNTERS_IRQ_TABLE_H

/*
 * /proc/interrupts, added up for groups of interrupts, such as those of one network card:
 * how many each CPU got. The kernel prints a column for each CPU that is online.
 */

#include <stddef.h>
#include <stdint.h>

#define IRQ_COLUMNS_MAX 65536

/* An interrupt, and the group that it belongs to. */
struct irq_member {
	unsigned irq;
	size_t group;
};

struct irq_table {
	uint32_t *cpus; /* of the columns */
	size_t n_cpus, cap_cpus;
	size_t groups;
	uint64_t *counts; /* groups * n_cpus */
	size_t *queues;   /* by group: interrupts that ever came */
};

/* Parse any text. `members` is in order of irq. Free with irq_table_done(). */
void irq_table_parse(const char *text, const struct irq_member *members, size_t n,
                     size_t groups, struct irq_table *ret);

/* What the group got on that CPU; 0 if it has no column. */
uint64_t irq_table_count(const struct irq_table *t, size_t group, uint32_t cpu);

void irq_table_done(struct irq_table *t);

#endif
