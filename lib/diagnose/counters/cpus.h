/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_COUNTERS_CPUS_H
#define DIAGNOSE_COUNTERS_CPUS_H

/*
 * Counters by CPU: a few values for each. A CPU is known by its number, not by the
 * position of its row or column: CPUs come and go. The parsers accept any text; more than
 * CPUS_MAX CPUs are not kept.
 */

#include <stddef.h>
#include <stdint.h>

#define CPUS_MAX    65536
#define CPUS_VALUES 8

struct cpus_row {
	uint32_t cpu;
	uint64_t value[CPUS_VALUES];
};

struct cpus {
	struct cpus_row *list; /* in order of their numbers, after cpus_sort() */
	size_t n, cap;
};

/* Values of /proc/stat, in ticks. */
enum cpus_time {
	CPUS_USER,
	CPUS_NICE,
	CPUS_SYSTEM,
	CPUS_IDLE,
	CPUS_IOWAIT,
	CPUS_IRQ,
	CPUS_SOFTIRQ,
	CPUS_STEAL
};

/* Values of /proc/softirqs, which have 32 bits and wrap. */
enum cpus_softirq { CPUS_NET_TX, CPUS_NET_RX, CPUS_BLOCK };

void cpus_parse_stat(const char *text, struct cpus *ret);
void cpus_parse_softirqs(const char *text, struct cpus *ret);

void cpus_add(struct cpus *c, const struct cpus_row *row);
void cpus_sort(struct cpus *c);

/*
 * Subtract a reading of counters with 32 bits, or of times with 64: one that is less than
 * before counts as 0. Both are sorted.
 */
void cpus_since(struct cpus *now, const struct cpus *before, unsigned bits);

/* Add up one value over all CPUs, or all values of one. */
uint64_t cpus_sum(const struct cpus *c, size_t value);
uint64_t cpus_total(const struct cpus_row *row);

/* The CPU with the highest value; NULL: there is none. Borrowed. */
const struct cpus_row *cpus_highest(const struct cpus *c, size_t value);

/* "CPU 7: 1200, CPU 3: 4, and 12 more": the highest first; "no CPU". Owned by the caller.
 */
char *cpus_text(const struct cpus *c, size_t value);

void cpus_done(struct cpus *c);

#endif
