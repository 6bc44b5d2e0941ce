/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_METRIC_H
#define REPORT_METRIC_H

/* Metrics in Prometheus text format 0.0.4. All names get the prefix "hosttune_". */

#include <stdint.h>
#include <stdio.h>

/* Print HELP and TYPE: the format wants them once, before all samples of a metric. */
void metric_family(FILE *out, const char *name, const char *type, const char *help);

/* Print a metric of one sample without labels. */
void metric_gauge(FILE *out, const char *name, const char *help, uint64_t value);
void metric_counter(FILE *out, const char *name, const char *help, uint64_t value);

/*
 * Print a label with the escapes of the format, after the character `before`: '{' for the
 * first one, ',' for others.
 */
void metric_label(FILE *out, char before, const char *name, const char *text);

#endif
