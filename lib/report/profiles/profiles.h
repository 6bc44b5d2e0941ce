/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_PROFILES_PROFILES_H
#define REPORT_PROFILES_PROFILES_H

/* Profiles and their problems, for people and for machines. */

#include "base/diagnostics.h"

#include <stdint.h>
#include <stdio.h>

struct capture;
struct import;
struct profile;

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

#endif
