/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef REPORT_AUDIT_TITLE_H
#define REPORT_AUDIT_TITLE_H

struct report;
struct rows;

/*
 * Format the result in one line: "nfs-server on i3en.2xlarge, Linux 6.1.102: 10 of 12
 * differ, 4 not applicable". Printable, owned by the caller; NULL if the report is quiet
 * and all is in sync.
 */
char *report_title(const struct report *r, const struct rows *rows);

/*
 * Its counts alone: "10 of 12 differ, 4 not applicable". Owned by the caller; "" if there
 * is nothing to count.
 */
char *report_counts(const struct report *r, const struct rows *rows);

#endif
