/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_DIAGNOSIS_COUNTS_H
#define REPORT_DIAGNOSIS_COUNTS_H

struct diagnosis;

/*
 * Format "1 critical, 2 warnings", or "nothing found", and ", 74 not checked" if hosttune
 * itself could not look. Owned by the caller.
 */
char *diagnosis_counts(const struct diagnosis *d);

#endif
