/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WATCH_FINDINGS_H
#define WATCH_FINDINGS_H

/*
 * Diagnose the node repeatedly, in the background. A diagnosis runs in a child process:
 * it waits between two readings of counters, and its memory is freed afterwards.
 */

#include "base/err.h"
#include "diagnose/rules/finding.h"

#include <stdbool.h>
#include <stdint.h>

struct host;
struct host_child;
struct log;

/* How long a message of the kernel log counts as a finding. */
#define FINDINGS_LOG_S 3600

struct findings {
	struct host *host;
	const struct log *log;
	const char *const *rules; /* files that are added, ended by NULL; or NULL */

	/*
	 * The last diagnosis: of each finding reason, severity, subject and text only, of
	 * the verdict reason, confidence and text, and how much was and was not checked,
	 * but not what.
	 */
	bool known;
	struct diagnosis last;
	int64_t finished_s; /* Unix time; 0: never */
	uint64_t diagnoses, failed;

	struct host_child *job; /* the running diagnosis; NULL: none */
	int64_t until_ms;       /* when to kill it, on clock_now_ms() */
};

void findings_init(struct findings *f, struct host *h, const struct log *log);
void findings_done(struct findings *f);

/* Start a diagnosis unless one is running. Return: 0 or -errno. */
int findings_start(struct findings *f, struct err *e);

/*
 * Read the results, and log what is new and what is gone. Call it once the job's
 * descriptor is readable, or its time is over; the child is then killed.
 * Return: 0, or -errno with `e` if the diagnosis itself failed.
 */
int findings_finish(struct findings *f, struct err *e);

#endif
