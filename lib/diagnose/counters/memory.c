/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Dirty pages, reclaim, and tasks that run or wait, of the whole node. */
#include "base/macro.h"
#include "diagnose/counters/counters.h"
#include "diagnose/counters/files.h"

static const struct counter_row vmstat[] = {
	{MEASURE_DIRTY, GAUGE_PAGES, "nr_dirty"},
	{MEASURE_WRITEBACK, GAUGE_PAGES, "nr_writeback"},
	{MEASURE_DIRTY_LIMIT, GAUGE_PAGES, "nr_dirty_threshold"},
	{MEASURE_DIRTY_BACKGROUND, GAUGE_PAGES, "nr_dirty_background_threshold"},
	{MEASURE_REFAULTED, COUNTER_PAGES, "workingset_refault_file"},
	{MEASURE_THRASHED, COUNTER_PAGES, "workingset_activate_file"},
	{MEASURE_ALLOCATION_STALLS, COUNTER, "allocstall_*"},
	{MEASURE_COMPACTION_STALLS, COUNTER, "compact_stall"},
	{MEASURE_OOM_KILLS, COUNTER, "oom_kill"},
};

static const struct counter_row stat[] = {
	{MEASURE_RUNNING, GAUGE, "procs_running"},
	{MEASURE_BLOCKED, GAUGE, "procs_blocked"},
};

static const struct counter_file files[] = {
	{"/proc/vmstat", tally_parse_lines, vmstat, ARRAY_SIZE(vmstat)},
	{"/proc/stat", tally_parse_lines, stat, ARRAY_SIZE(stat)},
};

static void *memory_begin(const struct diagnose_run *run)
{
	return counter_files_begin(run, files, ARRAY_SIZE(files));
}

static void memory_end(struct diagnose_run *run, void *first)
{
	counter_files_end(run, first, files, ARRAY_SIZE(files));
}

const struct diagnose_source source_memory = {
	.name = "memory", .needs_host = true, .begin = memory_begin, .end = memory_end};
