/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What CPUs do: received packets by CPU, softirqs, and how their time is spent. */
#include "base/err.h"
#include "base/macro.h"
#include "base/mem.h"
#include "diagnose/counters/counters.h"
#include "diagnose/counters/cpus.h"
#include "diagnose/counters/files.h"
#include "diagnose/counters/softnet.h"
#include "diagnose/counters/tally.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* CPUs with separate measures: those with the most time in softirqs or stolen. */
#define CPUS_MEASURED 64

/* Values of /proc/net/softnet_stat. */
enum { PROCESSED, DROPPED, SQUEEZED };

static void parse_softnet(const char *text, struct cpus *ret)
{
	struct softnet s;

	*ret = (struct cpus){0};
	softnet_parse(text, &s);
	for (size_t i = 0; i < s.n; i++)
		cpus_add(ret, &(struct cpus_row){.cpu = s.list[i].cpu,
		                                 .value = {s.list[i].processed,
		                                           s.list[i].dropped,
		                                           s.list[i].squeezed}});
	softnet_done(&s);
	cpus_sort(ret);
}

/* --- measures ------------------------------------------------------------------------
 */

static void add_sum(struct diagnose_run *run, enum measure_id sum, enum measure_id by,
                    const struct cpus *c, size_t value, const char *path)
{
	_free_ char *text = cpus_text(c, value);

	measure_add(&run->measures, sum, "", counter_value(cpus_sum(c, value)), path);
	measure_add_text(&run->measures, by, "", text, path);
}

static int64_t percent(uint64_t part, uint64_t whole)
{
	return whole > 0 ? (int64_t)((double)part * 100.0 / (double)whole) : 0;
}

static void add_softnet(struct diagnose_run *run, const struct cpus *c, const char *path)
{
	measure_add(&run->measures, MEASURE_SOFTNET_PROCESSED, "",
	            counter_value(cpus_sum(c, PROCESSED)), path);
	add_sum(run, MEASURE_SOFTNET_DROPPED, MEASURE_SOFTNET_DROPPED_BY, c, DROPPED,
	        path);
	add_sum(run, MEASURE_SOFTNET_SQUEEZED, MEASURE_SOFTNET_SQUEEZED_BY, c, SQUEEZED,
	        path);
}

static void add_softirqs(struct diagnose_run *run, const struct cpus *c, const char *path)
{
	const struct cpus_row *top = cpus_highest(c, CPUS_NET_RX);

	add_sum(run, MEASURE_NET_RX, MEASURE_NET_RX_BY, c, CPUS_NET_RX, path);
	add_sum(run, MEASURE_BLOCK, MEASURE_BLOCK_BY, c, CPUS_BLOCK, path);
	measure_add(&run->measures, MEASURE_NET_RX_TOP, "",
	            top ? percent(top->value[CPUS_NET_RX], cpus_sum(c, CPUS_NET_RX)) : 0,
	            path);
}

/* What makes a CPU worth a closer look. */
static int64_t trouble_of(const struct cpus_row *row)
{
	return percent(row->value[CPUS_SOFTIRQ] + row->value[CPUS_STEAL],
	               cpus_total(row));
}

static int by_trouble(const void *a, const void *b)
{
	const struct cpus_row *x = a, *y = b;
	int64_t of_x = trouble_of(x), of_y = trouble_of(y);

	if (of_x != of_y)
		return of_x > of_y ? -1 : 1;
	return (x->cpu > y->cpu) - (x->cpu < y->cpu);
}

