/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_BASELINE_BASELINE_H
#define REPORT_BASELINE_BASELINE_H

/* What changed since a baseline, for people and for machines. */

#include "report/npd_line.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct baseline_comparison;
struct node;

struct baseline_report {
	const struct baseline_comparison *c;
	const char *file, *other;     /* names; other NULL: this node */
	const struct node *was, *now; /* the documents */
	int64_t now_s;                /* Unix time of the run */

	/* for report_baseline_text() */
	unsigned width; /* columns */
	bool verbose;   /* also sources, and why something was not compared */
	bool quiet;     /* only the title */
};

/* Print what changed, the most likely cause of slow copies first. */
void report_baseline_text(const struct baseline_report *r, FILE *out);

/* Print one JSON document, version 1. */
void report_baseline_json(const struct baseline_report *r, FILE *out);

/* Print JUnit XML: each change is a failed case, each note a skipped one. */
void report_baseline_junit(const struct baseline_report *r, FILE *out);

/* Print one line for node-problem-detector, the most likely cause first; its status. */
void report_baseline_npd(const struct baseline_report *r, FILE *out);
enum npd_status report_baseline_npd_status(const struct baseline_report *r);

#endif
