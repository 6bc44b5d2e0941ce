/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_DIAGNOSIS_DIAGNOSIS_H
#define REPORT_DIAGNOSIS_DIAGNOSIS_H

/* A diagnosis, for people and for machines. */

#include "report/npd_line.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct diagnosis;
struct host;
struct host_facts;

struct diagnosis_report {
	const struct diagnosis *d;
	const struct host *host;        /* NULL: there is only a log */
	const struct host_facts *facts; /* of the host, or NULL */
	const char *incomplete;         /* why it ended early; NULL: it did not */
	int64_t now_s;                  /* Unix time of the run */

	/* for report_diagnosis_text() */
	unsigned width; /* columns */
	bool verbose;   /* also why and source of each, and what was not checked */
	bool quiet;     /* only the title */
	bool color;
};

/* Print the verdict, then each finding with its evidence and its fix. */
void report_diagnosis_text(const struct diagnosis_report *r, FILE *out);

/* Print one JSON document, version 1. */
void report_diagnosis_json(const struct diagnosis_report *r, FILE *out);

/*
 * Print JUnit XML: each finding is a failed case, a note and what was not checked a
 * skipped one.
 */
void report_diagnosis_junit(const struct diagnosis_report *r, FILE *out);

/* Print metrics in Prometheus text format. */
void report_diagnosis_prometheus(const struct diagnosis_report *r, FILE *out);

/* Print one line for node-problem-detector, the most serious first; its exit status. */
void report_diagnosis_npd(const struct diagnosis_report *r, FILE *out);
enum npd_status report_diagnosis_npd_status(const struct diagnosis_report *r);

/* Print one self-contained HTML page. */
void report_diagnosis_html(const struct diagnosis_report *r, FILE *out);

#endif
