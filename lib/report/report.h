/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

/*
 * The results of a run, for people and for machines. All formats read the same resources;
 * none reads the host.
 */

#include "base/diagnostics.h"
#include "report/npd_line.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct capture;
struct host;
struct host_facts;
struct import;
struct node;
struct persist;
struct plan;
struct profile;
struct watch;
struct watch_counters;

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

/* Fits every terminal; a report is never narrower than the minimum. */
#define REPORT_WIDTH     80
#define REPORT_WIDTH_MIN 40

/*
 * Print a report for people to `out`: a title, rows in groups (report/rows.h), and the
 * next command. What concerns the run and not a row goes to `log`.
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

/* Print the metrics of a watch, with the kernel's counters of the moment. */
void report_prometheus_watch(const struct watch *w, const struct watch_counters *f,
                             FILE *out);

/*
 * Print the problems of a profile as JSON, up to the severity `most`: a list of mappings
 * with file, line, column, severity and text. Line 0: the whole file.
 */
void report_diagnostics_json(const struct diagnostics *diag, enum severity most,
                             FILE *out);

/*
 * The same as JUnit XML: one test case for each problem. Warnings and notes are skipped
 * cases: they do not fail. `now_s`: Unix time of the run.
 */
void report_diagnostics_junit(const struct diagnostics *diag, enum severity most,
                              int64_t now_s, FILE *out);

/* Copy the merged profile for a report: without secrets. Owned by the caller. */
struct node *report_shown(const struct profile *p);

/* Print the merged profile as YAML, each value with its place. */
void report_show(const struct profile *p, FILE *out);

/* Print the merged profile as JSON: a list of values. */
void report_show_json(const struct profile *p, FILE *out);

/*
 * Print a captured profile, as YAML or JSON (which is also valid YAML).
 *
 * What could not be captured follows as comments; for JSON it goes to `log`.
 */
void report_capture(const struct capture *c, FILE *out);
void report_capture_json(const struct capture *c, FILE *out, FILE *log);

/*
 * Print an imported profile, as YAML with comments, or JSON with "profile" and "omitted".
 * What was omitted follows as comments.
 */
void report_import(const struct import *im, FILE *out);
void report_import_json(const struct import *im, FILE *out);

/* Print what was omitted, one line each; with `quiet`, only what is lost. */
void report_import_omitted(const struct import *im, bool quiet, FILE *log);

/*
 * Print a tree as YAML, with the comments in ->lead; `comment` ends each line that has a
 * value, and report_own_comment() does so with those in ->comment.
 */
typedef void report_comment(const struct node *value, FILE *out);
void report_own_comment(const struct node *value, FILE *out);
void report_yaml(const struct node *tree, report_comment *comment, FILE *out);

/* Print text of the host as one line: control characters are replaced. */
void report_line(const char *text, FILE *out);

/*
 * Print topics (explain/topic.h) for people, or the index of all: `list` as
 * explain_word() or explain_all() returns it.
 */
void report_explain(const struct node *list, FILE *out);
void report_explain_index(const struct node *list, FILE *out);

/* Print the JSON Schema (2020-12) of profiles, for editors. Needs no profile. */
void report_schema(FILE *out);

/* Print the JSON Schema of what report_json() prints. */
void report_schema_of_reports(FILE *out);

/* Print a tree as one JSON document. */
void report_tree_json(const struct node *tree, FILE *out);

#endif
