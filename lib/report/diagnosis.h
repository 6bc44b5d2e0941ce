/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_DIAGNOSIS_H
#define REPORT_DIAGNOSIS_H

/* A diagnosis, for people and for machines. */

#include "base/macro.h"

#include <stdbool.h>
#include <stdio.h>

struct diagnosis;
struct host;
struct host_facts;

struct diagnosis_report {
	const struct diagnosis *d;
	const struct host *host;        /* NULL: there is only a log */
	const struct host_facts *facts; /* of the host, or NULL */

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

#endif
