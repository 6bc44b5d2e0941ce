/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_COUNTERS_IRQ_TABLE_H
#define DIAGNOSE_COUNTERS_IRQ_TABLE_H

/*
 * /proc/interrupts: how many of each interrupt each CPU got. The kernel prints a column
 * for each CPU that is online. The counters have 32 bits, and wrap.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IRQ_COLUMNS_MAX 65536

struct irq_row {
	unsigned irq;
	uint32_t *counts; /* of the first `n` columns */
	size_t n;
};

struct irq_table {
	uint32_t *cpus; /* of the columns */
	size_t n_cpus, cap_cpus;
	struct irq_row *rows; /* in order of irq */
	size_t n, cap;
};

/* Parse any text. Free with irq_table_done(). */
void irq_table_parse(const char *text, struct irq_table *ret);

/*
 * Add what each CPU got of an interrupt since `before` (NULL: since boot) to by_cpu[],
 * which has an element for each column of `now`. An interrupt or a CPU that is new counts
 * from 0. Return: whether the interrupt ever came.
 */
bool irq_table_add(const struct irq_table *now, const struct irq_table *before,
                   unsigned irq, uint64_t *by_cpu);

void irq_table_done(struct irq_table *t);

#endif
