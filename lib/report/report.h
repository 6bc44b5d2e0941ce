/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

/*
 * What a run found and did, for people and for machines. All outputs read the same
 * resources; none of them looks at the host.
 */

#include <stdbool.h>
#include <stdio.h>

struct host;
struct persist;
struct plan;
struct profile;

struct report {
	const struct host *host;
	const struct profile *profile;
	const struct plan *plan;
	const struct persist *persist;
	bool applied; /* apply; else audit */
	bool verbose; /* also what is as wanted */
	bool quiet;   /* only what failed */
	bool color;
};

/*
 * For people: rows to `out` (apply without `verbose`: only of what waits for somebody
 * else) and one summary line. What failed or was refused and has no row is told in
 * `log`.
 */
void report_text(const struct report *r, FILE *out, FILE *log);

/* For machines: one JSON document, version 1. */
void report_json(const struct report *r, FILE *out);

/* The merged profile as YAML, each value with its place. */
void report_show(const struct profile *p, FILE *out);

/* The same as JSON: a list of values. */
void report_show_json(const struct profile *p, FILE *out);

/* What a profile may hold, as JSON Schema (2020-12), for editors. Needs no profile. */
void report_schema(FILE *out);

#endif
