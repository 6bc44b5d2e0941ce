/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Any text as a file of counters of the kernel. */
#include "fuzz.h"

#include "base/mem.h"
#include "diagnose/counters/cpus.h"
#include "diagnose/counters/drive_stat.h"
#include "diagnose/counters/irq_table.h"
#include "diagnose/counters/pressure.h"
#include "diagnose/counters/softnet.h"
#include "diagnose/counters/tally.h"
#include "diagnose/counters/task.h"

#include <string.h>

static void check_tally(const char *text)
{
	static void (*const parse[])(const char *, struct tally *) = {
		tally_parse_lines, tally_parse_pairs, tally_parse_groups};

	for (size_t i = 0; i < sizeof(parse) / sizeof(*parse); i++) {
		struct tally t = {0};
		uint64_t sum, since;
		bool any;

		parse[i](text, &t);
		any = tally_sum(&t, NULL, "*", &sum);
		assert(any == (t.n > 0));
		/* names may come twice, but nothing grew that is the same */
		if (t.n == 1)
			assert(tally_sum(&t, &t, "*", &since) && since == 0);
		tally_done(&t);
	}
}

static void check_cpus(const char *text)
{
	static void (*const parse[])(const char *, struct cpus *) = {cpus_parse_stat,
	                                                             cpus_parse_softirqs};

	for (size_t i = 0; i < sizeof(parse) / sizeof(*parse); i++) {
		struct cpus c;
		_free_ char *words = NULL;

		parse[i](text, &c);
		assert(c.n <= CPUS_MAX);
		for (size_t j = 1; j < c.n; j++)
			assert(c.list[j - 1].cpu <= c.list[j].cpu);
		words = cpus_text(&c, 0);
		assert(*words);
		cpus_done(&c);
	}
}

static void check_irqs(const char *text)
{
	_free_ uint64_t *by_cpu = NULL;
	uint64_t sum = 0;
	struct irq_table t;

	irq_table_parse(text, &t);
	assert(t.n_cpus <= IRQ_COLUMNS_MAX && t.n <= strlen(text));
	by_cpu = mem_new(t.n_cpus + 1, sizeof(*by_cpu));
	if (t.n == 1)
		(void)irq_table_add(&t, &t, t.rows[0].irq, by_cpu);
	for (size_t i = 0; i < t.n_cpus; i++)
		sum += by_cpu[i];
	assert(sum == 0);
	irq_table_done(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *text = mem_dup_n((const char *)data, size);
	struct drive_stat d, since;
	struct pressure p;
	struct softnet s;
	struct task t;

	check_tally(text);
	check_cpus(text);
	check_irqs(text);
	softnet_parse(text, &s);
	softnet_done(&s);
	pressure_parse(text, &p);
	assert(!p.some.known || p.some.avg60 <= 100);
	if (drive_stat_parse(text, &d)) {
		since = drive_stat_since(&d, &d);
		assert(since.reads == 0 && since.busy_ms == 0);
	}
	if (task_parse(text, &t)) {
		assert(t.pid > 0 && strlen(t.name) < TASK_NAME_BYTES);
		(void)task_kind(&t);
	}
	return 0;
}
