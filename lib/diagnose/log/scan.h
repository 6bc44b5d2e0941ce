/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef DIAGNOSE_LOG_SCAN_H
#define DIAGNOSE_LOG_SCAN_H

/* Finding in a log what rules look for: records become events. */

#include "diagnose/log/group.h"
#include "diagnose/log/prefilter.h"
#include "diagnose/log/stack.h"

struct log_scan {
	const struct rules *rules;
	struct prefilter prefilter;
	struct log_pattern {
		const struct rule *rule;
		size_t pattern; /* of the rule */
	} * patterns;
	bool *hit; /* by pattern: the record has its literal */
	bool any;
	size_t n;       /* patterns */
	size_t n_rules; /* that have them */

	struct log_event pending; /* its stack is being read; rule NULL: none */
	struct stack stack;

	/* Called for each event, in the order of the log; it copies what it needs. */
	void (*event)(const struct log_event *e, void *arg);
	void *arg;
};

/* Take the log rules of `rules`, borrowed. Free with log_scan_done(). */
void log_scan_begin(struct log_scan *s, const struct rules *rules,
                    void (*event)(const struct log_event *e, void *arg), void *arg);

/* Whether a line must be read: it may have an event, or be part of a stack. */
bool log_scan_wants(const char *line, size_t len, void *scan);

void log_scan_record(struct log_scan *s, const struct log_record *r);

/* The log is at its end. */
void log_scan_end(struct log_scan *s);

void log_scan_done(struct log_scan *s);

#endif
