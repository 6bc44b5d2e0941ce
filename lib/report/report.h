/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

/*
 * What a run found and did, for people and for machines. All outputs read the same
 * resources; none of them looks at the host.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct capture;
struct host;
struct node;
struct persist;
struct plan;
struct profile;
struct watch;
struct watch_counters;

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

/*
 * For Prometheus, as its text format 0.0.4 and the textfile collector of node_exporter
 * want it: no timestamps of samples. `now_s`: Unix time of the run.
 */
void report_prometheus(const struct report *r, int64_t now_s, FILE *out);

/* What a watch knows, and what the kernel counts meanwhile. */
void report_prometheus_watch(const struct watch *w, const struct watch_counters *f,
                             FILE *out);

/* The merged profile as YAML, each value with its place. */
void report_show(const struct profile *p, FILE *out);

/* The same as JSON: a list of values. */
void report_show_json(const struct profile *p, FILE *out);

/*
 * A captured profile as YAML, with what could not be captured as comments; or as JSON,
 * which is YAML as well, with that in `log`.
 */
void report_capture(const struct capture *c, FILE *out);
void report_capture_json(const struct capture *c, FILE *out, FILE *log);

/* A tree as YAML; `comment` ends each line that has a value. For the above. */
typedef void report_comment(const struct node *value, FILE *out);
void report_yaml(const struct node *tree, report_comment *comment, FILE *out);

/* What a profile may hold, as JSON Schema (2020-12), for editors. Needs no profile. */
void report_schema(FILE *out);

#endif
