/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_AUDIT_AUDIT_H
#define REPORT_AUDIT_AUDIT_H

/*
 * The results of an audit or apply, for people and for machines. All formats read the
 * same resources; none reads the host.
 */

#include "report/format.h"
#include "report/npd_line.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct host;
struct host_facts;
struct persist;
struct plan;
struct profile;

struct report {
	const struct host *host;
	const struct host_facts *facts; /* of the host: its name, its instance type */
	const struct profile *profile;
	const struct plan *plan;
	const struct persist *persist;
	bool applied;     /* apply; else audit */
	const char *name; /* of what is compared: "nfs-server" */

	/* for report_text() */
	const char *program; /* as the user called it: "hosttune" */
	const char *bundle;  /* of the node, quoted for a shell; NULL: this is the node */
	/* of a next command: words quoted for a shell, ended by NULL */
	const char *const *repeated;
	unsigned width; /* columns */
	bool verbose;   /* also what is in sync, and why and where of each */
	bool quiet;     /* only what is not in sync, in one line */
	bool color;
	int64_t now_s; /* Unix time of the run */
};

/* Print a report in a format; `log` is that of report_text(). */
void report_print(const struct report *r, enum format f, FILE *out, FILE *log);

/*
 * Print a report for people to `out`: a title, rows in groups (report/audit/rows.h), and
 * the next command. What concerns the run and not a row goes to `log`.
 *
 * After an apply without `verbose`, only what needs the user has rows. With `quiet`, a
 * resource that failed or was refused is one line of `log`.
 */
void report_text(const struct report *r, FILE *out, FILE *log);

/* Print one JSON document, version 1. */
void report_json(const struct report *r, FILE *out);

/*
 * Print JUnit XML: one suite, and one test case for each resource, which fails if it
 * differs, fails or is refused.
 */
void report_junit(const struct report *r, FILE *out);

/*
 * Print metrics in Prometheus text format 0.0.4, as node_exporter's textfile collector
 * accepts it: samples have no timestamps.
 */
void report_prometheus(const struct report *r, FILE *out);

/*
 * NPD_PROBLEM if it is certain that something is not as the profile says, else
 * NPD_UNKNOWN if something could not be read.
 */
enum npd_status report_npd_status(const struct report *r);

/* Print one line of at most 80 bytes, the most serious first. */
void report_npd(const struct report *r, FILE *out);

/* Print one self-contained HTML page. */
void report_html(const struct report *r, FILE *out);

#endif
