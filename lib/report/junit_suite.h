/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_JUNIT_SUITE_H
#define REPORT_JUNIT_SUITE_H

/*
 * A document of JUnit XML with one suite, in this order: junit_begin(), any properties,
 * junit_properties_end(), each case (its begin and one of the three ends), junit_end().
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct junit_suite {
	const char *name, *host; /* host NULL: localhost */
	int64_t now_s;           /* Unix time of the run */
	size_t tests, failures, skipped;
};

void junit_begin(const struct junit_suite *s, FILE *out);

/* A value that is NULL or empty is skipped. */
void junit_property(const char *name, const char *value, FILE *out);
void junit_properties_end(FILE *out);

/* `log`: what belongs to no case; NULL: nothing. */
void junit_end(const char *log, FILE *out);

void junit_case_begin(const char *class, const char *name, FILE *out);
void junit_case_passed(FILE *out);
void junit_case_skipped(const char *message, FILE *out);

/* `text`: further lines, or NULL. */
void junit_case_failed(const char *type, const char *message, const char *text,
                       FILE *out);

#endif
