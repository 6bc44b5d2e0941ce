/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_LOG_EPISODE_H
#define DIAGNOSE_LOG_EPISODE_H

/*
 * Verdicts over events that belong together: those of one boot without a long pause. Of
 * all episodes of a log, the surest verdict is kept; of equals, the latest.
 */

#include "diagnose/log/group.h"
#include "diagnose/rules/finding.h"

struct episode {
	const struct rules *rules;
	const char *file; /* for evidence: "kern.log" */
	struct log_groups groups;
	struct log_time last;
	uint64_t boot;
	const struct verdict_rule *best; /* so far; NULL: none */
	struct verdict verdict;          /* its text and evidence */
};

void episode_begin(struct episode *p, const struct rules *rules, const char *file);

/* Count an event; if it is of another episode, judge the current one first. */
void episode_add(struct episode *p, const struct log_event *e);

/* Judge the last episode, and move the verdict to *ret, if there is one. */
void episode_end(struct episode *p, struct verdict *ret);

#endif