static void add_times(struct diagnose_run *run, const struct cpus *c, const char *path)
{
	struct cpus sorted = {.list = mem_new(c->n + 1, sizeof(*c->list)), .n = c->n};
	uint64_t total = 0;

	for (size_t i = 0; i < c->n; i++)
		total += cpus_total(&c->list[i]);
	measure_add(&run->measures, MEASURE_STEAL, "",
	            percent(cpus_sum(c, CPUS_STEAL), total), path);
	measure_add(&run->measures, MEASURE_IDLE, "",
	            percent(cpus_sum(c, CPUS_IDLE) + cpus_sum(c, CPUS_IOWAIT), total),
	            path);
	if (c->n > 0) {
		memcpy(sorted.list, c->list, c->n * sizeof(*c->list));
		qsort(sorted.list, sorted.n, sizeof(*sorted.list), by_trouble);
	}
	for (size_t i = 0; i < sorted.n && i < CPUS_MEASURED; i++) {
		const struct cpus_row *row = &sorted.list[i];
		_free_ char *name = mem_format("CPU %" PRIu32, row->cpu);

		measure_add(&run->measures, MEASURE_CPU_SOFTIRQ, name,
		            percent(row->value[CPUS_SOFTIRQ], cpus_total(row)), path);
		measure_add(&run->measures, MEASURE_CPU_STEAL, name,
		            percent(row->value[CPUS_STEAL], cpus_total(row)), path);
	}
	cpus_done(&sorted);
}

/* --- the files -----------------------------------------------------------------------
 */

static const struct cpu_file {
	const char *path;
	unsigned bits;
	void (*parse)(const char *text, struct cpus *ret);
	void (*add)(struct diagnose_run *run, const struct cpus *c, const char *path);
	enum measure_id ids[6];
	size_t n_ids;
} files[] = {
	{"/proc/net/softnet_stat",
         32,
         parse_softnet,
         add_softnet,
         {MEASURE_SOFTNET_PROCESSED, MEASURE_SOFTNET_DROPPED, MEASURE_SOFTNET_DROPPED_BY,
          MEASURE_SOFTNET_SQUEEZED, MEASURE_SOFTNET_SQUEEZED_BY},
         5},
	{"/proc/softirqs",
         32,
         cpus_parse_softirqs,
         add_softirqs,
         {MEASURE_NET_RX, MEASURE_NET_RX_BY, MEASURE_NET_RX_TOP, MEASURE_BLOCK,
          MEASURE_BLOCK_BY},
         5},
	{"/proc/stat",
         64,
         cpus_parse_stat,
         add_times,
         {MEASURE_STEAL, MEASURE_IDLE, MEASURE_CPU_SOFTIRQ, MEASURE_CPU_STEAL},
         4},
};

struct cpu_reading {
	int r;
	struct err e;
	struct cpus cpus;
};

static void cpu_read(const struct diagnose_run *run, const struct cpu_file *f,
                     struct cpu_reading *ret)
{
	_free_ char *text = NULL;

	*ret = (struct cpu_reading){0};
	ret->r = counter_file_read(run->h, f->path, &text, &ret->e);
	if (ret->r < 0)
		return;
	f->parse(text, &ret->cpus);
	if (ret->cpus.n == 0)
		ret->r = err_set(&ret->e, -1, "%s: lists no CPUs", f->path);
}

static void *cpu_begin(const struct diagnose_run *run)
{
	struct cpu_reading *first = mem_new(ARRAY_SIZE(files), sizeof(*first));

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		cpu_read(run, &files[i], &first[i]);
	return first;
}

static void cpu_end_file(struct diagnose_run *run, const struct cpu_file *f,
                         const struct cpu_reading *before)
{
	struct cpu_reading now;
	const struct err *fault;

	cpu_read(run, f, &now);
	fault = now.r < 0 ? &now.e : before && before->r < 0 ? &before->e : NULL;
	for (size_t i = 0; fault && i < f->n_ids; i++)
		measure_add_unread(&run->measures, f->ids[i], "", fault);
	if (!fault) {
		if (before)
			cpus_since(&now.cpus, &before->cpus, f->bits);
		f->add(run, &now.cpus, f->path);
	}
	cpus_done(&now.cpus);
}

static void cpu_end(struct diagnose_run *run, void *first)
{
	struct cpu_reading *before = first;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		cpu_end_file(run, &files[i], before ? &before[i] : NULL);
		if (before)
			cpus_done(&before[i].cpus);
	}
	free(before);
}

const struct diagnose_source source_cpu = {
	.name = "cpu", .needs_host = true, .begin = cpu_begin, .end = cpu_end};
