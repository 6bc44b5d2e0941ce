/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_COUNTERS_TASK_H
#define DIAGNOSE_COUNTERS_TASK_H

/* One process or kernel thread: the text of /proc/PID/stat. */

#include <stdbool.h>
#include <stdint.h>

#define TASK_NAME_BYTES 64

struct task {
	int pid;
	char name[TASK_NAME_BYTES]; /* "kworker/u16:2+flush-259:0" */
	char state;                 /* 'R', 'S', 'D' ... */
	bool kernel;                /* a thread of the kernel */
	uint64_t ticks;             /* of CPU time */
	uint64_t start;             /* ticks after boot */
};

/* Parse any text. Return: false if it is not that of a task. */
bool task_parse(const char *text, struct task *ret);

/*
 * The kind of kernel thread: "ksoftirqd", "nfsd", "kswapd", "kworker", "writeback" (a
 * kworker that writes dirty pages back) and others that drivers and file systems have;
 * NULL: none that matters here.
 */
const char *task_kind(const struct task *t);

#endif
